"""Links by mail: opening an account, choosing a new password. Opening a page uses nothing up."""

from typing import Annotated, assert_never

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request, Response

from core.settings import settings
from identity import activation_service, reset_service
from identity.edge.cookies import name_browser, origin
from identity.edge.flow import one_proved
from identity.edge.http import Visit, html, person_if_any, visit
from identity.factor_service import second_factors, send_sms_code
from identity.passwords import Weak
from identity.people import SignedIn
from identity.session_service import is_fresh
from identity.verdicts import Confirmed, Opened, TooManyAttempts, Wrong

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Secret = Annotated[str, Form(max_length=1000)]
Text = Annotated[str, Form(max_length=500)]


@router.get("/activate/{token}")
def activation_page(request: Request, at: AtVisit, token: str) -> Response:
    """Ask for the code that goes with the link, and for a password."""
    if activation_service.invited(token) is None:
        return _expired(at)
    return name_browser(request, _activation(at, token))


@router.post("/activate/{token}")
def activate(
    request: Request,
    at: AtVisit,
    token: str,
    code: Text = "",
    new: Secret = "",
    again: Secret = "",
) -> Response:
    """Open the account; a second factor is set up next."""
    if new != again:
        return _activation(at, token, problem="again")
    outcome = activation_service.activate(token, code, new, origin(request))
    match outcome:
        case Opened(token=session):
            return one_proved(request, session, "")
        case activation_service.Expired():
            return _expired(at)
        case Weak(why=why):
            return _activation(at, token, problem="weak", weak=why)
        case Wrong():
            return _activation(at, token, problem="wrong")
        case TooManyAttempts():
            return _activation(at, token, problem="wait", status=429)
        case _:
            assert_never(outcome)


def _activation(
    at: Visit, token: str, *, problem: str = "", weak: str = "", status: int | None = None
) -> Response:
    return html(
        at,
        "identity/activate.html",
        status=status or (422 if problem else 200),
        token=token,
        problem=problem,
        weak=weak,
    )


def _expired(at: Visit) -> Response:
    return html(at, "identity/link_expired.html", status=410)


@router.get("/forgotten")
def forgotten_page(request: Request, at: AtVisit) -> Response:
    """Ask whose password was forgotten."""
    return name_browser(request, html(at, "identity/forgotten.html", asked=False))


@router.post("/forgotten")
def forgotten(
    request: Request, at: AtVisit, background: BackgroundTasks, login: Text = ""
) -> Response:
    """Promise a mail to whoever has an account; the answer and its delay tell nothing of that."""
    background.add_task(reset_service.ask, login, origin(request))
    answer = html(at, "identity/forgotten.html", asked=True)
    answer.background = background
    return answer


@router.get("/reset/{token}")
def reset_page(
    request: Request,
    at: AtVisit,
    token: str,
    who: Annotated[SignedIn | None, Depends(person_if_any)],
) -> Response:
    """Ask for a new password and the second factor."""
    return name_browser(request, _reset(at, token, who))


@router.post("/reset/{token}")
def reset(
    request: Request,
    at: AtVisit,
    token: str,
    who: Annotated[SignedIn | None, Depends(person_if_any)],
    code: Text = "",
    new: Secret = "",
    again: Secret = "",
) -> Response:
    """Set the new password; every session of the account ends."""
    if new != again:
        return _reset(at, token, who, problem="again")
    outcome = reset_service.reset(token, code, new, who, origin(request))
    match outcome:
        case Confirmed():
            return html(at, "identity/reset_done.html")
        case activation_service.Expired():
            return _expired(at)
        case Weak(why=why):
            return _reset(at, token, who, problem="weak", weak=why)
        case Wrong():
            return _reset(at, token, who, problem="wrong")
        case TooManyAttempts():
            return _reset(at, token, who, problem="wait", status=429)
        case _:
            assert_never(outcome)


@router.post("/reset/{token}/sms")
def send_reset_code(
    request: Request,
    at: AtVisit,
    token: str,
    who: Annotated[SignedIn | None, Depends(person_if_any)],
) -> Response:
    """Send a code to the telephone of the account whose link this is."""
    account = reset_service.asked_by(token)
    if account is None:
        return _expired(at)
    told = send_sms_code(account.person, account.locale, origin(request))
    return _reset(at, token, who, sent=isinstance(told, Confirmed))


def _reset(
    at: Visit,
    token: str,
    who: SignedIn | None,
    *,
    problem: str = "",
    weak: str = "",
    sent: bool = False,
    status: int | None = None,
) -> Response:
    account = reset_service.asked_by(token)
    if account is None:
        return _expired(at)
    has = second_factors(account.person)
    return html(
        at,
        "identity/reset.html",
        status=status or (422 if problem else 200),
        token=token,
        proved=who is not None and who.person == account.person and is_fresh(who),
        sms=has.sms is not None and bool(settings().sms_url),
        has=has,
        sent=sent,
        problem=problem,
        weak=weak,
    )
