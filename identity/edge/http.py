"""Lock 1 at the edge of HTTP: from a cookie to a person, from a path to a record in hand.

Nothing here keeps a connection open: each question has its own transaction, over before the page
is made. A stranger gets the very 404 of a page that does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, assert_never
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser

from core.access import Denied, NotInCircle, Permission
from core.care import open_record
from core.doors import CareContext
from core.i18n import LOCALES
from core.pages import page
from core.settings import settings
from identity.people import SignedIn
from identity.service import who_is

SESSION_COOKIE = "chevet_session"
LANGUAGE_COOKIE = "chevet_language"


class AccessDenied(HTTPException):
    """A member of the circle asked for what his role does not grant: 403, and the page says so."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(status_code=403)
        self.permission = permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What every page needs to know of the request it answers."""

    signed_in: SignedIn | None
    locale: str
    time_zone: str
    path: str


def session_token(raw_cookies: str) -> str | None:
    """Return the session token of a Cookie header."""
    return cookie_parser(raw_cookies).get(SESSION_COOKIE) or None


def session_from_cookie_header(raw: str) -> SignedIn | None:
    """Return the person behind a Cookie header, or None when nobody is signed in."""
    token = session_token(raw)
    return who_is(token) if token else None


def person_if_any(request: Request) -> SignedIn | None:
    """Return who is signed in, asking the database once a request."""
    if not hasattr(request.state, "signed_in"):
        request.state.signed_in = session_from_cookie_header(request.headers.get("cookie", ""))
    found: SignedIn | None = request.state.signed_in
    return found


def signed_in(person: Annotated[SignedIn | None, Depends(person_if_any)]) -> SignedIn:
    """Return who is signed in; 401 otherwise, which pages turn into the sign-in page."""
    if person is None:
        raise HTTPException(status_code=401)
    return person


def visit(request: Request, person: Annotated[SignedIn | None, Depends(person_if_any)]) -> Visit:
    """Return what pages need: who, in which language and time zone, at which address."""
    return visit_of(request, person)


def visit_of(request: Request, person: SignedIn | None) -> Visit:
    """Return the visit of a person already known; a choice of language is kept by a cookie."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    anonymous_locale = chosen if chosen in LOCALES else LOCALES[0]
    return Visit(
        signed_in=person,
        locale=person.locale if person else anonymous_locale,
        time_zone=person.time_zone if person else settings().time_zone,
        path=request.url.path,
    )


def care(permission: Permission) -> Callable[[UUID, SignedIn], CareContext]:
    """Return the dependency that opens the record of the path's `patient_id` for one right."""

    def opened(patient_id: UUID, person: Annotated[SignedIn, Depends(signed_in)]) -> CareContext:
        return _open(person, patient_id, permission)

    opened.__name__ = f"care_{permission.name.lower()}"
    return opened


def own_record(permission: Permission) -> Callable[[SignedIn], CareContext]:
    """Return the dependency that opens the record of the signed-in patient; others get a 404."""

    def opened(person: Annotated[SignedIn, Depends(signed_in)]) -> CareContext:
        if person.patient_id is None:
            raise HTTPException(status_code=404)
        return _open(person, person.patient_id, permission)

    opened.__name__ = f"own_record_{permission.name.lower()}"
    return opened


def _open(person: SignedIn, patient: UUID, permission: Permission) -> CareContext:
    verdict = open_record(person.actor, patient, permission)
    match verdict:
        case CareContext():
            return verdict
        case NotInCircle():
            raise HTTPException(status_code=404)
        case Denied():
            raise AccessDenied(permission)
        case _:
            assert_never(verdict)


def html(at: Visit, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page in the visitor's language and time zone; templates know him as `visit`."""
    body = page(template, at.locale, at.time_zone, visit=at, **values)
    return HTMLResponse(body, status_code=status)
