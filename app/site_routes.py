"""Pages about the site itself: help and contact, and the terms of use."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from core.settings import settings
from identity import terms_service
from identity.edge.http import Visit, html, signed_in, visit
from identity.edge.terms_files import is_template, terms_in_force
from identity.landing import home_of, parse_local_path
from identity.people import SignedIn
from identity.words import say_phone

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Person = Annotated[SignedIn, Depends(signed_in)]


@router.get("/help")
def help_page(at: AtVisit) -> Response:
    """Say whom to call for what, signed in or not."""
    return html(at, "app/help.html", say_phone=say_phone, has_terms=bool(terms_in_force()))


@router.get("/account/terms")
def terms_page(at: AtVisit, person: Person, next: str = "") -> Response:
    """Show the terms in force, and which texts this person accepted."""
    return _terms(at, person, next=next)


@router.post("/account/terms")
def accept_terms(
    at: AtVisit,
    person: Person,
    digest: Annotated[str, Form(max_length=64)] = "",
    agree: Annotated[str, Form(max_length=5)] = "",
    next: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Note the acceptance of the text that was shown, and go on."""
    if agree != "yes":
        return _terms(at, person, next=next, problem="agree", status=400)
    if terms_service.accept(person, digest) is None:
        return _terms(at, person, next=next, problem="changed", status=409)
    console = settings().console_url
    is_patient = person.patient_id is not None
    home = home_of(person.role, is_patient=is_patient, console_url=console)
    return RedirectResponse(parse_local_path(next) or home, 303)


def _terms(
    at: Visit, person: SignedIn, *, next: str, problem: str = "", status: int = 200
) -> Response:
    accepted = terms_service.accepted_by(person)
    digests = {terms.digest for terms in terms_in_force().values()}
    return html(
        at,
        "app/terms.html",
        status=status,
        terms=terms_in_force().get(at.locale),
        to_validate=is_template(),
        accepted=accepted,
        is_accepted=any(one.digest in digests for one in accepted),
        next=parse_local_path(next) or "",
        problem=problem,
    )
