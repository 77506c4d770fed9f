"""« Notifications »: which browsers take them, what comes instead, and the receipts they post."""

import json
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from core.i18n import translator
from core.settings import settings
from identity.edge.http import Visit, html, signed_in, visit
from identity.origin import say_device
from identity.people import SignedIn
from messages import push_service, receipt_service

router = APIRouter(include_in_schema=False)
PAGE = "/p/notifications"
Person = Annotated[SignedIn, Depends(signed_in)]
SAID_WORDS: dict[str, str] = {
    "on": "Notifications are on in this browser.",
    "off": "That browser takes no more notifications.",
    "tried": "A notification is on its way: it arrives within a few seconds.",
    "chosen": "Your choice is noted.",
    "gone": "That browser was not among yours. Nothing was changed.",
}
HERE_WORDS: dict[str, str] = {
    "off": "Notifications are off in this browser.",
    "here": "Notifications are on in this browser.",
    "refused": "This browser blocks notifications from here: allow them in its settings.",
    "install": "On this telephone, first add Chevet to the home screen and open it from there.",
    "none": "This browser takes no notifications.",
    "failed": "That did not work. Try again, or choose a text message below.",
}


class Subscribing(BaseModel):
    """What `static/notifications.js` sends of the browser's subscription."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(max_length=1000)
    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)


class Receipt(BaseModel):
    """What the service worker sends once it has shown a notification."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    receipt: str = Field(max_length=100)
    opened: bool = False


@router.get(PAGE)
def notifications(at: Annotated[Visit, Depends(visit)], person: Person, said: str = "") -> Response:
    """Show where notifications go, and what comes when one has not arrived."""
    say = translator(at.locale)
    quiet_from, quiet_until = settings().quiet_hours.split("-")
    return html(
        at,
        "app/notifications.html",
        key=push_service.key_for_browsers(),
        browsers=push_service.my_browsers(person.actor),
        fallback=push_service.my_fallback(person.actor),
        said=say(SAID_WORDS[said]) if said in SAID_WORDS else "",
        gone=said == "gone",
        words=json.dumps({code: say(text) for code, text in HERE_WORDS.items()}),
        quiet=(quiet_from, quiet_until) if quiet_from != quiet_until else None,
        at_home=person.patient_id is not None,
    )


@router.post(PAGE)
def switch_on(request: Request, person: Person, given: Subscribing) -> Response:
    """Let this browser take notifications."""
    browser = say_device(request.headers.get("user-agent", ""))
    made = push_service.subscribe(
        person.actor, given.endpoint, given.p256dh, given.auth, browser or "?"
    )
    if made is None:
        return JSONResponse({"error": "not_a_service"}, 422)
    return JSONResponse({"id": str(made)}, 201)


@router.post(PAGE + "/fallback")
def choose(
    person: Person, fallback: Annotated[Literal["sms", "email", "none"], Form()]
) -> Response:
    """Choose what comes when a notification has not arrived."""
    push_service.choose_fallback(person.actor, fallback)
    return RedirectResponse(f"{PAGE}?said=chosen", 303)


@router.post(PAGE + "/{subscription_id}/end")
def switch_off(person: Person, subscription_id: UUID) -> Response:
    """End notifications to one of my browsers."""
    said = "off" if push_service.unsubscribe(person.actor, subscription_id) else "gone"
    return RedirectResponse(f"{PAGE}?said={said}", 303)


@router.post(PAGE + "/{subscription_id}/try")
def try_out(
    at: Annotated[Visit, Depends(visit)], person: Person, subscription_id: UUID
) -> Response:
    """Send a notification to one of my browsers, to see it arrive."""
    said = "tried" if push_service.try_out(person.actor, subscription_id, at.locale) else "gone"
    return RedirectResponse(f"{PAGE}?said={said}", 303)


@router.post("/p/push/received")
def received(told: Receipt) -> Response:
    """Note that a browser has a notification; without a session, by the proof it came with."""
    if not receipt_service.note_receipt(told.id, told.receipt, opened=told.opened):
        raise HTTPException(status_code=404)
    return Response(status_code=204)
