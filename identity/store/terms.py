"""Typed functions over the queries of the terms of use."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.doors import GateConnection, PersonConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from identity.terms import Terms

_SQL = load_queries("identity")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the person of a session accepted, and whether he is a patient at home."""

    accepted: bool
    is_patient: bool


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One text that a person accepted."""

    digest: bytes
    version: str
    locale: str
    accepted_at: datetime


def load_standing(conn: GateConnection, token_hash: bytes, digests: list[bytes]) -> Standing | None:
    """Return the standing of a session's person; None when there is no such session."""
    params = {"token_hash": token_hash, "digests": digests}
    return fetch_one(conn, _SQL["gate_terms"], params, Standing)


def save_acceptance(
    conn: PersonConnection, terms: Terms, *, person: UUID, session: UUID | None, now: datetime
) -> bool:
    """Note that the actor accepts a text; False when he had already."""
    params = {
        "person": person,
        "digest": terms.digest,
        "version": terms.version,
        "locale": terms.locale,
        "session": session,
        "now": now,
    }
    return conn.execute(_SQL["save_acceptance"], params).rowcount == 1


def load_acceptances(conn: PersonConnection, person: UUID) -> list[Acceptance]:
    """Return what the actor accepted, the latest first."""
    return fetch_all(conn, _SQL["acceptances"], {"person": person}, Acceptance)
