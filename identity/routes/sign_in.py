"""The first factor, the choice of a post, signing out, the choice of language."""

from dataclasses import replace
from typing import Annotated, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from core.i18n import LOCALES
from core.settings import settings
from identity import session_service
from identity.edge.cookies import (
    forget_this_phone,
    give_session,
    go_on,
    name_browser,
    origin,
    take_session,
)
from identity.edge.flow import end_session, one_proved, page_with_next
from identity.edge.http import (
    LANGUAGE_COOKIE,
    Visit,
    half_signed_in,
    html,
    session_token,
    visit,
)
from identity.federation import service as federation
from identity.federation.provider import PROVIDER_NAMES
from identity.landing import parse_local_path
from identity.password_service import sign_in as check_password
from identity.people import SignedIn
from identity.verdicts import Opened, TooManyAttempts, WrongCredentials
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Text = Annotated[str, Form(max_length=500)]

LANGUAGE_KEPT_SECONDS = 365 * 24 * 3600


@router.get("/sign-in")
def sign_in_page(request: Request, at: AtVisit, next: str = "") -> Response:
    """Ask who it is; somebody already signed in goes on, a remembered phone to its day."""
    person = at.signed_in
    if person is not None and (person.aal == "two" or (person.aal == "remembered" and not next)):
        return go_on(person, next)
    return _form(request, at, next=next)


@router.post("/sign-in")
def sign_in(
    request: Request,
    at: AtVisit,
    login: Text = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Text = "",
) -> Response:
    """Check the password; the second factor comes next."""
    outcome = check_password(login, password, origin=origin(request))
    match outcome:
        case Opened(token=token):
            return one_proved(request, token, next)
        case WrongCredentials():
            return _form(request, at, next=next, login=login, problem="wrong", status=401)
        case TooManyAttempts():
            return _form(request, at, next=next, login=login, problem="wait", status=429)
        case _:
            assert_never(outcome)


def _form(
    request: Request,
    at: Visit,
    *,
    next: str,
    login: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    values = {
        "next": parse_local_path(next) or "",
        "login": login,
        "problem": problem,
        "providers": federation.configured(),
        "provider_names": PROVIDER_NAMES,
    }
    return name_browser(request, html(at, "identity/sign_in.html", status=status, **values))


@router.get("/sign-in/post")
def post_page(
    at: AtVisit, who: Annotated[SignedIn, Depends(half_signed_in)], next: str = ""
) -> Response:
    """Ask in which post somebody with several acts now."""
    if who.aal != "two":
        return RedirectResponse(page_with_next("/sign-in", next), 303)
    if who.post is not None:
        return go_on(who, next)
    if not session_service.is_fresh(who):
        return RedirectResponse(page_with_next("/sign-in/second", next), 303)
    posts = session_service.posts_of(who.person)
    return html(
        at,
        "identity/choose_post.html",
        next=parse_local_path(next) or "",
        posts=posts,
        role_label=role_label,
    )


@router.post("/sign-in/post")
def choose_post(
    request: Request,
    who: Annotated[SignedIn, Depends(half_signed_in)],
    post: Annotated[UUID, Form()],
    next: Text = "",
) -> Response:
    """Act in a post from now on; the session changes with it.

    The new one counts as just proved: so the one before must have been.
    """
    token = session_token(request.headers.get("cookie", ""))
    if who.post is not None or who.aal != "two" or token is None:
        return RedirectResponse(page_with_next("/sign-in", next), 303)
    if not session_service.is_fresh(who):
        return RedirectResponse(page_with_next("/sign-in/second", next), 303)
    opened = session_service.choose_post(who, token, post, origin(request))
    if opened is not None:
        federation.carry(token, opened)
    person = session_service.who_is(opened) if opened else None
    if opened is None or person is None:
        raise HTTPException(status_code=404)
    return give_session(go_on(person, next), opened)


@router.post("/sign-out")
def sign_out(request: Request, at: AtVisit) -> Response:
    """End the session here and in the database; a remembered phone alone is forgotten.

    Where a provider opened it a page leads there: no form of ours may end at another site.
    """
    token = session_token(request.headers.get("cookie", ""))
    there = federation.ended_there(token) if token else None
    end_session(request)
    answer: Response = RedirectResponse("/sign-in", 303)
    if there is not None:
        name = PROVIDER_NAMES[there.provider]
        nobody = replace(at, signed_in=None)
        answer = html(nobody, "identity/signed_out.html", address=there.address, provider=name)
    take_session(answer)
    if at.signed_in is None or at.signed_in.post is None:
        # What a patient's phone keeps to work without a network goes with him (ASVS 14.3.1).
        answer.headers["clear-site-data"] = '"storage"'
    if at.signed_in is not None and at.signed_in.aal == "remembered":
        forget_this_phone(request, answer)
    return answer


@router.post("/language")
def choose_language(
    request: Request, at: AtVisit, locale: Annotated[str, Form()], next: Text = ""
) -> Response:
    """Keep the language in the browser, and in the account of somebody signed in."""
    if locale not in LOCALES:
        raise HTTPException(status_code=400)
    token = session_token(request.headers.get("cookie", ""))
    if token and at.signed_in is not None and at.signed_in.aal == "two":
        session_service.choose_language(token, locale)
    answer = RedirectResponse(parse_local_path(next) or "/", 303)
    answer.set_cookie(
        LANGUAGE_COOKIE,
        locale,
        max_age=LANGUAGE_KEPT_SECONDS,
        samesite="lax",
        secure=settings().cookie_secure,
    )
    return answer
