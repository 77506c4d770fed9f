"""Pages of shared notes, for professionals and for the patient, and of what one keeps of them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from starlette.exceptions import HTTPException

from coordination import notes_service, service
from coordination.circle import Member, live_and_past
from coordination.documents import photographs_service
from coordination.documents.words import site_label
from coordination.notes import hidings_of
from coordination.notes_words import (
    CAUSE_LABELS,
    KIND_LABELS,
    PROBLEM_SENTENCES,
    SAID_SENTENCES,
    hidden_sentence,
    kind_label,
)
from coordination.noting import Sought, Written, Wrong
from coordination.rich_text import excerpt, rich
from core import clock, i18n
from core.access import Permission, Role
from core.doors import CareContext
from core.ids import new_id
from core.items import READS_SENSITIVE
from identity.edge.http import Visit, care, html, own_record, signed_in, visit
from identity.people import SignedIn
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
ToRead = Annotated[CareContext, Depends(care(Permission.NOTES_READ))]
ToReadMine = Annotated[CareContext, Depends(own_record(Permission.NOTES_READ))]
Circle = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
Short = Annotated[str, Form(max_length=200)]

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


def sought_form(
    words: Short = "", kind: Short = "", tag: Short = "", unread: Short = "", before: Short = ""
) -> Sought:
    """Return what a form looks for."""
    return Sought(words=words, kind=kind, tag=tag, unread=unread, before=before)


@router.get("/patients/{patient_id}/notes")
def notes_page(at: AtVisit, ctx: ToRead, circle: Circle) -> Response:
    """Show the notes of a record, latest first."""
    return _list(at, ctx, circle, Sought())


@router.post("/patients/{patient_id}/notes/search")
def some_notes(
    at: AtVisit, ctx: ToRead, circle: Circle, sought: Annotated[Sought, Depends(sought_form)]
) -> Response:
    """Show some notes, or the next page; what is looked for never stands in an address."""
    return _list(at, ctx, circle, sought)


def _list(at: Visit, ctx: CareContext, circle: CareContext, sought: Sought) -> Response:
    return html(
        at,
        "coordination/notes.html",
        patient_id=ctx.patient,
        patient_name=patient_name(service.members(circle)),
        **_listed(at, ctx, sought),
    )


@router.get("/p/notes")
def own_notes_page(at: AtVisit, ctx: ToReadMine) -> Response:
    """Show a patient the notes about him."""
    return html(at, "coordination/own_notes.html", **_listed(at, ctx, Sought()))


@router.post("/p/notes/search")
def some_own_notes(
    at: AtVisit, ctx: ToReadMine, sought: Annotated[Sought, Depends(sought_form)]
) -> Response:
    """Show a patient some of the notes about him, or the next page."""
    return html(at, "coordination/own_notes.html", **_listed(at, ctx, sought))


@router.get("/patients/{patient_id}/notes/print")
def notes_to_print(at: AtVisit, ctx: ToRead, circle: Circle) -> Response:
    """Show the notes of a record in full, to print; nothing of what is not communicable."""
    return html(
        at,
        "coordination/notes_print.html",
        patient_id=ctx.patient,
        patient_name=patient_name(service.members(circle)),
        threads=notes_service.printed_notes(ctx),
        now=clock.now(),
        **words(at),
    )


def _listed(at: Visit, ctx: CareContext, sought: Sought) -> dict[str, Any]:
    read = notes_service.notes(ctx, sought)
    me = ctx.actor.person
    return {
        "notes": read.notes,
        "hidings": {note.item_id: hidings_of(note, read.hidings) for note in read.notes},
        "answers": read.answers,
        "for_me": {one.item_id for one in read.mentions if one.party == me},
        "tags": read.tags,
        "kinds": KIND_LABELS,
        "sought": sought,
        "me": me,
        "may_write": read.may_write,
        "more": read.more,
        "excerpt": excerpt,
        **words(at),
    }


def words(at: Visit) -> dict[str, Any]:
    """Return the words every page of notes needs."""
    say = i18n.translator(at.locale)
    return {
        "role_label": role_label,
        "kind_label": kind_label,
        "rich": rich,
        "sentence": lambda hiding: hidden_sentence(hiding, say),
    }


def patient_name(members: list[Member]) -> str:
    """Return the patient's name as the circle has it."""
    return next((member.name for member in members if member.role == Role.PATIENT), "")


@router.get("/patients/{patient_id}/notes/{item_id}")
def note_page(
    at: AtVisit,
    ctx: ToRead,
    circle: Circle,
    item_id: UUID,
    said: str = "",
) -> Response:
    """Show one note with its answers and, to those who decide on it, who does not see it."""
    return show_note(at, ctx, circle, item_id, said=said)


def show_note(
    at: Visit,
    ctx: CareContext,
    circle: CareContext,
    item: UUID,
    *,
    said: str = "",
    written: Written | None = None,
    wrong: Wrong | None = None,
    form: str = "",
) -> Response:
    """Show one note; where a `form` of the page was refused, with what was typed and why."""
    found = _found(ctx, item)
    members = service.members(circle)
    return html(
        at,
        "coordination/note.html",
        status=422 if wrong else 200,
        patient_id=ctx.patient,
        patient_name=patient_name(members),
        new_id=new_id(clock.now()),
        written=written or Written(text=""),
        problems=wrong.problems if wrong else {},
        problem=PROBLEM_SENTENCES,
        form=form,
        cause_label=CAUSE_LABELS,
        me=ctx.actor.person,
        **_one(at, ctx, found, members, said),
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
    members = service.members(circle)
    return html(at, "coordination/own_note.html", **_one(at, ctx, found, members, said))


def _found(ctx: CareContext, item: UUID) -> notes_service.NoteRead:
    found = notes_service.note(ctx, item)
    if found is None:
        raise HTTPException(404)
    return found


def _one(
    at: Visit,
    ctx: CareContext,
    found: notes_service.NoteRead,
    members: list[Member],
    said: str,
) -> dict[str, Any]:
    live, _ = live_and_past(members, clock.now())
    note = found.note
    attached = photographs_service.attached(ctx, note.item_id)
    kept_out = {hiding.party for hiding in found.hidings}
    return {
        "read": found,
        "note": note,
        "attached": attached.documents,
        "may_attach": attached.may_add and note.within is None,
        "site_label": site_label,
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
        "remind_roles": ROLES_TO_HIDE_FROM,
        "people": [one for one in live if one.party != found.note.author],
        **words(at),
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
