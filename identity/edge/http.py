"""Lock 1 at the edge of HTTP: from a cookie to a person, from a path to a record in hand.

Nothing here keeps a connection open: each question has its own transaction, over before the page
is made. A stranger gets the very 404 of a page that does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, assert_never
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser

from core.access import Denied, NotInCircle, Permission
from core.care import ARCHIVED, open_record
from core.doors import CareContext
from core.i18n import LOCALES
from core.pages import page
from core.settings import settings
from identity.people import SignedIn
from identity.session_service import is_fresh, who_is

SESSION_COOKIE = "chevet_session"
PHONE_COOKIE = "chevet_phone"
"""The token of a phone that may answer today's questionnaire and nothing more."""
LANGUAGE_COOKIE = "chevet_language"


class AccessDenied(HTTPException):
    """A member of the circle asked for what his role does not grant: 403, and the page says so."""

    def __init__(self, permission: Permission, *, archived: bool = False) -> None:
        super().__init__(status_code=403)
        self.permission = permission
        self.archived = archived
        """Whether nobody may, because the record is archived."""


class SecondFactorNeeded(HTTPException):
    """Somebody is known, but has not given two factors, or not lately: 401, and pages ask."""

    def __init__(self, back: str | None = None) -> None:
        super().__init__(status_code=401)
        self.back = back
        """Where to go on afterwards; None: the page that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What every page needs to know of the request it answers."""

    signed_in: SignedIn | None
    locale: str
    time_zone: str
    path: str
    training: bool
    """Whether all that is shown is invented: the whole site, or this person's territory."""
    terms_asked: bool
    """Whether the person has yet to accept the terms of use in force."""


def session_token(raw_cookies: str) -> str | None:
    """Return the session token of a Cookie header."""
    return cookie_parser(raw_cookies).get(SESSION_COOKIE) or None


def phone_token(raw_cookies: str) -> str | None:
    """Return the token by which a phone is remembered."""
    return cookie_parser(raw_cookies).get(PHONE_COOKIE) or None


def _who(token: str | None) -> SignedIn | None:
    found = who_is(token) if token else None
    if found is not None and found.aal == "link":
        return None  # it opens one alert (`identity.edge.link`), and is nobody everywhere else
    return replace(found, training=True) if found and settings().training else found


def session_from_cookie_header(raw: str) -> SignedIn | None:
    """Return the person behind a Cookie header who gave two factors; None for anybody else."""
    token = session_token(raw)
    found = _who(token)
    return found if found is not None and found.aal == "two" else None


def anyone_from_cookie_header(raw: str) -> SignedIn | None:
    """Return whoever a Cookie header tells of, whatever was proved: see `SignedIn.aal`."""
    token, phone = session_token(raw), phone_token(raw)
    found = _who(token)
    if phone and (found is None or found.aal == "one"):
        remembered = _who(phone)
        if remembered is not None and remembered.aal == "remembered":
            return remembered
    return found if found is not None and found.aal != "remembered" else None


def half_signed_in(request: Request) -> SignedIn:
    """Return who has a session of any kind, one just begun before a remembered phone; else 401."""
    token = session_token(request.headers.get("cookie", ""))
    person = _who(token) or person_if_any(request)
    if person is None:
        raise HTTPException(status_code=401)
    return person


def person_if_any(request: Request) -> SignedIn | None:
    """Return who is there, whatever was proved, asking the database once a request."""
    if not hasattr(request.state, "signed_in"):
        request.state.signed_in = anyone_from_cookie_header(request.headers.get("cookie", ""))
    found: SignedIn | None = request.state.signed_in
    return found


def known_person(person: Annotated[SignedIn | None, Depends(person_if_any)]) -> SignedIn:
    """Return who is there, whatever was proved; 401 otherwise."""
    if person is None:
        raise HTTPException(status_code=401)
    return person


def signed_in(person: Annotated[SignedIn, Depends(known_person)]) -> SignedIn:
    """Return who is signed in with two factors; else 401, which pages turn into what is missing."""
    if person.aal != "two":
        raise SecondFactorNeeded
    return person


def freshly_signed_in(person: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
    """Return who gave two factors minutes ago: changing a factor asks for no less."""
    if not is_fresh(person):
        raise SecondFactorNeeded("/account/sign-in")
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
        training=settings().training or bool(person and person.training),
        terms_asked=bool(getattr(request.state, "terms_asked", False)),
    )


def care(
    permission: Permission, who: Callable[..., SignedIn] = signed_in
) -> Callable[[UUID, SignedIn], CareContext]:
    """Return the dependency that opens the record of the path's `patient_id` for one right.

    `who` finds the one who asks.
    """

    def opened(patient_id: UUID, person: Annotated[SignedIn, Depends(who)]) -> CareContext:
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


def own_today(permission: Permission) -> Callable[[SignedIn], CareContext]:
    """Like `own_record`, for today's questionnaire: a remembered phone is enough.

    What such a page shows of other days it must leave out when `only_today` says so.
    """

    def opened(person: Annotated[SignedIn, Depends(known_person)]) -> CareContext:
        if person.aal == "one":
            raise SecondFactorNeeded
        if person.patient_id is None:
            raise HTTPException(status_code=404)
        return _open(person, person.patient_id, permission)

    opened.__name__ = f"own_record_today_{permission.name.lower()}"
    return opened


def only_today(at: Visit) -> bool:
    """Say whether this is a remembered phone, which sees nothing but today."""
    return at.signed_in is not None and at.signed_in.aal == "remembered"


def _open(person: SignedIn, patient: UUID, permission: Permission) -> CareContext:
    verdict = open_record(person.actor, patient, permission)
    match verdict:
        case CareContext():
            return verdict
        case NotInCircle():
            raise HTTPException(status_code=404)
        case Denied(reason=reason):
            raise AccessDenied(permission, archived=reason == ARCHIVED)
        case _:
            assert_never(verdict)


def html(at: Visit, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page in the visitor's language and time zone; templates know him as `visit`."""
    body = page(template, at.locale, at.time_zone, visit=at, **values)
    return HTMLResponse(body, status_code=status)
