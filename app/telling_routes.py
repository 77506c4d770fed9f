"""« Comment me prévenir »: how a professional is told of alerts, and in which hours not."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from app.telling_form import read_wishes
from core.settings import settings
from identity.edge.http import Visit, html, signed_in, visit
from identity.people import SignedIn
from messages import push_service, ways_service
from messages.ways_service import MyWays, Wishes

router = APIRouter(include_in_schema=False)
PAGE = "/account/telling"
PATIENTS_PAGE = "/p/notifications"
AtVisit = Annotated[Visit, Depends(visit)]
Person = Annotated[SignedIn, Depends(signed_in)]
Typed = Annotated[str, Form(max_length=40)]


@router.get(PAGE)
def telling(at: AtVisit, person: Person, said: str = "") -> Response:
    """Show how the professional is told of alerts; others choose on the page of notifications."""
    if person.post is None:
        return RedirectResponse(PATIENTS_PAGE, 303)
    mine = ways_service.my_ways(person.actor)
    return _page(at, mine, _as_typed(mine), said=said == "chosen")


@router.post(PAGE)
def choose(
    at: AtVisit,
    person: Person,
    sms: Typed = "",
    push: Typed = "",
    number: Typed = "",
    quiet_from: Typed = "",
    quiet_until: Typed = "",
    digest_at: Typed = "",
) -> Response:
    """Note how the professional wants to be told; what is wrong is said and nothing is lost."""
    if person.post is None:
        return RedirectResponse(PATIENTS_PAGE, 303)
    given = {
        "sms": sms,
        "push": push,
        "number": number,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "digest_at": digest_at,
    }
    mine = ways_service.my_ways(person.actor)
    wishes = read_wishes(given, has_number=mine.number is not None)
    if not isinstance(wishes, Wishes):
        return _page(at, mine, given, problems=wishes, status=422)
    ways_service.choose_ways(person.actor, wishes)
    return RedirectResponse(f"{PAGE}?said=chosen", 303)


def _as_typed(mine: MyWays) -> dict[str, str]:
    """Return what is chosen now, as it would be typed."""
    return {
        "sms": "yes" if mine.sms else "",
        "push": "yes" if mine.push else "",
        "number": mine.number or "",
        "quiet_from": f"{mine.quiet_from:%H:%M}" if mine.quiet_from else "",
        "quiet_until": f"{mine.quiet_until:%H:%M}" if mine.quiet_until else "",
        "digest_at": f"{mine.digest_at:%H:%M}" if mine.digest_at else "",
    }


def _page(
    at: Visit,
    mine: MyWays,
    given: Mapping[str, str],
    *,
    said: bool = False,
    problems: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    site = settings()
    return html(
        at,
        "app/telling.html",
        status=status,
        mine=mine,
        given=given,
        said=said,
        problems=problems or {},
        texts_here=bool(site.sms_url or site.sms_url_second),
        pushes_here=bool(push_service.key_for_browsers()),
    )
