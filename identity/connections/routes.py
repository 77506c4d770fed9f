"""« Mes connexions »: where I am signed in, and signing out there."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from core import clock
from identity.connections import service
from identity.edge.http import SESSION_COOKIE, Visit, html, signed_in, visit
from identity.federation.provider import PROVIDER_NAMES
from identity.people import SignedIn
from identity.words import role_label

router = APIRouter(include_in_schema=False)
PAGE = "/account/sessions"
Person = Annotated[SignedIn, Depends(signed_in)]


@router.get(PAGE)
def sessions(at: Annotated[Visit, Depends(visit)], person: Person, said: str = "") -> Response:
    """Show my live sessions."""
    return html(
        at,
        "identity/sessions.html",
        sessions=service.own_sessions(person.actor),
        mine=person.session,
        said=said if said in ("ended", "gone") else "",
        providers=PROVIDER_NAMES,
        role_label=role_label,
        now=clock.now(),
    )


@router.post(PAGE + "/{session}/end")
def end(person: Person, session: UUID) -> Response:
    """End one of my sessions."""
    if session == person.session:
        service.end_session(person.actor, session)
        return _signed_out()
    said = "ended" if service.end_session(person.actor, session) else "gone"
    return RedirectResponse(f"{PAGE}?said={said}", 303)


@router.post(PAGE + "/end-all")
def end_all(person: Person) -> Response:
    """Sign out everywhere, here too."""
    service.end_all_sessions(person.actor)
    return _signed_out()


def _signed_out() -> Response:
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer
