"""Cookies that signing in gives and takes, and the place a request comes from."""

import secrets
from datetime import timedelta
from typing import Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from core.settings import settings
from identity.edge.http import PHONE_COOKIE, SESSION_COOKIE, phone_token
from identity.landing import home_of, parse_local_path
from identity.origin import Origin, origin_of
from identity.people import SignedIn
from identity.session_service import PHONE_LASTS, remember_phone, sign_out

BROWSER_COOKIE: Final = "chevet_browser"
"""Names a browser, not a person: guesses made elsewhere do not slow it down."""
BROWSER_KEPT: Final = timedelta(days=365)


def origin(request: Request) -> Origin:
    """Return the place a request comes from."""
    return origin_of(
        request.client.host if request.client else "",
        request.cookies.get(BROWSER_COOKIE, ""),
        request.headers.get("user-agent", ""),
    )


def name_browser(request: Request, answer: Response) -> Response:
    """Give a browser without one a name of its own."""
    if not request.cookies.get(BROWSER_COOKIE):
        _set(answer, BROWSER_COOKIE, secrets.token_urlsafe(24), BROWSER_KEPT)
    return answer


def give_session(answer: Response, token: str) -> Response:
    """Give the browser a session, until the browser closes at the latest."""
    _set(answer, SESSION_COOKIE, token, None)
    return answer


def take_session(answer: Response) -> Response:
    """Take the session from the browser."""
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def give_phone(request: Request, answer: Response, person: SignedIn) -> Response:
    """Have this phone remembered, anew if it was already."""
    forget_this_phone(request, answer)
    _set(answer, PHONE_COOKIE, remember_phone(person.person, origin(request)), PHONE_LASTS)
    return answer


def forget_this_phone(request: Request, answer: Response) -> Response:
    """Remember this phone no longer."""
    token = phone_token(request.headers.get("cookie", ""))
    if token:
        sign_out(token)
        answer.delete_cookie(PHONE_COOKIE)
    return answer


def _set(answer: Response, name: str, value: str, lasts: timedelta | None) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()) if lasts else None,
        httponly=True,
        samesite="lax",
        secure=settings().cookie_secure,
    )


def home(person: SignedIn) -> str:
    """Return the first page of a person."""
    is_patient = person.patient_id is not None
    return home_of(person.role, is_patient=is_patient, console_url=settings().console_url)


def go_on(person: SignedIn, next: str) -> RedirectResponse:
    """Lead to the page that was asked for, or home."""
    return RedirectResponse(parse_local_path(next) or home(person), 303)
