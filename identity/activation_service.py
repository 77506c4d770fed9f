"""Opening an account: a link by mail and a code given another way, both needed, each once.

An account in use is opened anew the same way by somebody who has lost every second factor: what
stood before serves no longer, but only once both were given.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import Final
from uuid import UUID

from core import clock
from core.doors import GateConnection, before_sign_in
from core.ids import new_id
from core.sealing import keyed_digest, seal_text
from identity.attempt_service import attempt
from identity.factors import new_activation_code, plain_recovery_code
from identity.origin import Origin
from identity.password_service import judge_own, set_password
from identity.passwords import Strong, Weak
from identity.people import AccountOf
from identity.session_service import hash_token, only_post, open_session
from identity.store import factors
from identity.store.factors import Ticket
from identity.verdicts import Opened, TooManyAttempts, Wrong
from messages.message import SEALED_PARAM, Message, Template
from messages.service import put_out

LINK_LASTS: Final = timedelta(days=7)
"""How long an invitation can be taken up (proposed)."""


@dataclass(frozen=True, slots=True)
class Expired:
    """The link was used, replaced or is too old: a new one has to be asked for."""


def invite(person: UUID, mail: str, *, locale: str = "fr", mobile: str | None = None) -> str:
    """Mail a link to a person who has an account; return the code to give him another way.

    The code goes by SMS to `mobile` (E.164), and nobody else sees it: what is returned is empty.
    Without one it is shown once to whoever invites: on paper, by telephone, never in the same mail.
    """
    now = clock.now()
    token, code, id = secrets.token_urlsafe(32), new_activation_code(), new_id(now)
    message = Message(
        key=f"activation:{id}",
        recipient=person,
        address=mail,
        template=Template.ACTIVATION,
        params={"token": seal_text(token, SEALED_PARAM)},
        locale=locale,
    )
    with before_sign_in() as conn:
        factors.save_ticket(
            conn,
            id=id,
            kind="activation",
            person=person,
            ends_at=now + LINK_LASTS,
            token_hash=hash_token(token),
            code_hash=_digest(person, code),
        )
        put_out(conn, message, now)
        if mobile:
            put_out(conn, _text(person, mobile, code, id, locale), now)
    return "" if mobile else code


def _text(person: UUID, mobile: str, code: str, id: UUID, locale: str) -> Message:
    return Message(
        key=f"activation-code:{id}",
        recipient=person,
        channel="sms",
        address=mobile,
        template=Template.ACTIVATION_CODE,
        params={"code": seal_text(code, SEALED_PARAM)},
        locale=locale,
    )


def invited(token: str) -> AccountOf | None:
    """Return the account a link opens, while it can; opening the page uses nothing up."""
    with before_sign_in() as conn:
        ticket = factors.load_ticket_by_token(conn, "activation", hash_token(token))
        return factors.load_account_of(conn, ticket.person) if ticket else None


def activate(
    token: str, code: str, password: str, origin: Origin
) -> Opened | Weak | Wrong | Expired | TooManyAttempts:
    """Set the first password and open a session that asks for a second factor."""
    with before_sign_in() as conn:
        ticket = factors.load_ticket_by_token(conn, "activation", hash_token(token))
        account = factors.load_account_of(conn, ticket.person) if ticket else None
    if ticket is None or account is None:
        return Expired()
    verdict = judge_own(account, password)
    if isinstance(verdict, Weak):
        return verdict
    found = attempt("activation", str(ticket.id), origin, lambda: _use(ticket, code))
    if isinstance(found, TooManyAttempts):
        return found
    if found is None or not isinstance(set_password(account.person, password), Strong):
        return Wrong()
    return Opened(
        open_session(
            account.person,
            aal="one",
            post=only_post(account.person),
            is_patient=account.is_patient,
            origin=origin,
        )
    )


def _use(ticket: Ticket, code: str) -> bool | None:
    digest = _digest(ticket.person, code)
    if ticket.code_hash is None or not compare_digest(ticket.code_hash, digest):
        return None
    with before_sign_in() as conn:
        if not factors.use_ticket(conn, ticket.id):
            return None
        _end_factors(conn, ticket.person)
    return True


def _end_factors(conn: GateConnection, person: UUID) -> None:
    """Take every second factor and recovery code away: what is lost may be in other hands."""
    factors.remove_totp(conn, person)
    factors.remove_sms_phone(conn, person)
    for passkey in factors.load_passkeys(conn, person):
        factors.remove_passkey(conn, person, passkey.id)
    factors.save_recovery_codes(conn, person, ())


def _digest(person: UUID, code: str) -> bytes:
    return keyed_digest(plain_recovery_code(code), f"activation:{person}")
