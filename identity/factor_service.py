"""Second factors by code: an application, a text message, recovery codes on paper."""

from hmac import compare_digest
from uuid import UUID

from core import clock
from core.doors import before_sign_in
from core.errors import ConfigurationError
from core.ids import new_id
from core.sealing import keyed_digest, seal, seal_text, unseal
from core.settings import settings
from identity.attempt_service import attempt, session_of
from identity.factors import (
    CODE_DIGITS,
    SMS_CODE_LASTS,
    SecondFactors,
    digits_of,
    matching_step,
    new_recovery_codes,
    new_short_code,
    new_totp_secret,
    plain_recovery_code,
)
from identity.origin import Origin
from identity.people import SignedIn
from identity.store import factors
from identity.verdicts import Confirmed, TooManyAttempts, Wrong
from messages.message import SEALED_PARAM, Message, Template
from messages.service import put_out

TOTP_PURPOSE = "totp"


def second_factors(person: UUID) -> SecondFactors:
    """Return which second factors a person has."""
    with before_sign_in() as conn:
        return factors.load_factors(conn, person)


def check_code(who: SignedIn, typed: str, origin: Origin) -> Confirmed | Wrong | TooManyAttempts:
    """Use a code of somebody who has a session: application, text message or recovery code."""
    return check_code_of(who.person, typed, origin, in_session=session_of(who))


def check_code_of(
    person: UUID, typed: str, origin: Origin, *, in_session: UUID | None = None
) -> Confirmed | Wrong | TooManyAttempts:
    """Use a code of the application, of a text message, or a recovery code; each serves once."""
    short = len(digits_of(typed)) == CODE_DIGITS
    found = attempt(
        "code" if short else "recovery",
        str(person),
        origin,
        lambda: _use_short(person, typed) if short else _use_recovery(person, typed),
        in_session=in_session,
    )
    return Wrong() if found is None else found


def _use_short(person: UUID, typed: str) -> Confirmed | None:
    return Confirmed() if use_totp(person, typed) or _use_sms(person, typed) else None


def use_totp(person: UUID, typed: str) -> bool:
    """Use a code of the application; one used before is refused (RFC 6238 §5.2)."""
    with before_sign_in() as conn:
        totp = factors.load_totp(conn, person)
        if totp is None:
            return False
        secret = unseal(totp.secret, TOTP_PURPOSE).decode()
        step = matching_step(secret, typed, clock.now())
        return step is not None and factors.use_totp(conn, totp.id, step)


def _use_sms(person: UUID, typed: str) -> bool:
    with before_sign_in() as conn:
        ticket = factors.load_ticket_of(conn, "sms", person)
        if ticket is None or ticket.code_hash is None:
            return False
        right = compare_digest(ticket.code_hash, _sms_digest(person, typed))
        return right and factors.use_ticket(conn, ticket.id)


def _use_recovery(person: UUID, typed: str) -> Confirmed | None:
    digest = _recovery_digest(person, plain_recovery_code(typed))
    with before_sign_in() as conn:
        return Confirmed() if factors.use_recovery_code(conn, person, digest) else None


def make_recovery_codes(person: UUID) -> tuple[str, ...]:
    """Return new recovery codes, to be shown once; the ones before serve no longer."""
    codes = new_recovery_codes()
    digests = [_recovery_digest(person, plain_recovery_code(code)) for code in codes]
    with before_sign_in() as conn:
        factors.save_recovery_codes(conn, person, digests)
    return codes


def begin_totp(person: UUID, *, anew: bool = False) -> str:
    """Return the secret being set up, a new one if there is none yet."""
    with before_sign_in() as conn:
        pending = None if anew else factors.load_totp(conn, person, confirmed=False)
        if pending is not None:
            return unseal(pending.secret, TOTP_PURPOSE).decode()
        secret = new_totp_secret()
        sealed = seal(secret.encode(), TOTP_PURPOSE)
        factors.begin_totp(conn, new_id(clock.now()), person, sealed)
    return secret


def confirm_totp(who: SignedIn, typed: str, origin: Origin) -> Confirmed | Wrong | TooManyAttempts:
    """Put the secret being set up into use when its first code is right."""
    found = attempt(
        "code",
        str(who.person),
        origin,
        lambda: _confirm_totp(who.person, typed),
        in_session=session_of(who),
    )
    return Wrong() if found is None else found


def _confirm_totp(person: UUID, typed: str) -> Confirmed | None:
    with before_sign_in() as conn:
        pending = factors.load_totp(conn, person, confirmed=False)
        if pending is None:
            return None
        secret = unseal(pending.secret, TOTP_PURPOSE).decode()
        step = matching_step(secret, typed, clock.now())
        if step is None:
            return None
        factors.confirm_totp(conn, pending.id, step)
    return Confirmed()


def remove_totp(person: UUID) -> None:
    """Take the code application away."""
    with before_sign_in() as conn:
        factors.remove_totp(conn, person)


def send_sms_code(
    person: UUID, locale: str, origin: Origin, *, to: str | None = None
) -> Confirmed | Wrong | TooManyAttempts:
    """Send a code to the person's telephone, or to a new one (`to`, E.164) that it will confirm.

    Wrong where there is no telephone or the service sends no text messages.
    """
    with before_sign_in() as conn:
        number = to or factors.load_factors(conn, person).sms
    if number is None or not settings().sms_url:
        return Wrong()
    # Counted as a wrong code would be, and forgiven by nothing: it costs money and patience.
    found = attempt("sms", str(person), origin, lambda: None)
    return found if isinstance(found, TooManyAttempts) else _send_sms(person, locale, number, to)


def _send_sms(person: UUID, locale: str, number: str, to: str | None) -> Confirmed:
    now = clock.now()
    code, id = new_short_code(), new_id(now)
    message = Message(
        key=f"sms-code:{id}",
        recipient=person,
        channel="sms",
        address=number,
        template=Template.SIGN_IN_CODE,
        params={"code": seal_text(code, SEALED_PARAM)},
        locale=locale,
    )
    with before_sign_in() as conn:
        factors.save_ticket(
            conn,
            id=id,
            kind="sms",
            person=person,
            ends_at=now + SMS_CODE_LASTS,
            code_hash=_sms_digest(person, code),
            phone=to,
        )
        put_out(conn, message, now)
    return Confirmed()


def confirm_sms_phone(
    who: SignedIn, typed: str, origin: Origin
) -> Confirmed | Wrong | TooManyAttempts:
    """Keep the telephone to which a code was sent, when that code is right."""
    with before_sign_in() as conn:
        ticket = factors.load_ticket_of(conn, "sms", who.person)
    if ticket is None or ticket.phone is None:
        return Wrong()
    number = ticket.phone
    found = attempt(
        "code",
        str(who.person),
        origin,
        lambda: Confirmed() if _use_sms(who.person, typed) else None,
        in_session=session_of(who),
    )
    if isinstance(found, Confirmed):
        with before_sign_in() as conn:
            factors.save_sms_phone(conn, who.person, number)
    return Wrong() if found is None else found


def remove_sms_phone(person: UUID) -> None:
    """Send codes to no telephone any longer."""
    with before_sign_in() as conn:
        factors.remove_sms_phone(conn, person)


def give_totp(person: UUID, secret: str) -> None:
    """Put a known secret into use, for the people of a demonstration or of a test only."""
    if settings().profile == "production":
        raise ConfigurationError("A known second factor is for demonstrations and tests only.")
    now = clock.now()
    with before_sign_in() as conn:
        id = new_id(now)
        factors.begin_totp(conn, id, person, seal(secret.encode(), TOTP_PURPOSE))
        factors.confirm_totp(conn, id, 0)


def _sms_digest(person: UUID, typed: str) -> bytes:
    return keyed_digest(digits_of(typed), f"sms:{person}")


def _recovery_digest(person: UUID, code: str) -> bytes:
    return keyed_digest(code, f"recovery:{person}")
