"""What comes next once something is proved: a session, a second factor, a post, a page."""

from urllib.parse import quote
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from identity.edge.cookies import give_phone, give_session, go_on, origin
from identity.edge.http import session_token
from identity.landing import parse_local_path
from identity.people import SignedIn
from identity.session_service import (
    open_with_two_factors,
    posts_of,
    sign_out,
    step_up,
    who_is,
)


def page_with_next(page: str, next: str) -> str:
    """Return the address of a page that leads on to `next`."""
    kept = parse_local_path(next)
    return f"{page}?next={quote(kept)}" if kept else page


def one_proved(request: Request, token: str, next: str) -> Response:
    """Give the session of one factor and ask for the second."""
    end_session(request)
    return give_session(RedirectResponse(page_with_next("/sign-in/second", next), 303), token)


def two_proved(request: Request, who: SignedIn, next: str, *, remember: bool = False) -> Response:
    """Replace the session of somebody half signed in, and lead on."""
    token = session_token(request.headers.get("cookie", ""))
    return enter(request, step_up(who, token, origin(request)), next, remember=remember)


def proved_elsewhere(
    request: Request, person: UUID, next: str, *, is_patient: bool, remember: bool = False
) -> Response:
    """Sign somebody in who proved two factors at once: by a passkey, by Pro Santé Connect."""
    end_session(request)
    token = open_with_two_factors(person, is_patient=is_patient, origin=origin(request))
    return enter(request, token, next, remember=remember)


def enter(request: Request, token: str, next: str, *, remember: bool = False) -> Response:
    """Give the session of two factors and lead on, to the choice among several posts first."""
    person = who_is(token)
    if person is None:
        raise HTTPException(status_code=401)
    several = person.post is None and len(posts_of(person.person)) > 1
    answer: Response = (
        RedirectResponse(page_with_next("/sign-in/post", next), 303)
        if several
        else go_on(person, next)
    )
    give_session(answer, token)
    if remember and person.patient_id is not None and person.post is None:
        give_phone(request, answer, person)
    return answer


def end_session(request: Request) -> None:
    """End the session of this browser."""
    token = session_token(request.headers.get("cookie", ""))
    if token:
        sign_out(token)
