"""The link of a message: a code, and the alert is there to be answered.

Whatever only opens the link changes nothing: scanners of mail open it first.
"""

from typing import Annotated, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from alerts.link_service import Gone, Open, Waiting, open_alert, send_code, waiting
from core.settings import settings
from identity.edge.cookies import name_browser, origin
from identity.edge.http import Visit, html, visit
from identity.edge.link import give_alert, take_alert
from identity.federation import service as federation
from identity.federation.provider import PROVIDER_NAMES
from identity.verdicts import TooManyAttempts, Wrong

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
LONGEST_CODE = 40


@router.get("/l/{link}")
def link_page(request: Request, at: AtVisit, link: str, sent: str = "") -> Response:
    """Ask for a code; somebody signed in goes on to the alert."""
    found = waiting(link)
    if isinstance(found, Gone):
        return _gone(at)
    full = at.signed_in is not None and at.signed_in.aal == "two"
    if full or not found.factors.any:
        return RedirectResponse(f"/a/{found.alert}", 303)
    page = _form(at, link, found, sent=sent)
    return name_browser(request, page)


@router.post("/l/{link}")
def open_link(
    request: Request,
    at: AtVisit,
    link: str,
    code: Annotated[str, Form(max_length=LONGEST_CODE)] = "",
) -> Response:
    """Check the code; the right one opens the alert, and nothing besides, in this browser."""
    outcome = open_alert(link, code, origin(request))
    match outcome:
        case Open():
            page = f"/patients/{outcome.patient}/alerts/{outcome.alert}"
            answer = RedirectResponse(page, 303)
            return give_alert(answer, outcome.alert, outcome.token)
        case Gone():
            return _gone(at)
        case Wrong():
            return _again(at, link, "wrong", 401)
        case TooManyAttempts():
            return _again(at, link, "wait", 429)
        case _:
            assert_never(outcome)


@router.post("/l/{link}/sms")
def send_text(request: Request, at: AtVisit, link: str) -> Response:
    """Send a code to the telephone of whom the link was written to."""
    done = send_code(link, at.locale, origin(request))
    return RedirectResponse(f"/l/{link}?sent={'yes' if done else 'no'}", 303)


@router.post("/l/{alert_id}/leave")
def leave(request: Request, alert_id: UUID) -> Response:
    """End what the link opened in this browser; the alert stands as it stood."""
    return take_alert(request, RedirectResponse("/sign-in", 303), alert_id)


def _again(at: Visit, link: str, problem: str, status: int) -> Response:
    found = waiting(link)
    if isinstance(found, Gone):
        return _gone(at)
    return _form(at, link, found, problem=problem, status=status)


def _form(
    at: Visit, link: str, found: Waiting, *, sent: str = "", problem: str = "", status: int = 200
) -> Response:
    return html(
        at,
        "alerts/link.html",
        status=status,
        link=link,
        next=f"/a/{found.alert}",
        has=found.factors,
        sms=found.factors.sms is not None and bool(settings().sms_url),
        sent=sent,
        problem=problem,
        providers=federation.configured(),
        provider_names=PROVIDER_NAMES,
    )


def _gone(at: Visit) -> Response:
    return html(at, "alerts/link_gone.html", status=410)
