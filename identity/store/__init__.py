"""Typed functions over identity's queries."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from core.doors import GateConnection, PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from identity.people import Account, PatientTraits, Post

_SQL = load_queries("identity")


def save_party(conn: ServiceConnection, *, id: UUID, kind: str, name: str, now: datetime) -> None:
    """Add a person or an organisation."""
    conn.execute(_SQL["save_party"], {"id": id, "kind": kind, "name": name, "now": now})


def save_post(
    conn: ServiceConnection,
    *,
    id: UUID,
    person: UUID,
    organisation: UUID,
    role: str,
    now: datetime,
) -> None:
    """Give a person a post from now on."""
    conn.execute(
        _SQL["save_post"],
        {"id": id, "person": person, "organisation": organisation, "role": role, "now": now},
    )


def save_patient(conn: ServiceConnection, traits: PatientTraits, now: datetime) -> None:
    """Make a person a patient, with his traits."""
    conn.execute(_SQL["save_patient_key"], {"patient": traits.patient_id, "now": now})
    conn.execute(_SQL["save_traits"], asdict(traits))


def save_account(
    conn: ServiceConnection,
    *,
    person: UUID,
    login: str,
    password_hash: str,
    locale: str,
    time_zone: str,
    now: datetime,
) -> None:
    """Let a person sign in."""
    conn.execute(
        _SQL["save_account"],
        {
            "person": person,
            "login": login,
            "password_hash": password_hash,
            "locale": locale,
            "time_zone": time_zone,
            "now": now,
        },
    )


def save_membership(
    conn: ServiceConnection | PersonConnection,
    *,
    id: UUID,
    patient: UUID,
    party: UUID,
    role: str,
    basis: str,
    starts_at: datetime,
    ends_at: datetime | None,
    granted_by: UUID | None,
    reason: str | None,
) -> None:
    """Add a party to a patient's circle."""
    conn.execute(
        _SQL["save_membership"],
        {
            "id": id,
            "patient": patient,
            "party": party,
            "role": role,
            "basis": basis,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "granted_by": granted_by,
            "reason": reason,
        },
    )


def load_traits(conn: PersonConnection, patient: VisiblePatientId) -> PatientTraits | None:
    """Return the traits of a patient the actor may see."""
    return fetch_one(conn, _SQL["load_traits"], {"patient": patient}, PatientTraits)


def load_account(conn: GateConnection, login: str) -> Account | None:
    """Return the live account behind a login (lower case)."""
    return fetch_one(conn, _SQL["gate_account"], {"login": login}, Account)


def load_posts(conn: GateConnection, person: UUID) -> list[Post]:
    """Return the posts a person may sign in to, oldest first."""
    return fetch_all(conn, _SQL["gate_posts"], {"person": person}, Post)


def save_locale(conn: GateConnection, token_hash: bytes, locale: str) -> None:
    """Keep the language of the account behind a live session."""
    conn.execute(_SQL["gate_choose_language"], {"token_hash": token_hash, "locale": locale})
