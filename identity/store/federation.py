"""Typed functions over the queries of signing in by another provider."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.doors import GateConnection
from core.rows import fetch_one
from core.sqlfile import load_queries
from identity.federation.claims import Citizen, Professional
from identity.federation.provider import Attempt

_SQL = load_queries("identity")


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a provider speaks of; `is_other` when the account belongs to another identity there."""

    person: UUID
    is_live: bool
    is_other: bool


@dataclass(frozen=True, slots=True)
class FederatedSession:
    """The provider of a session and the token that ends it there."""

    provider: str
    id_token: str


def save_attempt(
    conn: GateConnection,
    attempt: Attempt,
    *,
    state_hash: bytes,
    browser_hash: bytes,
    provider: str,
    expires_at: datetime,
) -> None:
    """Note that a sign-in at a provider has begun."""
    conn.execute(
        _SQL["gate_begin_federation"],
        {
            "state_hash": state_hash,
            "browser_hash": browser_hash,
            "provider": provider,
            "nonce": attempt.nonce,
            "verifier": attempt.verifier,
            "next": attempt.next,
            "expires_at": expires_at,
        },
    )


def take_attempt(
    conn: GateConnection, *, state_hash: bytes, browser_hash: bytes, provider: str
) -> Attempt | None:
    """Return the sign-in an answer belongs to, once; None for a replay or another browser."""
    params = {"state_hash": state_hash, "browser_hash": browser_hash, "provider": provider}
    return fetch_one(conn, _SQL["gate_answer_federation"], params, Attempt)


def recognise_professional(conn: GateConnection, issuer: str, who: Professional) -> Known | None:
    """Return the account of a professional, found by RPPS."""
    params = {"issuer": issuer, "subject": who.subject, "rpps": who.rpps}
    return fetch_one(conn, _SQL["gate_recognise_professional"], params, Known)


def recognise_patient(conn: GateConnection, issuer: str, who: Citizen) -> Known | None:
    """Return the account of the one patient with these strict traits."""
    params = {
        "issuer": issuer,
        "subject": who.subject,
        "birth_name": who.birth_name,
        "first_names": who.birth_first_names,
        "birth": who.birth_date,
        "sex": who.sex,
        "place": who.birth_place,
    }
    return fetch_one(conn, _SQL["gate_recognise_patient"], params, Known)


def note_federated(
    conn: GateConnection,
    *,
    token_hash: bytes,
    provider: str,
    issuer: str,
    subject: str,
    id_token: str,
) -> None:
    """Keep which provider opened a session, and whom its subject is."""
    conn.execute(
        _SQL["gate_note_federated"],
        {
            "token_hash": token_hash,
            "provider": provider,
            "issuer": issuer,
            "subject": subject,
            "id_token": id_token,
        },
    )


def carry_federated(conn: GateConnection, from_hash: bytes, to_hash: bytes) -> None:
    """Let a session that replaces another end at the provider too."""
    conn.execute(_SQL["gate_carry_federated"], {"from_hash": from_hash, "to_hash": to_hash})


def load_federated_session(conn: GateConnection, token_hash: bytes) -> FederatedSession | None:
    """Return the provider of a live session, if one opened it."""
    params = {"token_hash": token_hash}
    return fetch_one(conn, _SQL["gate_federated_session"], params, FederatedSession)
