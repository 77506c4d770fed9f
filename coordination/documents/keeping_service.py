"""Use cases of keeping documents: a new one, a new version, one that was entered in error."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from psycopg import errors

from coordination import notes_service, notes_store
from coordination.documents import store
from coordination.documents.document import Document, Draft, Refused, Wrong
from coordination.documents.edge.judge import Sound, judge, turn
from coordination.documents.service import trace_refused
from coordination.documents.store import Kept
from coordination.noting import Withholding
from core import clock, objects
from core.doors import CareContext, PersonConnection, acting_as
from core.ids import new_id

MOST_A_DAY: Final = 100
"""Files one person may keep in 24 hours (proposed; OWASP ASVS 5.2.4)."""
LONGEST_WHY: Final = 300


@dataclass(frozen=True, slots=True)
class NoSuchDocument:
    """The actor reads no such document, or no such note to attach one to."""


@dataclass(frozen=True, slots=True)
class NotYours:
    """Others decide on it."""


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """Another version, or another file of the same form, came first: this one is not kept."""


@dataclass(frozen=True, slots=True)
class WasKept:
    """The document is in the record from now on; sent twice, it is there once."""

    item: UUID


@dataclass(frozen=True, slots=True)
class Done:
    """It is so from now on."""


def attachable(ctx: CareContext, note: UUID) -> bool:
    """Whether the actor reads a note that something can be attached to."""
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = notes_service.find(conn, ctx, note)
        if found is None:
            trace_refused(conn, ctx, {"item": str(note)})
    return found is not None and found.within is None


KeepOutcome = WasKept | Refused | AlreadyThere | NoSuchDocument


def keep(
    ctx: CareContext,
    item: UUID,
    draft: Draft,
    sent: bytes,
    *,
    within: UUID | None = None,
    withholding: Withholding | None = None,
) -> KeepOutcome:
    """Keep a new document; needs `documents:write`. `item` is the form's own id.

    An object is forgotten only where the database said no: of a connection that dies nobody knows
    what it wrote, and an object that nothing names is sealed and harms nobody.
    """
    sound = _judged(ctx, draft, sent)
    if isinstance(sound, Refused):
        return sound
    now, version = clock.now(), new_id(clock.now())
    kept = _put(version, sound)
    try:
        with acting_as(ctx, action="C", detail={"item": str(item)}) as conn:
            store.save_document(
                conn, ctx.patient, item, draft, within=within, author=ctx.actor.person, now=now
            )
            _add(conn, ctx, item, draft, kept, version, 1)
            if withholding and not notes_store.withhold(conn, new_id(now), item, withholding):
                raise RuntimeError("a document that was to be withheld is not: nothing is kept")
    except errors.UniqueViolation:
        objects.forget(version)
        return _same_again(ctx, item, kept)
    except errors.InsufficientPrivilege:
        objects.forget(version)
        return NoSuchDocument()
    return WasKept(item)


def revise(ctx: CareContext, found: Document, draft: Draft, sent: bytes, after: int) -> KeepOutcome:
    """Add a version to a document the actor is shown; needs `documents:write`.

    `after` is the number of the version he saw: another one since then comes first, and nothing
    follows a document that was entered in error.
    """
    sound = _judged(ctx, draft, sent)
    if isinstance(sound, Refused):
        return sound
    version = new_id(clock.now())
    kept = _put(version, sound)
    try:
        with acting_as(ctx, action="U", detail={"item": str(found.item_id)}) as conn:
            _add(conn, ctx, found.item_id, draft, kept, version, after + 1)
    except (errors.UniqueViolation, errors.InsufficientPrivilege):
        objects.forget(version)
        return AlreadyThere()
    return WasKept(found.item_id)


def _judged(ctx: CareContext, draft: Draft, sent: bytes) -> Sound | Refused:
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        if store.count_kept(conn, clock.now() - timedelta(days=1)) >= MOST_A_DAY:
            return Refused.TOO_MANY_TODAY
    with turn() as mine:
        sound = judge(sent) if mine else Refused.BUSY
    if isinstance(sound, Sound) and draft.in_pictures and sound.media != "image/jpeg":
        return Refused.NOT_A_PICTURE
    return sound


def _put(version: UUID, sound: Sound) -> Kept:
    return Kept(
        digest=objects.keep(version, sound.data),
        media=sound.media,
        size=len(sound.data),
        pages=sound.pages,
        width=sound.width,
        height=sound.height,
    )


def _add(
    conn: PersonConnection,
    ctx: CareContext,
    item: UUID,
    draft: Draft,
    kept: Kept,
    version: UUID,
    number: int,
) -> None:
    store.save_version(
        conn,
        ctx.patient,
        item,
        draft,
        kept,
        id=version,
        number=number,
        by=ctx.actor.person,
        now=clock.now(),
    )


def _same_again(ctx: CareContext, item: UUID, kept: Kept) -> WasKept | AlreadyThere:
    """Say whether a form came twice with the same file; an id of anything else is taken."""
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = store.load_document(conn, ctx.patient, item)
        mine = found is not None and found.author == ctx.actor.person
        first = store.load_versions(conn, ctx.patient, item)[-1:] if mine else []
        same = bool(first) and first[0].digest == kept.digest
        if not same:
            trace_refused(conn, ctx, {"item": str(item)}, action="C")
    return WasKept(item) if same else AlreadyThere()


def withdraw(ctx: CareContext, found: Document, reason: str) -> Done | NotYours | Wrong:
    """Say that a document was entered in error: its file is served no more."""
    why = " ".join(reason.split())
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        if not store.may_withdraw(conn, found.item_id):
            trace_refused(conn, ctx, {"item": str(found.item_id)}, action="U")
            return NotYours()
    if not why or len(why) > LONGEST_WHY or not why.isprintable():
        return Wrong({"why": "why"})
    with acting_as(ctx, action="U", detail={"item": str(found.item_id)}) as conn:
        store.save_withdrawal(
            conn, ctx.patient, found.item_id, why, by=ctx.actor.person, now=clock.now()
        )
    return Done()
