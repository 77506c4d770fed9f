"""« Joindre le cercle »: everybody's coordinates, one tap away, in the order of the circle."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, StringConstraints

from coordination import circle_words, membership_service
from coordination.coordinates import coordinates as words
from coordination.coordinates import own_routes, service
from coordination.coordinates import replacing_service as replacing
from coordination.inclusion.ending_service import died_on
from core import clock, i18n
from core.access import Permission
from core.doors import CareContext
from core.rights import rights
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from identity.words import role_label, say_phone

router = APIRouter(include_in_schema=False)
router.include_router(own_routes.router)
AtVisit = Annotated[Visit, Depends(visit)]
Reads = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
Manages = Annotated[CareContext, Depends(care(Permission.CIRCLE_MANAGE))]
Names = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
Field = Annotated[str, StringConstraints(max_length=300)]
Text = Annotated[str, Form(max_length=120)]
Version = Annotated[int, Form(ge=0, le=2**31 - 1)]
PAGE: Final = "/patients/{patient_id}/circle/contacts"


class ContactForm(BaseModel):
    """How a member is reached, as typed."""

    place: Field = ""
    channel: Field = ""
    phone: Field = ""
    note: Field = ""


@router.get(PAGE)
def contacts_page(at: AtVisit, ctx: Reads, traits: Names, said: str = "") -> Response:
    """Show how everybody of the circle is reached."""
    return _page(at, ctx, traits, said=said)


def _page(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    *,
    said: str = "",
    status: int = 200,
    **typed: Any,
) -> Response:
    manages = membership_service.opened_if_allowed(ctx, Permission.CIRCLE_MANAGE)
    circle = membership_service.circle(ctx)
    return html(
        at,
        "coordination/contacts.html",
        status=status,
        patient=identity.patient_traits(traits),
        patient_id=ctx.patient,
        members=service.coordinates(ctx),
        head=circle.head,
        status_label=words.STATUS_LABELS[
            words.status_of({one.role for one in circle.live}, died=died_on(ctx) is not None)
        ],
        may_manage=manages is not None,
        own=replacing.own(ctx),
        today=clock.now().astimezone(i18n.zone(at.time_zone)).date(),
        may_attend=words.may_attend,
        channels=words.CHANNEL_LABELS,
        role_label=role_label,
        say_phone=say_phone,
        problem_sentences=words.PROBLEM_SENTENCES,
        said={**words.SAID_SENTENCES, **replacing.SAID_SENTENCES}.get(said, ""),
        good=said != "absent",
        **{
            "given": {},
            "problems": {},
            "problem": "",
            "editing": None,
            "theirs": None,
            "stale": "",
            "away": {},
            **typed,
        },
    )


@router.post(f"{PAGE}/{{membership_id}}")
def save_contact(
    at: AtVisit,
    ctx: Manages,
    reading: Reads,
    traits: Names,
    membership_id: UUID,
    form: Annotated[ContactForm, Form()],
    version: Version = 0,
) -> Response:
    """Write down how a member is reached; what is wrong is said and nothing typed is lost."""
    given = form.model_dump()
    contact = words.read_contact(given)
    if isinstance(contact, words.Mend):
        return _page(
            at,
            reading,
            traits,
            status=422,
            given=given,
            problems=contact.problems,
            editing=membership_id,
        )
    done = service.save_contact(ctx, membership_id, contact, version)
    if isinstance(done, service.ChangedMeanwhile):
        return _page(
            at,
            reading,
            traits,
            status=409,
            given=given,
            problem="changed",
            editing=membership_id,
            theirs=done.theirs,
        )
    said = "changed" if isinstance(done, service.Done) else "absent"
    return RedirectResponse(f"/patients/{ctx.patient}/circle/contacts?said={said}", 303)


@router.post("/patients/{patient_id}/circle/attending")
def name_attending(
    at: AtVisit,
    ctx: Manages,
    reading: Reads,
    traits: Names,
    stay: Annotated[str, Form(max_length=40)] = "",
    version: Version = 0,
) -> Response:
    """Flag the attending physician, or nobody any more."""
    try:
        chosen = UUID(stay) if stay.strip() else None
    except ValueError:
        return _page(at, reading, traits, status=422, problem="choice")
    done = service.name_attending(ctx, chosen, version)
    if not isinstance(done, bool):
        return _page(at, reading, traits, status=409, stale=circle_words.PROBLEM_SENTENCES[done])
    said = ("attending" if chosen else "no_attending") if done else "absent"
    return RedirectResponse(f"/patients/{ctx.patient}/circle/contacts?said={said}", 303)


@router.post("/patients/{patient_id}/circle/replacement")
def name_replacement(
    at: AtVisit,
    ctx: Reads,
    traits: Names,
    login: Text = "",
    first: Text = "",
    last: Text = "",
) -> Response:
    """Name who takes my place in this circle, from a day to a day."""
    done = replacing.name(ctx, login, first, last, i18n.zone(at.time_zone))
    if isinstance(done, replacing.NotReplaced):
        away = {"login": login, "first": first, "last": last}
        sentence = replacing.PROBLEM_SENTENCES[done.problem]
        return _page(at, ctx, traits, status=422, stale=sentence, away=away)
    return RedirectResponse(f"/patients/{ctx.patient}/circle/contacts?said=replaced", 303)


@router.post("/patients/{patient_id}/circle/replacement/{membership_id}/end")
def end_replacement(ctx: Reads, membership_id: UUID) -> Response:
    """Need to be replaced no longer: the record closes to that person at once."""
    said = "no_replacement" if replacing.end(ctx, membership_id) else "absent"
    return RedirectResponse(f"/patients/{ctx.patient}/circle/contacts?said={said}", 303)


@router.get("/patients/{patient_id}/circle/sees")
def sees_page(at: AtVisit, ctx: Reads, traits: Names) -> Response:
    """Say in words who of the circle sees and does what, from the table that decides."""
    circle = membership_service.circle(ctx)
    return html(
        at,
        "coordination/circle_sees.html",
        patient=identity.patient_traits(traits),
        patient_id=ctx.patient,
        members=circle.live,
        sees=lambda member: circle_words.sees_and_does(member, rights()),
        words=circle_words,
        role_label=role_label,
    )
