"""Pages of links to one questionnaire, as staff makes them."""

from typing import Annotated, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from core import clock
from core.access import Permission
from core.doors import CareContext
from identity.edge.http import Visit, care, html, visit
from identity.service import patient_traits
from questionnaires import links_service
from questionnaires.choosing_service import choices_for, chosen
from questionnaires.library_service import load_edition
from questionnaires.links_service import CannotReach, Made
from questionnaires.questionnaire import said

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
ToRead = Annotated[CareContext, Depends(care(Permission.ANSWERS_READ))]
ToWrite = Annotated[CareContext, Depends(care(Permission.ANSWERS_WRITE))]
Traits = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]


@router.get("/patients/{patient_id}/answers/links")
def links_page(at: AtVisit, ctx: ToRead, write: ToWrite, traits: Traits) -> Response:
    """Show the links made for a patient, and offer another."""
    return _links(at, ctx, write, traits)


@router.post("/patients/{patient_id}/answers/links")
def make_link(
    at: AtVisit,
    ctx: ToRead,
    write: ToWrite,
    traits: Traits,
    what: Annotated[str, Form(max_length=120)] = "",
    to: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Send a link; the code is shown once when it cannot go another way."""
    choice = chosen(choices_for(write), what)
    way, _, recipient = to.partition(" ")
    if choice is None or way not in ("email", "sms") or not _is_id(recipient):
        return _links(at, ctx, write, traits, problem=True)
    made = links_service.make_link(
        write,
        UUID(recipient),
        choice.edition.digest,
        "email" if way == "email" else "sms",
    )
    match made:
        case CannotReach():
            return _links(at, ctx, write, traits, problem=True)
        case Made():
            return _links(at, ctx, write, traits, made=made)
        case _:
            assert_never(made)


@router.post("/patients/{patient_id}/answers/links/{answer_link}/end")
def end_link(write: ToWrite, answer_link: UUID) -> Response:
    """Let a link open nothing any more."""
    links_service.end_link(write, answer_link)
    return RedirectResponse(f"/patients/{write.patient}/answers/links", 303)


def _links(
    at: Visit,
    ctx: CareContext,
    write: CareContext,
    traits: CareContext,
    *,
    made: Made | None = None,
    problem: bool = False,
) -> Response:
    offers = links_service.offers(write)
    return html(
        at,
        "questionnaires/links.html",
        status=422 if problem else 200,
        patient_id=ctx.patient,
        patient=patient_traits(traits),
        offers=offers,
        names={offer.person: offer.name for offer in offers},
        choices=choices_for(write),
        links=links_service.links(ctx),
        title=lambda digest: said(load_edition(digest).title, at.locale),
        say=lambda words: said(words, at.locale),
        made=made,
        problem=problem,
        now=clock.now(),
        most_tries=links_service.MOST_TRIES,
    )


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
