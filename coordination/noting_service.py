"""Use cases around a note: answer it, add to it, be reminded of it, judge a withheld one again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from psycopg import errors

from coordination import items_store, notes_service
from coordination import notes_store as store
from coordination.notes import Note, hidings_of
from coordination.notes_service import OtherSigned, Signed
from coordination.noting import (
    LONGEST_REASON,
    Kind,
    Written,
    Wrong,
    may_know,
    parse_draft,
    parse_review_day,
    parse_wish,
)
from core import clock
from core.access import Allowed, Permission, decide
from core.care import load_held
from core.doors import Actor, CareContext, acting_as, note_access
from core.ids import new_id
from core.items import Sensitivity
from core.rights import rights

MOST_WAITING = 50
"""Lines of what waits for somebody."""


@dataclass(frozen=True, slots=True)
class NoSuchNote:
    """The actor reads no such note."""


@dataclass(frozen=True, slots=True)
class NotAuthor:
    """Only its author adds to a note; others answer it."""


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """The note is there, but somebody has done it already, or it was never asked for."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""


AnswerOutcome = Signed | OtherSigned | NoSuchNote | NotAuthor | Wrong


def answer(
    ctx: CareContext,
    item: UUID,
    new: UUID,
    written: Written,
    circle: Mapping[UUID, frozenset[str]],
    today: date,
    *,
    adds: bool,
) -> AnswerOutcome:
    """Sign an answer to a note, or an addition to one's own; needs `notes:write`.

    It is shown to nobody to whom the first note of the thread is not, and carries no restriction of
    its own: what is answered to an answer that not everybody reads would stand in the open.
    """
    main = _found(ctx, item)
    if main is None:
        return NoSuchNote()
    if adds and main.author != ctx.actor.person:
        return NotAuthor()
    if _is_restricted(ctx, main):
        return Wrong({"text": "answer_root"})
    said = Written(text=written.text, mentions=written.mentions)
    draft = parse_draft(said, circle, today)
    if isinstance(draft, Wrong):
        return draft
    if main.withheld and not all(may_know(circle[one]) for one in draft.mentions):
        return Wrong({"mentions": "family"})
    thread = main.within or main.item_id
    kind = next((kind for kind in Kind if kind == main.category), Kind.GENERAL)
    signed = replace(draft, kind=kind, within=thread, corrects=item if adds else None)
    try:
        return notes_service.sign_note(ctx, new, signed)
    except errors.InsufficientPrivilege:
        # His own answer to a note that he is not shown any more.
        _trace_refused(ctx, item)
        return NoSuchNote()


def _is_restricted(ctx: CareContext, main: Note) -> bool:
    """Whether an answer is read by fewer people than the note it answers."""
    if main.within is None:
        return False
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        return (
            main.sensitivity != Sensitivity.NORMAL
            or store.load_withheld(conn, ctx.patient, main.item_id) is not None
            or bool(hidings_of(main, items_store.load_hidings(conn, ctx.patient)))
        )


def remind(
    ctx: CareContext, item: UUID, raw_day: str, whom: str, today: date
) -> Done | NoSuchNote | Wrong:
    """Let a note come back on a day, to the actor or to a role; needs `notes:write`."""
    main = _found(ctx, item)
    if main is None:
        return NoSuchNote()
    problems = dict[str, str]()
    wish = parse_wish(raw_day, whom, today, problems)
    if wish is None:
        return Wrong(problems or {"remind": "reminder"})
    if main.withheld and wish.role and not may_know(frozenset({wish.role})):
        return Wrong({"remind": "family"})
    with acting_as(ctx, action="C", detail={"item": str(item)}) as conn:
        done = store.save_reminder(conn, new_id(clock.now()), item, wish.due_on, wish.role)
    return Done() if done else NoSuchNote()


def end_reminder(
    ctx: CareContext, item: UUID, raw_reminder: str
) -> Done | NothingToDo | NoSuchNote:
    """Say that what was to be remembered is done; needs `notes:read`."""
    if _found(ctx, item) is None:
        return NoSuchNote()
    try:
        reminder = UUID(raw_reminder)
    except ValueError:
        return NothingToDo()
    with acting_as(ctx, action="U", detail={"item": str(item)}) as conn:
        done = store.save_reminder_done(conn, item, reminder)
    return Done() if done else NothingToDo()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a form says of a withheld note."""

    kept: bool
    review_on: str
    reason: str


def review(
    ctx: CareContext, item: UUID, judged: Judged, today: date
) -> Done | NothingToDo | NoSuchNote | NotAuthor | Wrong:
    """Judge a withheld note again: kept so until a day, or shown from now on; `notes:write`.

    Its author and the doctors in charge do; to others NotAuthor.
    """
    if _found(ctx, item) is None:
        return NoSuchNote()
    reason = judged.reason.strip()
    day = parse_review_day(judged.review_on, today) if judged.kept else None
    problems = dict[str, str]()
    if judged.kept and day is None:
        problems["review_on"] = "review"
    if not reason or len(reason) > LONGEST_REASON:
        problems["reason"] = "reason"
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        withheld = store.load_withheld(conn, ctx.patient, item)
    if withheld is None:
        return NothingToDo()
    if not withheld.may_review:
        return NotAuthor()
    if problems:
        return Wrong(problems)
    with acting_as(ctx, action="U", detail={"item": str(item)}) as conn:
        done = store.save_review(conn, new_id(clock.now()), item, day, reason)
    return Done() if done else NothingToDo()


def waiting(actor: Actor, today: date) -> list[store.Waiting]:
    """Return what waits for the actor in the notes of his patients.

    Each record is traced as one whose circle was looked at, through his role: a line of notes
    would tell the patient of a note that is withheld from him.
    """
    with acting_as(actor) as conn:
        found = store.load_waiting(conn, today, MOST_WAITING)
        for patient in sorted({one.patient_id for one in found}):
            held = decide(load_held(conn, patient), Permission.NOTES_READ, rights())
            note_access(
                conn,
                actor,
                Permission.CIRCLE_READ,
                patient,
                "R",
                {"what": "waiting"},
                through=held.through if isinstance(held, Allowed) else None,
            )
    return found


def _found(ctx: CareContext, item: UUID) -> Note | None:
    """Return the note an act is about; that it was asked in vain is traced."""
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        main = notes_service.find(conn, ctx, item)
    if main is None:
        _trace_refused(ctx, item)
    return main


def _trace_refused(ctx: CareContext, item: UUID) -> None:
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        note_access(
            conn,
            ctx.actor,
            ctx.permission,
            ctx.patient,
            "U",
            {"item": str(item)},
            outcome="refused",
            through=ctx.through,
        )
