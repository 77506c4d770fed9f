"""The pages where a professional, or the administrator of where he works, says what is offered."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from core import clock
from core.access import Permission
from identity.edge.http import Visit, html, signed_in, visit
from identity.edge.posts import acting_post
from identity.finding import service
from identity.finding.entry import STALE_AFTER, Offer, read_offer
from identity.finding.service import OwnOffer
from identity.people import SignedIn
from identity.words import say_phone

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Person = Annotated[SignedIn, Depends(signed_in)]
Administrator = Annotated[SignedIn, Depends(acting_post(Permission.ACCOUNTS_MANAGE))]
OWN_PAGE: Final = "/account/directory"
PAGE: Final = "/admin/directory/entries/{professional_id}"


class OfferForm(BaseModel):
    """What is said, as typed; lengths are judged once it is known who speaks."""

    offers: str = ""
    availability: str = ""
    phone: str = ""
    private: str = ""


Filled = Annotated[OfferForm, Form()]


def address_of(party: UUID, *, own: bool) -> str:
    """Return where an entry is changed: one's own, or that of somebody of one's organisation."""
    return OWN_PAGE if own else PAGE.format(professional_id=party)


@router.get(OWN_PAGE)
def own_page(at: AtVisit, person: Person, said: str = "") -> Response:
    """Show what one says of oneself in the directory."""
    return _own(at, person, said=said)


@router.post(OWN_PAGE)
def say_own(at: AtVisit, person: Person, form: Filled) -> Response:
    """Write what one says of oneself, with the day."""
    party = person.actor.person
    if service.own_offer(person.actor, party) is None:
        return _own(at, person)
    offer = read_offer(**form.model_dump())
    if not isinstance(offer, Offer):
        return _own(at, person, form, offer)
    service.say(person.actor, party, offer)
    return RedirectResponse(f"{OWN_PAGE}?said=said", 303)


def _own(
    at: Visit,
    person: SignedIn,
    form: OfferForm | None = None,
    problems: dict[str, str] | None = None,
    said: str = "",
) -> Response:
    found = service.own_offer(person.actor, person.actor.person)
    if found is None:
        return html(at, "identity/directory_offer.html", found=None, others=False)
    return _page(at, found, OWN_PAGE, form, problems, said)


@router.get(PAGE)
def offer_page(
    at: AtVisit, admin: Administrator, professional_id: UUID, said: str = ""
) -> Response:
    """Show what somebody of the organisation, or itself, says in the directory."""
    found = service.own_offer(admin.actor, professional_id)
    if found is None:
        return _not_ours(at)
    return _page(at, found, _address(professional_id), said=said)


@router.post(PAGE)
def say_offer(at: AtVisit, admin: Administrator, professional_id: UUID, form: Filled) -> Response:
    """Write it, for somebody of the organisation or for itself."""
    found, page = service.own_offer(admin.actor, professional_id), _address(professional_id)
    if found is None:
        return _not_ours(at, 409)
    offer = read_offer(**form.model_dump())
    if not isinstance(offer, Offer):
        return _page(at, found, page, form, offer)
    service.say(admin.actor, professional_id, offer)
    return RedirectResponse(f"{page}?said=said", 303)


def _not_ours(at: Visit, status: int = 200) -> Response:
    """Say so, whether the entry is of another organisation or of none at all."""
    return html(at, "identity/directory_offer.html", status=status, found=None, others=True)


def _address(party: UUID) -> str:
    return PAGE.format(professional_id=party)


def _page(
    at: Visit,
    found: OwnOffer,
    action: str,
    form: OfferForm | None = None,
    problems: dict[str, str] | None = None,
    said: str = "",
) -> Response:
    kept = OfferForm(
        offers=found.entry.offers,
        availability=found.entry.availability,
        phone=say_phone(found.entry.own_phone or ""),
        private=say_phone(found.private or ""),
    )
    return html(
        at,
        "identity/directory_offer.html",
        status=422 if problems else 200,
        found=found,
        action=action,
        given=(form or kept).model_dump(),
        problems=problems or {},
        said=said == "said",
        stale_days=STALE_AFTER.days,
        now=clock.now(),
    )
