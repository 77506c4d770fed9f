"""Use cases of the phone: what is asked today, and taking in what a phone sends, late or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock
from core.access import Role
from core.doors import CareContext, acting_as
from questionnaires import answers_service, phone_store
from questionnaires.answer_time import PhoneTimes, decide_answered_at
from questionnaires.answered import Source
from questionnaires.answers_service import Stored
from questionnaires.filling import Rejected
from questionnaires.library_service import (
    UnknownEditionError,
    active_edition,
    edition_of_version,
    load_edition,
)
from questionnaires.phone_store import SentRow
from questionnaires.plans import service as plans
from questionnaires.plans.plan import Task, TaskState
from questionnaires.questionnaire import Questionnaire

DAILY = "home-daily"
"""What somebody answers beside any plan (proposed)."""
PHONE = "phone"
WEB = "web form"
CLOSE = frozenset({Role.CARER, Role.TRUSTED_PERSON, Role.LEGAL_REPRESENTATIVE})
"""Who answers for somebody because he is close to him, not because it is his work."""
SHOWN = 20
"""Answers of one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A task of the patient in hand, and the questions it asks."""

    task: Task
    edition: Questionnaire

    @property
    def is_open(self) -> bool:
        """Say whether it still waits: a missed one is answered after all."""
        return self.task.state in (TaskState.OPEN, TaskState.MISSED) and not self.task.answer_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a phone sends of one answer, beside the answers themselves.

    `seconds`: how long it took, None when nobody knows. `called`: what was said of calling for
    help, None when it was not asked. `partial`: a grave answer sent before the rest.
    """

    key: str
    task: UUID | None
    times: PhoneTimes
    seconds: int | None = None
    called: bool | None = None
    partial: bool = False


def daily() -> Questionnaire:
    """Return the questions of somebody without a task."""
    return active_edition(DAILY)


def edition_sent(digest: str) -> Questionnaire:
    """Return the edition a form was made of; the newest when it does not say."""
    try:
        return load_edition(digest) if digest else daily()
    except UnknownEditionError:
        return daily()


def known_edition(digest: str) -> Questionnaire | None:
    """Return an edition by its digest, None when there never was one."""
    try:
        return load_edition(digest)
    except UnknownEditionError:
        return None


def open_task(ctx: CareContext, task: UUID) -> OpenTask | None:
    """Return a task of the patient in hand with its questions, None when it is not his."""
    found = plans.load_task(ctx, task)
    return OpenTask(task=found, edition=load_edition(found.edition)) if found else None


def tasks_of_today(ctx: CareContext, now: datetime) -> list[OpenTask]:
    """Return what is asked today, answered or not, in the order of the day."""
    return [
        OpenTask(task=task, edition=load_edition(task.edition))
        for task in plans.tasks_today(ctx, now)
    ]


def submit(
    ctx: CareContext,
    edition: Questionnaire,
    given: Mapping[str, Any],
    *,
    key: str,
    task: UUID | None,
) -> Stored | Rejected:
    """Store what was filled in on a page of this very moment."""
    return answers_service.submit(
        ctx,
        edition.digest,
        given,
        key=key,
        task=task,
        source=_source(ctx),
        answered_at=clock.now(),
        device=WEB,
    )


def take_in(
    ctx: CareContext, edition: Questionnaire, given: Mapping[str, Any], sending: Sending
) -> Stored | Rejected:
    """Store what a phone kept and sends now; when it was answered is decided here.

    A task that is not the patient's, or no longer, holds nothing back: the answer counts.
    """
    now = clock.now()
    task = plans.load_task(ctx, sending.task) if sending.task else None
    answered = decide_answered_at(
        sending.times, now=now, not_before=task.opens_at if task else None
    )
    began = (
        answered.at - timedelta(seconds=sending.seconds) if sending.seconds is not None else None
    )
    outcome = answers_service.submit(
        ctx,
        edition.digest,
        given,
        key=sending.key,
        task=task.id if task else None,
        source=_source(ctx),
        started_at=began,
        answered_at=answered.at,
        device=PHONE,
        partial=sending.partial,
    )
    if isinstance(outcome, Stored) and sending.called is not None:
        note_called(ctx, outcome.id, called=sending.called)
    return outcome


def _source(ctx: CareContext) -> Source:
    if ctx.actor.person == ctx.patient:
        return Source.PATIENT
    return Source.CARER if ctx.through.role in CLOSE else Source.STAFF_PHONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One answer that was sent, and its receipt."""

    row: SentRow
    edition: Questionnaire


def sent_with_receipts(ctx: CareContext) -> list[Sent]:
    """Return what was sent lately and who has read it; needs `answers:read`."""
    with acting_as(ctx) as conn:
        rows = phone_store.load_sent(conn, ctx.patient, SHOWN)
    return [Sent(row=row, edition=_edition_of(row)) for row in rows]


def _edition_of(row: SentRow) -> Questionnaire:
    if row.edition is None:
        return edition_of_version(row.instrument, row.version)
    return load_edition(row.edition)


def note_called(ctx: CareContext, answer: UUID, *, called: bool) -> bool:
    """Store what was said of calling for help at an answer; the first word stands.

    False when the record has no such answer.
    """
    with acting_as(ctx, action="C", detail={"answer": str(answer)}) as conn:
        return phone_store.save_called(
            conn, ctx.patient, answer, called=called, now=clock.now(), by=ctx.actor.person
        )


def called_at(ctx: CareContext, answer: UUID) -> bool | None:
    """Return what was said of calling at an answer, None when nothing was."""
    with acting_as(ctx) as conn:
        known = phone_store.load_called(conn, ctx.patient)
    return next((one.called for one in known if one.answer_id == answer), None)
