"""Lock 1 for a session of a link: it opens the alert it was opened for, and is unknown elsewhere.

Its cookie is another one than that of a session, so that no page which does not ask for it here
ever takes it for somebody signed in, nor a sign-in for half done.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request, Response
from starlette.exceptions import HTTPException

from core.access import Permission
from core.doors import CareContext
from core.settings import settings
from identity.edge.http import (
    SecondFactorNeeded,
    Visit,
    care,
    person_if_any,
    visit_of,
)
from identity.people import SignedIn
from identity.session_service import LINK_LONGEST, sign_out, who_is

_COOKIE: Final = "chevet_alert_"


def cookie_of(alert: UUID) -> str:
    """Return the name of the cookie of one alert: another one opened beside it has its own."""
    return f"{_COOKIE}{alert.hex}"


def give_alert(answer: Response, alert: UUID, token: str) -> Response:
    """Give this browser the session of one alert."""
    answer.set_cookie(
        cookie_of(alert),
        token,
        max_age=int(LINK_LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings().cookie_secure,
    )
    return answer


def take_alert(request: Request, answer: Response, alert: UUID) -> Response:
    """End the session of one alert, here and in the database."""
    token = request.cookies.get(cookie_of(alert))
    if token:
        sign_out(token)
    answer.delete_cookie(cookie_of(alert))
    return answer


def on_alert(
    request: Request,
    alert_id: UUID,
    person: Annotated[SignedIn | None, Depends(person_if_any)],
) -> SignedIn:
    """Return who is signed in, or who opened this very alert by its link and a code; else 401."""
    if person is not None and person.aal == "two":
        return person
    token = request.cookies.get(cookie_of(alert_id))
    linked = who_is(token) if token else None
    if linked is not None and linked.aal == "link" and linked.only_alert == alert_id:
        return replace(linked, training=linked.training or settings().training)
    if person is None:
        raise HTTPException(status_code=401)
    raise SecondFactorNeeded


def visit_on_alert(request: Request, person: Annotated[SignedIn, Depends(on_alert)]) -> Visit:
    """Return what the page of an alert needs to know of the request."""
    return visit_of(request, person)


def care_on_alert(permission: Permission) -> Callable[[UUID, SignedIn], CareContext]:
    """Like `care`, for the page of an alert: its link and a code are enough."""
    return care(permission, who=on_alert)
