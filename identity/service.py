"""Use cases of identity: registering people, signing in and out, knowing who asks."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from pwdlib import PasswordHash

from core import clock
from core.access import natural_basis
from core.doors import CareContext, Service, ServiceConnection, acting_as, before_sign_in, serving
from core.ids import new_id
from identity import store
from identity.numbers import Ins
from identity.people import (
    IdentityDocument,
    InsStatus,
    PatientTraits,
    Post,
    Sex,
    SignedIn,
)
from identity.registration_service import flag_likeness
from identity.traits import new_traits

STAFF_IDLE = timedelta(minutes=15)
"""Staff sign in again after this much idleness (proposed; no binding number found)."""
STAFF_LONGEST = timedelta(hours=12)
PATIENT_LONGEST = timedelta(days=30)
"""A patient stays signed in on his own phone (proposed)."""
TOO_MANY_FAILURES = 10
"""Wrong passwords in 15 minutes, from one address, after which a login has to wait there."""


@dataclass(frozen=True, slots=True)
class WrongCredentials:
    """Login or password is wrong; which of the two is not said."""


@dataclass(frozen=True, slots=True)
class TooManyAttempts:
    """The login has to wait before the next attempt."""


@dataclass(frozen=True, slots=True)
class ChoosePost:
    """The password is right but the person has several posts: one must be named."""

    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A session was opened; `token` goes into the cookie and is kept nowhere else."""

    token: str


@lru_cache
def _passwords() -> PasswordHash:
    return PasswordHash.recommended()


@lru_cache
def _dummy_hash() -> str:
    return _passwords().hash(secrets.token_urlsafe())


def register_organisation(name: str) -> UUID:
    """Add an organisation."""
    return _register_party("organisation", name)


def register_person(name: str) -> UUID:
    """Add a person."""
    return _register_party("person", name)


def _register_party(kind: str, name: str) -> UUID:
    now = clock.now()
    party = new_id(now)
    with serving(Service.ADMINISTRATION) as conn:
        store.save_party(conn, id=party, kind=kind, name=name, now=now)
    return party


def give_post(person: UUID, organisation: UUID, role: str) -> UUID:
    """Give a person a post in an organisation from now on."""
    now = clock.now()
    post = new_id(now)
    with serving(Service.ADMINISTRATION) as conn:
        store.save_post(conn, id=post, person=person, organisation=organisation, role=role, now=now)
    return post


def register_patient(
    *,
    birth_name: str,
    birth_first_names: str,
    birth_date: date,
    sex: Sex,
    used_name: str | None = None,
    used_first_name: str | None = None,
    ins_status: InsStatus = "provisional",
    phone: str | None = None,
    birth_first_name: str | None = None,
    birth_place: str | None = None,
    ins: Ins | None = None,
    document: IdentityDocument | None = None,
) -> UUID:
    """Add a patient, who is in his own circle from the start.

    For whoever sets a service up or loads identities of another system; a person registers
    patients through `registration_service`, which looks for duplicates first.
    """
    now = clock.now()
    traits = new_traits(
        patient_id=new_id(now),
        birth_name=birth_name,
        birth_first_names=birth_first_names,
        birth_first_name=birth_first_name,
        used_name=used_name,
        used_first_name=used_first_name,
        birth_date=birth_date,
        sex=sex,
        birth_place=birth_place,
        ins=ins,
        ins_status=ins_status,
        document=document,
        phone=phone,
    )
    return _save_patient(traits, now)


def _save_patient(traits: PatientTraits, now: datetime) -> UUID:
    with serving(Service.ADMINISTRATION) as conn:
        store.save_party(conn, id=traits.patient_id, kind="person", name=traits.full_name, now=now)
        store.save_patient(conn, traits, now)
        _enter_circle(conn, traits.patient_id, traits.patient_id, "patient", now)
        flag_likeness(conn, traits)
    return traits.patient_id


def join_circle(patient: UUID, party: UUID, role: str) -> UUID:
    """Put a party into a patient's circle from now on, as the operator sets a service up."""
    now = clock.now()
    with serving(Service.ADMINISTRATION) as conn:
        return _enter_circle(conn, patient, party, role, now)


def _enter_circle(
    conn: ServiceConnection, patient: UUID, party: UUID, role: str, now: datetime
) -> UUID:
    """Add a membership; `now` comes before the transaction's own time, or its queue misses it."""
    membership = new_id(now)
    store.save_membership(
        conn,
        id=membership,
        patient=patient,
        party=party,
        role=role,
        basis=natural_basis(role),
        starts_at=now,
        ends_at=None,
        granted_by=None,
        reason=None,
    )
    return membership


def open_account(
    person: UUID,
    login: str,
    password: str,
    *,
    locale: str = "fr",
    time_zone: str = "Europe/Paris",
) -> None:
    """Let a person sign in with a login and a password."""
    hashed = _passwords().hash(password)
    with serving(Service.ADMINISTRATION) as conn:
        store.save_account(
            conn,
            person=person,
            login=login.lower(),
            password_hash=hashed,
            locale=locale,
            time_zone=time_zone,
            now=clock.now(),
        )


def sign_in(
    login: str, password: str, post: UUID | None = None, *, address: str = ""
) -> Opened | WrongCredentials | TooManyAttempts | ChoosePost:
    """Check a password and open a session, in the named post or the only one there is.

    `address` is where the attempt comes from; guesses from elsewhere never shut a person out.
    """
    login = login.strip().lower()
    with before_sign_in() as conn:
        if store.load_failures(conn, login, address) >= TOO_MANY_FAILURES:
            return TooManyAttempts()
        account = store.load_account(conn, login)
    right = _passwords().verify(password, account.password_hash if account else _dummy_hash())
    if account is None or not right:
        with before_sign_in() as conn:
            store.save_failure(conn, login, address)
        return WrongCredentials()
    with before_sign_in() as conn:
        posts = store.load_posts(conn, account.person)
    chosen = [p for p in posts if p.post == post] if post else posts
    if post and not chosen:
        return WrongCredentials()
    if len(chosen) > 1:
        return ChoosePost(tuple(chosen))
    held = chosen[0].post if chosen else None
    return Opened(_open_session(account.person, held, own_phone=account.is_patient and not held))


def _open_session(person: UUID, post: UUID | None, *, own_phone: bool) -> str:
    """Open a session; a professional whose posts have all ended is no patient on his phone."""
    now = clock.now()
    token = secrets.token_urlsafe(32)
    longest = PATIENT_LONGEST if own_phone else STAFF_LONGEST
    idle = PATIENT_LONGEST if own_phone else STAFF_IDLE
    with before_sign_in() as conn:
        store.save_session(
            conn,
            id=new_id(now),
            token_hash=_hash(token),
            person=person,
            post=post,
            idle_seconds=int(idle.total_seconds()),
            ends_at=now + longest,
        )
    return token


def who_is(token: str) -> SignedIn | None:
    """Return the person behind a session token, or None when the session is over."""
    with before_sign_in() as conn:
        return store.load_session(conn, _hash(token))


def sign_out(token: str) -> None:
    """End the session of a token."""
    with before_sign_in() as conn:
        store.end_session(conn, _hash(token))


def patient_traits(ctx: CareContext) -> PatientTraits | None:
    """Return the traits of the patient in hand; needs `identity:read`."""
    with acting_as(ctx) as conn:
        return store.load_traits(conn, ctx.patient)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def choose_language(token: str, locale: str) -> None:
    """Keep the language in the account of whoever is signed in."""
    with before_sign_in() as conn:
        store.save_locale(conn, _hash(token), locale)
