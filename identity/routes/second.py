"""The second factor: a code, or a passkey; a remembered phone gives its password as well."""

from typing import Annotated, assert_never

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from core.settings import settings
from identity.edge.cookies import go_on, name_browser, origin
from identity.edge.flow import page_with_next, two_proved
from identity.edge.http import Visit, half_signed_in, html, visit
from identity.factor_service import check_code, second_factors, send_sms_code
from identity.factors import SecondFactors
from identity.landing import parse_local_path
from identity.password_service import check_own
from identity.people import SignedIn
from identity.session_service import is_fresh
from identity.verdicts import Confirmed, TooManyAttempts, Wrong

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Half = Annotated[SignedIn, Depends(half_signed_in)]
Text = Annotated[str, Form(max_length=500)]


@router.get("/sign-in/second")
def second_page(
    request: Request, at: AtVisit, who: Half, next: str = "", sent: bool = False
) -> Response:
    """Ask for the second factor; without any, one has to be set up first."""
    if is_fresh(who):
        return go_on(who, next)
    has = second_factors(who.person)
    if not has.any:
        return RedirectResponse(page_with_next("/sign-in/set-up", next), 303)
    answer = _form(at, who, has, next=next, sent=sent)
    return name_browser(request, answer)


@router.post("/sign-in/second")
def second(
    request: Request,
    at: AtVisit,
    who: Half,
    code: Text = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    remember: Annotated[bool, Form()] = False,
    next: Text = "",
) -> Response:
    """Check the code, and the password where only the phone was known; then the session changes."""
    place = origin(request)
    outcome = check_own(who, password, place) if who.aal == "remembered" else Confirmed()
    if isinstance(outcome, Confirmed):
        outcome = check_code(who, code, place)
    match outcome:
        case Confirmed():
            return two_proved(request, who, next, remember=remember)
        case Wrong() | TooManyAttempts():
            wait = isinstance(outcome, TooManyAttempts)
            return _form(
                at,
                who,
                second_factors(who.person),
                next=next,
                problem="wait" if wait else "wrong",
                status=429 if wait else 401,
            )
        case _:
            assert_never(outcome)


@router.post("/sign-in/sms")
def send_code(request: Request, who: Half, next: Text = "") -> Response:
    """Send a code to the telephone the person has given."""
    told = send_sms_code(who.person, who.locale, origin(request))
    sent = "0" if isinstance(told, Wrong | TooManyAttempts) else "1"
    page = page_with_next("/sign-in/second", next)
    return RedirectResponse(f"{page}{'&' if '?' in page else '?'}sent={sent}", 303)


def _form(
    at: Visit,
    who: SignedIn,
    has: SecondFactors,
    *,
    next: str,
    sent: bool = False,
    problem: str = "",
    status: int = 200,
) -> Response:
    return html(
        at,
        "identity/second.html",
        status=status,
        next=parse_local_path(next) or "",
        who=who,
        has=has,
        sent=sent,
        sms=has.sms is not None and bool(settings().sms_url),
        can_remember=who.patient_id is not None and who.post is None and who.aal != "two",
        problem=problem,
    )
