"""Accounts that invited professionals asked for: an administrator confirms who each of them is."""

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from coordination.inviting import inviting as words
from coordination.inviting import service
from core.access import Permission
from identity.edge.http import Visit, html, visit
from identity.edge.posts import acting_post
from identity.people import SignedIn
from identity.words import role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Administrator = Annotated[SignedIn, Depends(acting_post(Permission.ACCOUNTS_MANAGE))]
PAGE: Final = "/admin/invited"


@router.get(PAGE)
def accounts_asked(at: AtVisit, admin: Administrator, said: str = "") -> Response:
    """Show the professionals who wait."""
    return _page(at, admin, said=said)


@router.post(f"{PAGE}/{{waiting_id}}")
def confirm_account(
    at: AtVisit,
    admin: Administrator,
    waiting_id: UUID,
    act: Annotated[Literal["confirm", "send_back"], Form()] = "send_back",
    asked: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Confirm who a professional is, or send his request back."""
    done = service.confirm_professional(
        admin.actor, waiting_id, words.read_judged(asked, is_he=act == "confirm")
    )
    if done.code:
        return _page(at, admin, code=done.code)
    return RedirectResponse(f"{PAGE}?said={done.outcome}", 303)


def _page(at: Visit, admin: SignedIn, *, said: str = "", code: str = "") -> Response:
    return html(
        at,
        "coordination/accounts_asked.html",
        asked=service.accounts_asked(admin.actor),
        organisation=admin.organisation_name,
        said=words.SAID_SENTENCES.get(said, ""),
        good=said in ("known", "sent_back"),
        code=code,
        role_label=role_label,
    )
