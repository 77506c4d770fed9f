"""Passkeys: what `static/passkey.js` asks and answers, as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from identity import passkey_service
from identity.edge.cookies import name_browser
from identity.edge.flow import proved_elsewhere
from identity.people import SignedIn
from identity.routes.set_up import added, enrolling
from identity.verdicts import Wrong

router = APIRouter(include_in_schema=False)


class Signed(BaseModel):
    """What a browser sends back; `credential` is checked by the library of WebAuthn."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    credential: dict[str, Any]
    next: str = ""
    name: str = ""
    remember: bool = False


@router.post("/sign-in/passkey/options")
def begin_proving(request: Request) -> Response:
    """Ask for any passkey of this site."""
    return name_browser(request, _ceremony(passkey_service.begin_proving()))


@router.post("/sign-in/passkey")
def prove(request: Request, signed: Signed) -> Response:
    """Open a session: a passkey with its owner verified is two factors."""
    account = passkey_service.prove(signed.id, signed.credential)
    if isinstance(account, Wrong):
        return JSONResponse({"error": "wrong"}, 401)
    return _as_json(
        proved_elsewhere(
            request,
            account.person,
            signed.next,
            is_patient=account.is_patient,
            remember=signed.remember,
        )
    )


@router.post("/sign-in/set-up/passkey/options")
def begin_adding(who: Annotated[SignedIn, Depends(enrolling)]) -> Response:
    """Ask for a new passkey."""
    return _ceremony(passkey_service.begin_adding(who))


@router.post("/sign-in/set-up/passkey")
def add(request: Request, signed: Signed, who: Annotated[SignedIn, Depends(enrolling)]) -> Response:
    """Keep a new passkey."""
    outcome = passkey_service.add(who, signed.id, signed.credential, signed.name)
    if isinstance(outcome, Wrong):
        return JSONResponse({"error": "wrong"}, 422)
    return _as_json(added(request, who, signed.next))


def _ceremony(begun: passkey_service.Ceremony) -> Response:
    return JSONResponse({"id": str(begun.id), "options": begun.options})


def _as_json(redirect: Response) -> Response:
    """Say where to go on as JSON, with the cookies of the redirect: fetch does not show them."""
    answer = JSONResponse({"to": redirect.headers["location"]})
    for name, value in redirect.raw_headers:
        if name == b"set-cookie":
            answer.raw_headers.append((name, value))
    return answer
