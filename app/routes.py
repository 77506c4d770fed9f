"""Pages that gather several rooms: the professional's home, about."""

from importlib.metadata import version
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from alerts.mine_service import my_open_alerts
from alerts.wording import evidence_sentence
from coordination import service as coordination
from coordination.homes import homes_service as homes
from coordination.homes.professions import LONGEST_LIST
from core import clock, i18n
from core.access import Permission
from core.rights import rights
from core.settings import settings
from identity.edge.http import Visit, html, signed_in, visit
from identity.landing import home_of
from identity.people import SignedIn

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]


@router.get("/")
def home(
    at: AtVisit, person: Annotated[SignedIn, Depends(signed_in)], after: UUID | None = None
) -> Response:
    """Show a professional his open alerts and his patients; others go to their own first page."""
    is_patient = person.patient_id is not None
    own = home_of(person.role, is_patient=is_patient, console_url=settings().console_url)
    return RedirectResponse(own, 303) if own != "/" else _home(at, person, after=after)


@router.post("/")
def home_of_some(
    at: AtVisit,
    person: Annotated[SignedIn, Depends(signed_in)],
    name: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Show those of his patients whose name begins so; a name never stands in an address."""
    return _home(at, person, name=name.strip())


def _home(at: Visit, person: SignedIn, *, name: str = "", after: UUID | None = None) -> Response:
    now = clock.now()
    today = now.astimezone(i18n.zone(at.time_zone)).date()
    return html(
        at,
        "app/home.html",
        alerts=my_open_alerts(person.actor),
        page=coordination.followed_patients(person.actor, name, after),
        own=homes.home_page(person.actor, person.role, today, now),
        longest=LONGEST_LIST,
        name=name,
        paged=after is not None,
        sentence=lambda alert: evidence_sentence(alert.reason.evidence, at.locale),
        may_break_glass=rights().of_post(person.role, Permission.BREAK_GLASS),
        may_review=rights().of_post(person.role, Permission.BREAK_GLASS_REVIEW),
        now=now,
        may=lambda permission: rights().of_post(person.role, Permission(permission)),
    )


@router.get("/about")
def about(at: AtVisit) -> Response:
    """Say what this software is and is not."""
    return html(at, "app/about.html", version=version("chevet"))
