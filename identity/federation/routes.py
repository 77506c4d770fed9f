"""The way to a provider and back: every address here is for people who are not signed in yet."""

from typing import Annotated, assert_never

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from core.settings import settings
from identity.edge.cookies import name_browser, origin
from identity.edge.flow import end_session, enter
from identity.edge.http import Visit, html, visit
from identity.federation import service
from identity.federation.provider import PROVIDER_NAMES, Provider
from identity.federation.words import CAUSE_SENTENCES
from identity.landing import parse_local_path

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]

ATTEMPT_COOKIE = "chevet_attempt"
STATUS_OF = {service.Cause.UNREACHABLE: 503}


def named(provider: str) -> Provider:
    """Return the provider of the path; one this site is not registered with does not exist."""
    found = service.provider_named(provider)
    if found is None:
        raise HTTPException(status_code=404)
    return found


At = Annotated[Provider, Depends(named)]


@router.get("/sign-in/with/{provider}")
def begin(request: Request, at: AtVisit, provider: At, next: str = "") -> Response:
    """Send the browser to the provider."""
    begun = service.begin(provider, parse_local_path(next) or "")
    match begun:
        case service.Refused():
            return _refusal(at, provider, begun)
        case service.Begun(address=address, browser=browser):
            away = RedirectResponse(address, 303)
            away.set_cookie(
                ATTEMPT_COOKIE,
                browser,
                max_age=int(service.LONGEST.total_seconds()),
                path="/sign-in/with",
                httponly=True,
                samesite="lax",
                secure=settings().cookie_secure,
            )
            return name_browser(request, away)
        case _:
            assert_never(begun)


@router.get("/sign-in/with/{provider}/answer")
def answer(
    request: Request, at: AtVisit, provider: At, state: str = "", code: str = ""
) -> Response:
    """Take the provider's answer and lead on, to the choice of a post where there are several."""
    browser = request.cookies.get(ATTEMPT_COOKIE, "")
    outcome = service.answer(
        provider, state=state, code=code, browser=browser, origin=origin(request)
    )
    match outcome:
        case service.Opened(token=token, next=next):
            end_session(request)
            return name_browser(request, enter(request, token, next))
        case service.Refused():
            return _refusal(at, provider, outcome)
        case _:
            assert_never(outcome)


def _refusal(at: Visit, provider: Provider, refused: service.Refused) -> Response:
    return html(
        at,
        "identity/federation_refused.html",
        status=STATUS_OF.get(refused.cause, 403),
        cause=refused.cause,
        sentence=CAUSE_SENTENCES[refused.cause],
        provider=provider,
        names=PROVIDER_NAMES,
    )
