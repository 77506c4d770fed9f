"""Passwords: checking, changing, hashing anew when the parameters change."""

import secrets
from functools import lru_cache
from uuid import UUID

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

from core.doors import before_sign_in
from identity import store
from identity.attempt_service import attempt
from identity.origin import Origin
from identity.passwords import Strong, Weak, judge_password
from identity.people import AccountOf, SignedIn
from identity.session_service import end_other_sessions, only_post, open_session
from identity.store import factors
from identity.verdicts import Confirmed, Opened, TooManyAttempts, Wrong, WrongCredentials


@lru_cache
def hasher() -> PasswordHash:
    """Return the way passwords are hashed: argon2id (OWASP Password Storage; RFC 9106)."""
    return PasswordHash.recommended()


@lru_cache
def _dummy_hash() -> str:
    return hasher().hash(secrets.token_urlsafe())


def sign_in(
    login: str, password: str, *, origin: Origin | None = None
) -> Opened | WrongCredentials | TooManyAttempts:
    """Check a password and open a session of one factor, which opens nothing but the second."""
    place = origin or Origin()
    name = login.strip().lower()
    found = attempt("password", name, place, lambda: _check_login(name, password))
    if isinstance(found, TooManyAttempts):
        return found
    if found is None:
        return WrongCredentials()
    person, is_patient = found
    return Opened(
        open_session(person, aal="one", post=only_post(person), is_patient=is_patient, origin=place)
    )


def _check_login(login: str, password: str) -> tuple[UUID, bool] | None:
    with before_sign_in() as conn:
        account = store.load_account(conn, login)
    right = verify(
        account.person if account else None, password, account.password_hash if account else None
    )
    return (account.person, account.is_patient) if account and right else None


def verify(person: UUID | None, password: str, hashed: str | None) -> bool:
    """Check a password in the same time whether or not there is one; hash it anew if need be."""
    try:
        right, better = hasher().verify_and_update(password, hashed or _dummy_hash())
    except UnknownHashError:
        return False
    if not right or person is None or not hashed:
        return False
    if better is not None:
        with before_sign_in() as conn:
            factors.save_password(conn, person, better)
    return True


def check_own(who: SignedIn, password: str, origin: Origin) -> Confirmed | Wrong | TooManyAttempts:
    """Check the password of somebody who has a session."""
    with before_sign_in() as conn:
        account = factors.load_account_of(conn, who.person)
    if account is None:
        return Wrong()
    session = who.session if who.aal == "two" else None
    found = attempt(
        "password",
        account.login,
        origin,
        lambda: Confirmed() if verify(who.person, password, account.password_hash) else None,
        in_session=session,
    )
    return Wrong() if found is None else found


def change_password(
    who: SignedIn, current: str, new: str, origin: Origin
) -> Confirmed | Wrong | TooManyAttempts | Weak:
    """Replace one's password; every other session and remembered phone ends."""
    checked = check_own(who, current, origin)
    if not isinstance(checked, Confirmed):
        return checked
    set_to = set_password(who.person, new, keep=who.session)
    return Confirmed() if isinstance(set_to, Strong) else set_to


def judge_own(account: AccountOf, new: str) -> Strong | Weak:
    """Say whether an owner may take a password, before a link or a code is used up for it."""
    about = (account.login, *account.login.split("@"), *account.name.split())
    return judge_password(new, about)


def set_password(person: UUID, new: str, *, keep: UUID | None = None) -> Strong | Weak:
    """Replace a password if the new one is strong; every session but `keep` ends."""
    with before_sign_in() as conn:
        account = factors.load_account_of(conn, person)
    verdict = judge_own(account, new) if account else judge_password(new)
    if isinstance(verdict, Strong):
        hashed = hasher().hash(new)
        with before_sign_in() as conn:
            factors.save_password(conn, person, hashed)
        end_other_sessions(person, keep)
    return verdict
