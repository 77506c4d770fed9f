"""Signing in and out, and the choice of language."""

from typing import Annotated, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from core.i18n import LOCALES
from core.settings import settings
from identity import service
from identity.edge.http import (
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    Visit,
    html,
    session_token,
    visit,
)
from identity.landing import home_of, parse_local_path
from identity.people import Post, SignedIn
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Text = Annotated[str, Form(max_length=500)]

LANGUAGE_KEPT_SECONDS = 365 * 24 * 3600


@router.get("/sign-in")
def sign_in_page(at: AtVisit, next: str = "") -> Response:
    """Ask who it is; somebody already signed in goes on."""
    if at.signed_in is not None:
        person = at.signed_in
        return RedirectResponse(parse_local_path(next) or _home(person), 303)
    return _form(at, next=next)


@router.post("/sign-in")
def sign_in(
    request: Request,
    at: AtVisit,
    login: Text = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    post: Annotated[UUID | None, Form()] = None,
    next: Text = "",
) -> Response:
    """Open a session, in the chosen post when there are several."""
    address = request.client.host if request.client else ""
    outcome = service.sign_in(login, password, post, address=address)
    match outcome:
        case service.Opened(token=token):
            return _go_on(request, token, next)
        case service.ChoosePost(posts=posts):
            return _form(at, next=next, login=login, posts=posts)
        case service.WrongCredentials():
            return _form(at, next=next, login=login, problem="wrong", status=401)
        case service.TooManyAttempts():
            return _form(at, next=next, login=login, problem="wait", status=429)
        case _:
            assert_never(outcome)


def _home(person: SignedIn) -> str:
    is_patient = person.patient_id is not None
    return home_of(person.role, is_patient=is_patient, console_url=settings().console_url)


def _form(
    at: Visit,
    *,
    next: str,
    login: str = "",
    posts: tuple[Post, ...] = (),
    problem: str = "",
    status: int = 200,
) -> Response:
    return html(
        at,
        "identity/sign_in.html",
        status=status,
        next=parse_local_path(next) or "",
        login=login,
        posts=posts,
        problem=problem,
        role_label=role_label,
    )


def _go_on(request: Request, token: str, next: str) -> Response:
    _end_session(request)
    person = service.who_is(token)
    if person is None:
        raise HTTPException(status_code=401)
    answer = RedirectResponse(parse_local_path(next) or _home(person), 303)
    longest = None if person.post else int(service.PATIENT_LONGEST.total_seconds())
    answer.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=longest,
        httponly=True,
        samesite="lax",
        secure=settings().cookie_secure,
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session here and in the database."""
    _end_session(request)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def _end_session(request: Request) -> None:
    token = session_token(request.headers.get("cookie", ""))
    if token:
        service.sign_out(token)


@router.post("/language")
def choose_language(
    request: Request, at: AtVisit, locale: Annotated[str, Form()], next: Text = ""
) -> Response:
    """Keep the language in the browser, and in the account of somebody signed in."""
    if locale not in LOCALES:
        raise HTTPException(status_code=400)
    token = session_token(request.headers.get("cookie", ""))
    if token and at.signed_in is not None:
        service.choose_language(token, locale)
    answer = RedirectResponse(parse_local_path(next) or "/", 303)
    answer.set_cookie(
        LANGUAGE_COOKIE,
        locale,
        max_age=LANGUAGE_KEPT_SECONDS,
        samesite="lax",
        secure=settings().cookie_secure,
    )
    return answer
