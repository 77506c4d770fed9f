"""One's own account: password, second factors, remembered phones."""

from typing import Annotated, Literal, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from core.settings import settings
from identity import factor_service, passkey_service, session_service
from identity.edge.cookies import origin
from identity.edge.http import Visit, freshly_signed_in, html, signed_in, visit
from identity.password_service import change_password
from identity.passwords import Weak
from identity.people import SignedIn
from identity.verdicts import Confirmed, TooManyAttempts, Wrong

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Secret = Annotated[str, Form(max_length=1000)]
Fresh = Annotated[SignedIn, Depends(freshly_signed_in)]
HERE = "/account/sign-in"


@router.get(HERE)
def sign_in_settings(
    at: AtVisit, who: Annotated[SignedIn, Depends(signed_in)], done: str = ""
) -> Response:
    """Show how somebody signs in, and which phones are remembered."""
    return _page(at, who, done=done)


@router.post("/account/factors/remove")
def remove_factor(
    at: AtVisit,
    who: Fresh,
    kind: Annotated[Literal["totp", "sms", "passkey"], Form()],
    passkey: Annotated[UUID | None, Form()] = None,
) -> Response:
    """Take a second factor away; the last one stays."""
    has = factor_service.second_factors(who.person)
    if has.totp + has.passkeys + (has.sms is not None) < 2:
        return _page(at, who, problem="last", status=422)
    match kind:
        case "totp":
            factor_service.remove_totp(who.person)
        case "sms":
            factor_service.remove_sms_phone(who.person)
        case "passkey":
            if passkey is not None:
                passkey_service.remove(who.person, passkey)
        case _:
            assert_never(kind)
    return RedirectResponse(f"{HERE}?done=removed", 303)


@router.post("/account/phones/forget")
def forget_phone(
    who: Annotated[SignedIn, Depends(signed_in)], phone: Annotated[UUID, Form()]
) -> Response:
    """Remember a phone no longer."""
    session_service.forget_phone(who.person, phone)
    return RedirectResponse(f"{HERE}?done=forgotten", 303)


def _page(
    at: Visit, who: SignedIn, *, done: str = "", problem: str = "", status: int = 200
) -> Response:
    at_home = who.patient_id is not None and who.post is None
    return html(
        at,
        "identity/sign_in_settings.html",
        status=status,
        has=factor_service.second_factors(who.person),
        passkeys=passkey_service.passkeys_of(who.person),
        phones=session_service.phones(who.person) if at_home else (),
        at_home=at_home,
        sms=at_home and bool(settings().sms_url),
        done=done,
        problem=problem,
    )


@router.get("/account/password")
def password_page(at: AtVisit, who: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """Ask for the current password and a new one."""
    return html(at, "identity/password.html", problem="", weak="")


@router.post("/account/password")
def new_password(
    request: Request,
    at: AtVisit,
    who: Annotated[SignedIn, Depends(signed_in)],
    current: Secret = "",
    new: Secret = "",
    again: Secret = "",
) -> Response:
    """Replace the password; every other session ends."""
    if new != again:
        return html(at, "identity/password.html", status=422, problem="again", weak="")
    outcome = change_password(who, current, new, origin(request))
    match outcome:
        case Confirmed():
            return RedirectResponse(f"{HERE}?done=password", 303)
        case Weak(why=why):
            return html(at, "identity/password.html", status=422, problem="weak", weak=why)
        case Wrong():
            return html(at, "identity/password.html", status=422, problem="wrong", weak="")
        case TooManyAttempts():
            return html(at, "identity/password.html", status=429, problem="wait", weak="")
        case _:
            assert_never(outcome)
