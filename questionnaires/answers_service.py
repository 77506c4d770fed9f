"""Use cases of answers: sending one in, correcting it, reading its history.

An answer is stored once for its key, with the edition it was given in, and never changed: a
correction is another answer that replaces it. Its numbers, its task and the request for its review
are of the same transaction (docs/decisions/0080-an-answer-is-stored-once.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core import clock
from core.doors import CareContext, PersonConnection, acting_as
from core.ids import new_id
from questionnaires import answers_store as store
from questionnaires import numbers_service as numbers
from questionnaires.answered import BESIDE_THE_PHONE, Entry, Source
from questionnaires.answers_store import NewAnswer
from questionnaires.extracting import digest_of, worst_level, worst_urgency
from questionnaires.filling import Completed, Rejected, fill
from questionnaires.history import chain
from questionnaires.library_service import edition_of_version, load_edition
from questionnaires.photo_service import strange_photos
from questionnaires.plans.service import complete_task, task_waiting
from questionnaires.questionnaire import Questionnaire, Urgency
from scoring.level import LEVEL_BY_CODE, Level

Given = Mapping[str, str | Sequence[str]]
"""What was typed or ticked, by linkId."""
LONGEST: Final = timedelta(hours=12)
"""A questionnaire open for longer was laid aside: how long it took is not known (proposed)."""
SENT_AGAIN: Final = "sent_again"
"""The reason of a correction nobody typed: the same key came again with other answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The answer is stored; `again` when this very answer had been before.

    `urgency` is whom the person must call at once.
    """

    id: UUID
    again: bool
    level: Level
    urgency: Urgency | None
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class NoSuchAnswer:
    """There is no such answer in the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyCorrected:
    """Somebody was faster: `by` is the answer that stands now, None when it cannot be read."""

    by: UUID | None


def submit(
    ctx: CareContext,
    edition: str,
    given: Given,
    *,
    key: str,
    source: Source,
    answered_at: datetime,
    task: UUID | None = None,
    started_at: datetime | None = None,
    device: str | None = None,
    words: str | None = None,
    partial: bool = False,
) -> Stored | Rejected:
    """Store an answer to an edition (its digest), once for each key; needs `answers:write`.

    Sent again it gives back what is stored. The same key with other answers is a correction of
    what was stored: nothing that was typed is lost, and nothing is stored twice. A time after now
    counts as now. `words`: what the person said beside, written down by whoever asked him.
    `partial`: what is grave is sent ahead of the rest, which follows under the same key; alone it
    settles no task.
    """
    questionnaire = load_edition(edition)
    read = fill(questionnaire, given, partial=partial)
    if isinstance(read, Rejected):
        return read
    at = min(answered_at, now := clock.now())
    new = replace(
        _new(ctx, questionnaire, read, key, source, now),
        task=None if partial else task,
        answered_at=at,
        started_at=started_at,
        seconds=_seconds(started_at, at),
        device=device,
        words=words or None,
    )
    with acting_as(ctx, action="C", detail={"edition": edition}) as conn:
        new = _with_task(conn, ctx, questionnaire, new)
        strange = strange_photos(conn, ctx, questionnaire, read.values)
        return strange or _store(conn, ctx, questionnaire, new, partial=partial)


def _with_task(
    conn: PersonConnection, ctx: CareContext, questionnaire: Questionnaire, new: NewAnswer
) -> NewAnswer:
    if new.task is not None or new.source not in BESIDE_THE_PHONE:
        return new
    return replace(new, task=task_waiting(conn, ctx, questionnaire.name, new.answered_at))


def _store(
    conn: PersonConnection,
    ctx: CareContext,
    questionnaire: Questionnaire,
    new: NewAnswer,
    *,
    partial: bool,
) -> Stored:
    if store.add_answer(conn, new):
        numbers.record(conn, ctx, questionnaire, new)
        if new.task is not None:
            complete_task(conn, new.task, new.id, new.received_at)
        return _stored(new, again=False)
    before = store.load_entry_of_key(conn, ctx.patient, new.client_key)
    if before is None:
        if store.is_mine(conn, ctx.patient, new.client_key, new.given_digest):
            return _stored(new, again=True)
        return _store_apart(conn, ctx, questionnaire, new)
    if partial or before.given_digest == new.given_digest:
        return _stored(replace(new, id=before.id), again=True)
    return _sent_again(conn, ctx, questionnaire, new, before)


def _store_apart(
    conn: PersonConnection, ctx: CareContext, questionnaire: Questionnaire, new: NewAnswer
) -> Stored:
    """Store as an answer of its own what came with a used key and can correct nothing.

    What the key stands for is hidden from the sender, was corrected by somebody else, or is of
    another edition: nothing that was said is dropped, and the same again is known by its digest.
    """
    apart = replace(new, client_key=f"{new.client_key}+{new.given_digest.hex()[:16]}")
    if not store.add_answer(conn, apart):
        return _stored(apart, again=True)
    numbers.record(conn, ctx, questionnaire, apart)
    if apart.task is not None:
        complete_task(conn, apart.task, apart.id, apart.received_at)
    return _stored(apart, again=False)


def _sent_again(
    conn: PersonConnection,
    ctx: CareContext,
    questionnaire: Questionnaire,
    new: NewAnswer,
    before: Entry,
) -> Stored:
    """Store what came with a key that is used as a correction of the answer that stands now."""
    key = f"{new.client_key}+{new.given_digest.hex()[:16]}"
    standing = chain(store.load_entries_around(conn, ctx.patient, before.id), before.id)[-1]
    after = replace(
        new,
        client_key=key,
        replaces=standing.id,
        reason=SENT_AGAIN,
        task=standing.task_id or new.task,
        answered_at=standing.answered_at,
    )
    if standing.edition == new.edition and store.add_answer(conn, after):
        numbers.amend(conn, ctx, questionnaire, standing, after)
        if after.task is not None and standing.task_id is None:
            complete_task(conn, after.task, after.id, after.received_at)
        return _stored(after, again=False)
    known = store.load_entry_of_key(conn, ctx.patient, key)
    if known is None:
        return _store_apart(conn, ctx, questionnaire, new)
    return _stored(replace(new, id=known.id), again=True)


def correct(
    ctx: CareContext, answer: UUID, given: Given, *, key: str, reason: str, source: Source
) -> Stored | Rejected | NoSuchAnswer | AlreadyCorrected:
    """Replace an answer by a corrected one, with the reason; both stay readable.

    Numbers that changed are amended in the record and judged anew. Needs `answers:write`, and
    `answers:read` to see what is corrected.
    """
    now = clock.now()
    with acting_as(ctx, detail={"answer": str(answer)}) as conn:
        before = store.load_entry(conn, ctx.patient, answer)
    if before is None:
        return NoSuchAnswer()
    questionnaire = edition_of(before)
    read = fill(questionnaire, given)
    if isinstance(read, Rejected):
        return read
    after = replace(
        _new(ctx, questionnaire, read, key, source, now),
        task=before.task_id,
        answered_at=before.answered_at,
        replaces=answer,
        reason=reason,
        words=before.words,
    )
    with acting_as(ctx, action="U", detail={"answer": str(answer)}) as conn:
        if store.add_answer(conn, after):
            numbers.amend(conn, ctx, questionnaire, before, after)
            return _stored(after, again=False)
        known = store.load_entry_of_key(conn, ctx.patient, key)
        if known is None:
            return AlreadyCorrected(by=before.replaced_by)
        return _stored(replace(after, id=known.id), again=True)


def edition_of(entry: Entry) -> Questionnaire:
    """Return the edition an answer is read by: pinned, or of its name and version before pins."""
    if entry.edition is None:
        return edition_of_version(entry.instrument, entry.version)
    return load_edition(entry.edition)


def _new(
    ctx: CareContext,
    questionnaire: Questionnaire,
    read: Completed,
    key: str,
    source: Source,
    now: datetime,
) -> NewAnswer:
    return NewAnswer(
        id=new_id(now),
        patient=ctx.patient,
        instrument=questionnaire.name,
        version=questionnaire.version,
        edition=questionnaire.digest,
        task=None,
        source=source,
        answers=read.values,
        scores=read.scores,
        level=worst_level(questionnaire, read.values).code,
        urgency=worst_urgency(questionnaire, read.values),
        answered_at=now,
        received_at=now,
        started_at=None,
        seconds=None,
        device=None,
        entered_by=ctx.actor.person,
        client_key=key,
        given_digest=digest_of(questionnaire.digest, read.values),
    )


def _stored(new: NewAnswer, *, again: bool) -> Stored:
    return Stored(
        id=new.id,
        again=again,
        level=LEVEL_BY_CODE[new.level],
        urgency=Urgency(new.urgency) if new.urgency else None,
        scores=new.scores,
    )


def _seconds(started_at: datetime | None, at: datetime) -> int | None:
    if started_at is None or not timedelta(0) <= at - started_at <= LONGEST:
        return None
    return round((at - started_at).total_seconds())
