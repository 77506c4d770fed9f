"""Setting up second factors: a code application, text messages, recovery codes."""

from typing import Annotated, assert_never

import segno
from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from core.settings import settings
from identity import factor_service
from identity.edge.cookies import name_browser, origin
from identity.edge.flow import page_with_next, two_proved
from identity.edge.http import (
    SecondFactorNeeded,
    Visit,
    freshly_signed_in,
    half_signed_in,
    html,
    visit,
)
from identity.factors import spaced, totp_address
from identity.landing import parse_local_path
from identity.people import SignedIn
from identity.phone_numbers import parse_mobile
from identity.session_service import is_fresh
from identity.verdicts import Confirmed, TooManyAttempts, Wrong

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Text = Annotated[str, Form(max_length=500)]


def enrolling(who: Annotated[SignedIn, Depends(half_signed_in)]) -> SignedIn:
    """Return who may add a second factor: two were given just now, or there is none yet."""
    if is_fresh(who):
        return who
    if who.aal == "one" and not factor_service.second_factors(who.person).any:
        return who
    raise SecondFactorNeeded("/account/sign-in" if who.aal == "two" else None)


Enrolling = Annotated[SignedIn, Depends(enrolling)]


@router.get("/sign-in/set-up")
def set_up_page(request: Request, at: AtVisit, who: Enrolling, next: str = "") -> Response:
    """Let somebody choose a second factor; nothing else opens before."""
    answer = html(
        at,
        "identity/set_up.html",
        next=parse_local_path(next) or "",
        who=who,
        first=who.aal == "one",
        sms=_may_have_sms(who),
    )
    return name_browser(request, answer)


@router.get("/sign-in/set-up/totp")
def totp_page(at: AtVisit, who: Enrolling, next: str = "") -> Response:
    """Show the picture that a code application reads."""
    return _totp_form(at, who, next=next)


@router.post("/sign-in/set-up/totp")
def confirm_totp(
    request: Request, at: AtVisit, who: Enrolling, code: Text = "", next: Text = ""
) -> Response:
    """Put the application into use once it gives the right code."""
    outcome = factor_service.confirm_totp(who, code, origin(request))
    match outcome:
        case Confirmed():
            return added(request, who, next)
        case Wrong():
            return _totp_form(at, who, next=next, problem="wrong", status=422)
        case TooManyAttempts():
            return _totp_form(at, who, next=next, problem="wait", status=429)
        case _:
            assert_never(outcome)


def added(request: Request, who: SignedIn, next: str) -> Response:
    """Lead on from a new second factor: to recovery codes, if there are none yet."""
    left = factor_service.second_factors(who.person).recovery_left
    then = next if left else page_with_next("/account/recovery-codes", next)
    if who.aal == "one":
        return two_proved(request, who, then)
    return RedirectResponse(parse_local_path(then) or "/account/sign-in", 303)


def _totp_form(
    at: Visit, who: SignedIn, *, next: str, problem: str = "", status: int = 200
) -> Response:
    secret = factor_service.begin_totp(who.person)
    drawn = segno.make(totp_address(secret, who.name), error="m")
    return html(
        at,
        "identity/totp.html",
        status=status,
        next=parse_local_path(next) or "",
        picture=Markup(drawn.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass=None)),
        secret=spaced(secret),
        problem=problem,
    )


@router.get("/sign-in/set-up/sms")
def sms_page(at: AtVisit, who: Enrolling, next: str = "") -> Response:
    """Ask a patient for the telephone that gets his codes."""
    return _sms_form(at, who, next=next)


@router.post("/sign-in/set-up/sms")
def set_up_sms(
    request: Request, at: AtVisit, who: Enrolling, number: Text = "", code: Text = "",
    next: Text = "",
) -> Response:  # fmt: skip
    """Send a code to the telephone, then keep the telephone when that code is typed."""
    if not _may_have_sms(who):
        return RedirectResponse(page_with_next("/sign-in/set-up", next), 303)
    place = origin(request)
    if code:
        outcome = factor_service.confirm_sms_phone(who, code, place)
        if isinstance(outcome, Confirmed):
            return added(request, who, next)
        problem = "wait" if isinstance(outcome, TooManyAttempts) else "wrong"
        return _sms_form(at, who, next=next, number=number, sent=True, problem=problem)
    to = parse_mobile(number)
    if to is None:
        return _sms_form(at, who, next=next, number=number, problem="number")
    told = factor_service.send_sms_code(who.person, who.locale, place, to=to)
    if not isinstance(told, Confirmed):
        return _sms_form(at, who, next=next, number=number, problem="wait")
    return _sms_form(at, who, next=next, number=number, sent=True)


def _may_have_sms(who: SignedIn) -> bool:
    """Text messages can be diverted: they are for patients alone (docs/decisions/0046)."""
    return who.patient_id is not None and who.post is None and bool(settings().sms_url)


def _sms_form(
    at: Visit,
    who: SignedIn,
    *,
    next: str,
    number: str = "",
    sent: bool = False,
    problem: str = "",
) -> Response:
    return html(
        at,
        "identity/sms.html",
        status=422 if problem else 200,
        next=parse_local_path(next) or "",
        number=number,
        sent=sent,
        problem=problem,
        possible=_may_have_sms(who),
    )


@router.get("/account/recovery-codes")
def recovery_page(
    at: AtVisit, who: Annotated[SignedIn, Depends(freshly_signed_in)], next: str = ""
) -> Response:
    """Say what recovery codes are for, and how many are left."""
    left = factor_service.second_factors(who.person).recovery_left
    kept = parse_local_path(next) or ""
    return html(at, "identity/recovery_codes.html", next=kept, left=left, codes=())


@router.post("/account/recovery-codes")
def make_recovery_codes(
    at: AtVisit, who: Annotated[SignedIn, Depends(freshly_signed_in)], next: Text = ""
) -> Response:
    """Show ten new codes, once."""
    codes = factor_service.make_recovery_codes(who.person)
    kept = parse_local_path(next) or ""
    return html(at, "identity/recovery_codes.html", next=kept, left=len(codes), codes=codes)
