"""The link of an invitation, asking for an account by it, and the invitations that wait for one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, StringConstraints

from coordination.inviting import inviting as words
from coordination.inviting import service
from core.access import Permission
from core.care import open_record
from core.doors import CareContext
from identity.edge.cookies import name_browser, origin
from identity.edge.http import Visit, html, signed_in, visit
from identity.people import SignedIn
from identity.verdicts import TooManyAttempts
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Person = Annotated[SignedIn, Depends(signed_in)]
Field = Annotated[str, StringConstraints(max_length=300)]


class AskingForm(BaseModel):
    """Who asks for an account, as typed."""

    family: Field = ""
    given: Field = ""
    rpps: Field = ""


@router.get("/invitations")
def my_invitations(at: AtVisit, person: Person, said: str = "") -> Response:
    """Show the invitations that wait for whoever is signed in."""
    return html(
        at,
        "coordination/my_invitations.html",
        invitations=service.mine(person.actor),
        said=words.SAID_SENTENCES.get(said, ""),
        good=said in ("refused", "accepted"),
        role_label=role_label,
    )


@router.post("/invitations/{waiting_id}/answer")
def answer_invitation(
    person: Person, waiting_id: UUID, accepts: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Accept or refuse; an accepted invitation leads to the circle it opened."""
    done = service.answer(person.actor, waiting_id, accepts=accepts == "yes")
    # A record that is not shared, or a right that was not agreed to, opens no page of contacts.
    if done.patient is not None and isinstance(
        open_record(person.actor, done.patient, Permission.IDENTITY_READ), CareContext
    ):
        return RedirectResponse(f"/patients/{done.patient}/circle/contacts?said=accepted", 303)
    return RedirectResponse(f"/invitations?said={done.outcome}", 303)


@router.get("/invitations/{token}")
def invitation_page(request: Request, at: AtVisit, token: str) -> Response:
    """Say who invites, and lead to signing in or to asking for an account."""
    if at.signed_in is not None and at.signed_in.aal == "two":
        return RedirectResponse("/invitations", 303)
    return name_browser(request, _page(at, token))


@router.post("/invitations/{token}")
def ask_account(
    request: Request, at: AtVisit, token: str, form: Annotated[AskingForm, Form()]
) -> Response:
    """Ask for an account; somebody confirms who it is before anything opens."""
    given = form.model_dump()
    done = service.ask_account(token, given, origin(request))
    if isinstance(done, words.Mend):
        return _page(at, token, status=422, given=given, problems=done.problems)
    if isinstance(done, TooManyAttempts):
        return _page(at, token, status=429, given=given, problem="wait")
    if done is None:
        return _page(at, token, status=422, given=given, problem="no")
    return _page(at, token)


def _page(at: Visit, token: str, *, status: int = 200, **typed: Any) -> Response:
    found = service.behind(token)
    if found is None:
        return html(at, "identity/link_expired.html", status=410)
    return html(
        at,
        "coordination/invitation_link.html",
        status=status,
        token=token,
        found=found,
        role_label=role_label,
        problem_sentences=words.PROBLEM_SENTENCES,
        **{"given": {}, "problems": {}, "problem": "", **typed},
    )
