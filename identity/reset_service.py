"""A forgotten password: a link by mail and the second factor, never the mail alone."""

import secrets
from datetime import timedelta
from typing import Final

from core import clock
from core.doors import before_sign_in
from core.ids import new_id
from core.sealing import seal_text
from identity import store
from identity.activation_service import Expired
from identity.attempt_service import attempt
from identity.factor_service import check_code_of, second_factors
from identity.origin import Origin
from identity.password_service import judge_own, set_password
from identity.passwords import Strong, Weak
from identity.people import AccountOf, SignedIn
from identity.session_service import hash_token, is_fresh
from identity.store import factors
from identity.verdicts import Confirmed, TooManyAttempts, Wrong
from messages.message import SEALED_PARAM, Message, Template
from messages.service import mail_of, put_out

LINK_LASTS: Final = timedelta(minutes=30)
"""How long a link to a new password is good (proposed; OWASP Forgot Password: short)."""


def ask(login: str, origin: Origin) -> None:
    """Mail a link to the owner of an account; nothing tells whether there is one."""
    name = login.strip().lower()
    found = attempt("sms", f"reset {name}", origin, lambda: None)
    if isinstance(found, TooManyAttempts):
        return
    now = clock.now()
    with before_sign_in() as conn:
        known = store.load_account(conn, name)
        account = factors.load_account_of(conn, known.person) if known else None
        if account is None or not factors.load_factors(conn, account.person).any:
            return
        address = mail_of(conn, account.person) or (name if "@" in name else None)
        if address is None:
            return
        token, id = secrets.token_urlsafe(32), new_id(now)
        factors.save_ticket(
            conn,
            id=id,
            kind="reset",
            person=account.person,
            ends_at=now + LINK_LASTS,
            token_hash=hash_token(token),
        )
        message = Message(
            key=f"reset:{id}",
            recipient=account.person,
            address=address,
            template=Template.PASSWORD_RESET,
            params={"token": seal_text(token, SEALED_PARAM)},
            locale=account.locale,
        )
        put_out(conn, message, now)


def asked_by(token: str) -> AccountOf | None:
    """Return the account whose password a link changes, while it can."""
    with before_sign_in() as conn:
        ticket = factors.load_ticket_by_token(conn, "reset", hash_token(token))
        return factors.load_account_of(conn, ticket.person) if ticket else None


def reset(
    token: str, code: str, new: str, who: SignedIn | None, origin: Origin
) -> Confirmed | Weak | Wrong | Expired | TooManyAttempts:
    """Set a new password; the second factor is a code, or a passkey just given in this browser."""
    with before_sign_in() as conn:
        ticket = factors.load_ticket_by_token(conn, "reset", hash_token(token))
        account = factors.load_account_of(conn, ticket.person) if ticket else None
    if ticket is None or account is None or not second_factors(account.person).any:
        return Expired()
    verdict = judge_own(account, new)
    if isinstance(verdict, Weak):
        return verdict
    proved = who is not None and who.person == account.person and is_fresh(who)
    checked = Confirmed() if proved else check_code_of(account.person, code, origin)
    if not isinstance(checked, Confirmed):
        return checked
    with before_sign_in() as conn:
        if not factors.use_ticket(conn, ticket.id):
            return Expired()
    set_to = set_password(account.person, new)
    return Confirmed() if isinstance(set_to, Strong) else set_to
