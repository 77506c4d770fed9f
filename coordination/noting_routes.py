"""Pages and acts around a note: write one, answer it, be reminded of it, judge a withheld one."""

from datetime import date
from typing import Annotated, Any, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination import notes_service, noting_service, service
from coordination.circle import Member, live_and_past
from coordination.notes_routes import (
    ROLES_TO_HIDE_FROM,
    AtVisit,
    Circle,
    ToRead,
    patient_name,
    show_note,
    words,
)
from coordination.notes_words import (
    CAUSE_LABELS,
    KIND_LABELS,
    PROBLEM_SENTENCES,
    SAID_SENTENCES,
    WAITING_LABELS,
    kind_label,
)
from coordination.noting import Kind, Written, Wrong, parse_draft, roles_of
from core import clock, i18n
from core.access import Permission
from core.doors import CareContext
from core.ids import new_id
from identity.edge.http import Visit, care, html, signed_in
from identity.people import SignedIn

router = APIRouter(include_in_schema=False)
ToWrite = Annotated[CareContext, Depends(care(Permission.NOTES_WRITE))]
LongText = Annotated[str, Form(max_length=100_000)]
Short = Annotated[str, Form(max_length=1000)]
Many = Annotated[list[str], Form(max_length=200)]


def written_form(
    text: LongText = "",
    kind: Short = Kind.OBSERVATION.value,
    tags: Short = "",
    mention: Many = [],  # noqa: B006 -- FastAPI reads the default and changes nothing
    sensitive: Short = "",
    withheld: Short = "",
    cause: Short = "",
    reason: Short = "",
    review_on: Short = "",
    remind_on: Short = "",
    remind_whom: Short = "me",
) -> Written:
    """Return a form of a note as it was typed."""
    return Written(
        text=text,
        kind=kind,
        tags=tags,
        mentions=tuple(mention),
        sensitive=sensitive,
        withheld=withheld,
        cause=cause,
        reason=reason,
        review_on=review_on,
        remind_on=remind_on,
        remind_whom=remind_whom,
    )


AsWritten = Annotated[Written, Depends(written_form)]


@router.get("/patients/{patient_id}/notes/new")
def new_note_page(at: AtVisit, ctx: ToWrite, circle: Circle, said: str = "") -> Response:
    """Show the form of a new note."""
    return _form(at, ctx, circle, Written(), said=said)


def _form(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    written: Written,
    *,
    said: str = "",
    wrong: Wrong | None = None,
) -> Response:
    live = _live(circle)
    return html(
        at,
        "coordination/new_note.html",
        status=422 if wrong else 200,
        patient_id=ctx.patient,
        patient_name=patient_name(live),
        item_id=new_id(clock.now()),
        written=written,
        problems=wrong.problems if wrong else {},
        problem=PROBLEM_SENTENCES,
        people=[one for one in live if one.party != ctx.actor.person],
        kinds={kind: label for kind, label in KIND_LABELS.items() if kind != Kind.GENERAL},
        causes=CAUSE_LABELS,
        roles=ROLES_TO_HIDE_FROM,
        said=SAID_SENTENCES["signed"] if said == "signed" else "",
        **words(at),
    )


def _live(circle: CareContext) -> list[Member]:
    return live_and_past(service.members(circle), clock.now())[0]


def _circle(circle: CareContext) -> dict[UUID, frozenset[str]]:
    return roles_of((member.party, member.role) for member in _live(circle))


def _today(at: Visit) -> date:
    return clock.now().astimezone(i18n.zone(at.time_zone)).date()


@router.post("/patients/{patient_id}/notes")
def sign_note(
    at: AtVisit,
    ctx: ToWrite,
    circle: Circle,
    item_id: Annotated[UUID, Form()],
    written: AsWritten,
) -> Response:
    """Sign a note and share it."""
    draft = parse_draft(written, _circle(circle), _today(at))
    if isinstance(draft, Wrong):
        return _form(at, ctx, circle, written, wrong=draft)
    outcome = notes_service.sign_note(ctx, item_id, draft)
    match outcome:
        case notes_service.Signed():
            return RedirectResponse(f"/patients/{ctx.patient}/notes/new?said=signed", 303)
        case notes_service.OtherSigned():
            return _form(at, ctx, circle, written, wrong=Wrong({"text": "other"}))
        case _:
            assert_never(outcome)


@router.post("/patients/{patient_id}/notes/{item_id}/answers")
def answer_note(
    at: AtVisit,
    ctx: ToWrite,
    reads: ToRead,
    circle: Circle,
    item_id: UUID,
    written: AsWritten,
    new: Short = "",
    adds: Short = "",
) -> Response:
    """Sign an answer to a note, or an addition to one's own."""
    outcome = noting_service.answer(
        ctx, item_id, _id_or_new(new), written, _circle(circle), _today(at), adds=bool(adds)
    )
    page = f"/patients/{ctx.patient}/notes/{item_id}"
    form = "adds" if adds else "answer"
    match outcome:
        case notes_service.Signed():
            return RedirectResponse(f"{page}?said={'added' if adds else 'answered'}", 303)
        case noting_service.NoSuchNote():
            raise HTTPException(404)
        case noting_service.NotAuthor():
            raise HTTPException(403)
        case notes_service.OtherSigned():
            wrong = Wrong({"text": "other"})
        case Wrong():
            wrong = outcome
        case _:
            assert_never(outcome)
    return show_note(at, reads, circle, item_id, written=written, wrong=wrong, form=form)


@router.post("/patients/{patient_id}/notes/{item_id}/reminders")
def remind(
    at: AtVisit, ctx: ToWrite, reads: ToRead, circle: Circle, item_id: UUID, written: AsWritten
) -> Response:
    """Let a note come back on a day."""
    outcome = noting_service.remind(
        ctx, item_id, written.remind_on, written.remind_whom, _today(at)
    )
    match outcome:
        case noting_service.Done():
            return _back(ctx, item_id, "reminded")
        case noting_service.NoSuchNote():
            raise HTTPException(404)
        case Wrong():
            return show_note(
                at, reads, circle, item_id, written=written, wrong=outcome, form="remind"
            )
        case _:
            assert_never(outcome)


@router.post("/patients/{patient_id}/notes/{item_id}/reminders/done")
def reminder_done(ctx: ToRead, item_id: UUID, reminder: Short = "") -> Response:
    """Say that what was to be remembered is done; said twice, it is done once."""
    outcome = noting_service.end_reminder(ctx, item_id, reminder)
    match outcome:
        case noting_service.Done():
            return _back(ctx, item_id, "reminder_done")
        case noting_service.NothingToDo():
            return _back(ctx, item_id, "no_reminder")
        case noting_service.NoSuchNote():
            raise HTTPException(404)
        case _:
            assert_never(outcome)


@router.post("/patients/{patient_id}/notes/{item_id}/withheld")
def review_withheld(
    at: AtVisit,
    ctx: ToWrite,
    reads: ToRead,
    circle: Circle,
    item_id: UUID,
    written: AsWritten,
    kept: Short = "",
) -> Response:
    """Judge a withheld note again."""
    judged = noting_service.Judged(
        kept=kept != "no", review_on=written.review_on, reason=written.reason
    )
    outcome = noting_service.review(ctx, item_id, judged, _today(at))
    match outcome:
        case noting_service.Done():
            return _back(ctx, item_id, "kept" if judged.kept else "lifted")
        case noting_service.NoSuchNote():
            raise HTTPException(404)
        case noting_service.NothingToDo():
            return _back(ctx, item_id, "not_withheld")
        case noting_service.NotAuthor():
            wrong = Wrong({"reason": "judges"})
        case Wrong():
            wrong = outcome
        case _:
            assert_never(outcome)
    return show_note(at, reads, circle, item_id, written=written, wrong=wrong, form="review")


@router.get("/notes/waiting")
def waiting_page(at: AtVisit, person: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """Show what waits for somebody in the notes of his patients."""
    return html(at, "coordination/notes_waiting.html", **waiting_lines(at, person))


def waiting_lines(at: Visit, person: SignedIn) -> dict[str, Any]:
    """Return what waits for somebody in notes, and the words to show it with."""
    return {
        "waiting_notes": noting_service.waiting(person.actor, _today(at)),
        "waiting_label": WAITING_LABELS,
        "kind_label": kind_label,
    }


def _back(ctx: CareContext, item: UUID, said: str) -> Response:
    return RedirectResponse(f"/patients/{ctx.patient}/notes/{item}?said={said}", 303)


def _id_or_new(raw: str) -> UUID:
    """Return the form's own id; one that is none is as good as a new one."""
    try:
        return UUID(raw)
    except ValueError:
        return new_id(clock.now())
