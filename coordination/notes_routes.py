"""Pages of shared notes, for professionals and for the patient, and of what one keeps of them."""

from typing import Annotated, Any, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination import notes_service, service
from coordination.circle import Member, live_and_past
from coordination.notes import hidings_of
from coordination.notes_words import SAID_SENTENCES, hidden_sentence
from core import clock, i18n
from core.access import Permission, Role
from core.doors import CareContext
from core.ids import new_id
from core.items import READS_SENSITIVE, Sensitivity
from identity.edge.http import Visit, care, html, own_record, signed_in, visit
from identity.people import SignedIn
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
ToRead = Annotated[CareContext, Depends(care(Permission.NOTES_READ))]
ToReadMine = Annotated[CareContext, Depends(own_record(Permission.NOTES_READ))]
LongText = Annotated[str, Form(max_length=100_000)]

ROLES_TO_HIDE_FROM = (
    Role.CARER,
    Role.TRUSTED_PERSON,
    Role.GP,
    Role.HOME_NURSE,
    Role.PHARMACIST,
    Role.PHYSIOTHERAPIST,
    Role.TELEMONITORING_NURSE,
    Role.SOCIAL_WORKER,
    Role.HOME_HELP,
    Role.DAC_COORDINATOR,
    Role.HOSPITAL_DOCTOR,
    Role.EMERGENCY,
)
"""Roles a form offers; the patient is none of them."""


@router.get("/patients/{patient_id}/notes")
def notes_page(
    at: AtVisit,
    ctx: ToRead,
    circle: Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))],
) -> Response:
    """Show the notes of a record."""
    return html(
        at,
        "coordination/notes.html",
        patient_id=ctx.patient,
        patient_name=_name(service.members(circle)),
        **_listed(at, ctx),
    )


@router.get("/p/notes")
def own_notes_page(at: AtVisit, ctx: ToReadMine) -> Response:
    """Show a patient the notes about him."""
    return html(at, "coordination/own_notes.html", **_listed(at, ctx))


def _listed(at: Visit, ctx: CareContext) -> dict[str, Any]:
    read = notes_service.notes(ctx)
    return {
        "notes": read.notes,
        "hidings": {note.item_id: hidings_of(note, read.hidings) for note in read.notes},
        "may_write": read.may_write,
        "most": notes_service.MOST_NOTES if len(read.notes) == notes_service.MOST_NOTES else 0,
        **_words(at),
    }


def _words(at: Visit) -> dict[str, Any]:
    say = i18n.translator(at.locale)
    return {"role_label": role_label, "sentence": lambda hiding: hidden_sentence(hiding, say)}


def _name(members: list[Member]) -> str:
    return next((member.name for member in members if member.role == Role.PATIENT), "")


@router.get("/patients/{patient_id}/notes/new")
def new_note_page(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(care(Permission.NOTES_WRITE))],
    circle: Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))],
    said: str = "",
) -> Response:
    """Show the form of a new note."""
    return _form(at, ctx, circle, said=said)


def _form(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    *,
    said: str = "",
    text: str = "",
    problem: str = "",
) -> Response:
    live, _ = live_and_past(service.members(circle), clock.now())
    return html(
        at,
        "coordination/new_note.html",
        status=422 if problem else 200,
        patient_id=ctx.patient,
        patient_name=_name(live),
        item_id=new_id(clock.now()),
        text=text,
        problem=problem,
        said=SAID_SENTENCES["signed"] if said == "signed" else "",
    )


@router.post("/patients/{patient_id}/notes")
def sign_note(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(care(Permission.NOTES_WRITE))],
    circle: Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))],
    item_id: Annotated[UUID, Form()],
    text: LongText = "",
    sensitive: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Sign a note and share it."""
    sensitivity = Sensitivity.SENSITIVE if sensitive else Sensitivity.NORMAL
    outcome = notes_service.sign_note(ctx, item_id, text, sensitivity)
    match outcome:
        case notes_service.Signed():
            return RedirectResponse(f"/patients/{ctx.patient}/notes/new?said=signed", 303)
        case notes_service.EmptyText():
            return _form(at, ctx, circle, problem="empty")
        case notes_service.TooLong():
            return _form(at, ctx, circle, text=text, problem="long")
        case notes_service.OtherSigned():
            return _form(at, ctx, circle, text=text, problem="other")
        case _:
            assert_never(outcome)


@router.get("/patients/{patient_id}/notes/{item_id}")
def note_page(
    at: AtVisit,
    ctx: ToRead,
    circle: Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))],
    item_id: UUID,
    said: str = "",
) -> Response:
    """Show one note and, to those who decide on it, who does not see it."""
    found = _found(ctx, item_id)
    members = service.members(circle)
    return html(
        at,
        "coordination/note.html",
        patient_id=ctx.patient,
        patient_name=_name(members),
        **_one(at, found, members, said),
    )


@router.get("/p/notes/{item_id}")
def own_note_page(
    at: AtVisit,
    ctx: ToReadMine,
    circle: Annotated[CareContext, Depends(own_record(Permission.CIRCLE_READ))],
    item_id: UUID,
    said: str = "",
) -> Response:
    """Show a patient one note, and let him choose who sees it."""
    found = _found(ctx, item_id)
    return html(at, "coordination/own_note.html", **_one(at, found, service.members(circle), said))


def _found(ctx: CareContext, item: UUID) -> notes_service.NoteRead:
    found = notes_service.note(ctx, item)
    if found is None:
        raise HTTPException(404)
    return found


def _one(
    at: Visit, found: notes_service.NoteRead, members: list[Member], said: str
) -> dict[str, Any]:
    live, _ = live_and_past(members, clock.now())
    note = found.note
    kept_out = {hiding.party for hiding in found.hidings}
    return {
        "read": found,
        "note": note,
        "hidings": found.hidings,
        "audience": [
            member
            for member in live
            if member.role != Role.PATIENT and member.party not in {note.author, *kept_out}
        ],
        "roles": [r for r in ROLES_TO_HIDE_FROM if r not in {h.role for h in found.hidings}],
        "without": [
            member
            for member in live
            if member.kind == "person"
            and member.role not in READS_SENSITIVE
            and member.party != note.author
        ],
        "said": SAID_SENTENCES.get(said, ""),
        "just_hidden": found.hidings[-1] if said == "hidden" and found.hidings else None,
        **_words(at),
    }


@router.get("/account/contributions")
def contributions_page(at: AtVisit, person: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """List the circles a person has left and signed something in."""
    circles = notes_service.my_left_circles(person.actor)
    return html(at, "coordination/contributions.html", circles=circles)


@router.get("/account/contributions/{patient_id}")
def contributions_extract(
    at: AtVisit, person: Annotated[SignedIn, Depends(signed_in)], patient_id: UUID
) -> Response:
    """Show a former member what he signed, to print; nothing else of the record."""
    signed = notes_service.my_contributions(person.actor, patient_id)
    if not signed:
        raise HTTPException(404)
    return html(
        at,
        "coordination/contributions_extract.html",
        signed=signed,
        role_label=role_label,
        now=clock.now(),
    )
