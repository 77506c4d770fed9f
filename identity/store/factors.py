"""Passwords, second factors and what serves once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg.rows import scalar_row

from core.doors import GateConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from identity.factors import SecondFactors
from identity.people import AccountOf

_SQL = load_queries("identity")
TicketKind = Literal["activation", "reset", "sms", "challenge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totp:
    """The sealed secret of a code application, and the step of the last code used."""

    id: UUID
    secret: bytes
    last_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """The public half of a passkey."""

    id: UUID
    person: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What serves once: whose, and the digest of the code that goes with it."""

    id: UUID
    person: UUID
    code_hash: bytes | None
    phone: str | None


def load_account_of(conn: GateConnection, person: UUID) -> AccountOf | None:
    """Return the live account of a person."""
    return fetch_one(conn, _SQL["gate_account_of"], {"person": person}, AccountOf)


def save_password(conn: GateConnection, person: UUID, hashed: str) -> None:
    """Replace the password of a person."""
    conn.execute(_SQL["gate_set_password"], {"person": person, "hash": hashed})


def load_factors(conn: GateConnection, person: UUID) -> SecondFactors:
    """Return which second factors a person has."""
    found = fetch_one(conn, _SQL["gate_factors"], {"person": person}, SecondFactors)
    return found or SecondFactors(totp=False, passkeys=0, sms=None, recovery_left=0)


def load_totp(conn: GateConnection, person: UUID, *, confirmed: bool = True) -> Totp | None:
    """Return the code application in use, or the one being set up."""
    return fetch_one(conn, _SQL["gate_totp"], {"person": person, "confirmed": confirmed}, Totp)


def begin_totp(conn: GateConnection, id: UUID, person: UUID, sealed: bytes) -> None:
    """Keep a secret until a first code confirms it."""
    conn.execute(_SQL["gate_begin_totp"], {"id": id, "person": person, "secret": sealed})


def use_totp(conn: GateConnection, id: UUID, step: int) -> bool:
    """Use the code of a step; False when that step or a later one was used."""
    return _told(conn, "gate_use_totp", {"id": id, "step": step})


def confirm_totp(conn: GateConnection, id: UUID, step: int) -> None:
    """Put a secret into use, in place of any other."""
    conn.execute(_SQL["gate_confirm_totp"], {"id": id, "step": step})


def remove_totp(conn: GateConnection, person: UUID) -> None:
    """Take the code application away."""
    conn.execute(_SQL["gate_remove_totp"], {"person": person})


def load_passkeys(conn: GateConnection, person: UUID) -> list[Passkey]:
    """Return the passkeys of a person, oldest first."""
    return fetch_all(conn, _SQL["gate_passkeys"], {"person": person}, Passkey)


def load_passkey(conn: GateConnection, credential_id: bytes) -> Passkey | None:
    """Return the passkey of a credential."""
    return fetch_one(conn, _SQL["gate_passkey"], {"credential_id": credential_id}, Passkey)


def save_passkey(
    conn: GateConnection,
    *,
    id: UUID,
    person: UUID,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    name: str,
) -> None:
    """Add a passkey."""
    conn.execute(
        _SQL["gate_save_passkey"],
        {
            "id": id,
            "person": person,
            "credential_id": credential_id,
            "public_key": public_key,
            "sign_count": sign_count,
            "name": name,
        },
    )


def note_passkey_used(conn: GateConnection, id: UUID, sign_count: int) -> None:
    """Note that a passkey signed."""
    conn.execute(_SQL["gate_use_passkey"], {"id": id, "sign_count": sign_count})


def remove_passkey(conn: GateConnection, person: UUID, id: UUID) -> None:
    """Take a passkey away."""
    conn.execute(_SQL["gate_remove_passkey"], {"person": person, "id": id})


def save_sms_phone(conn: GateConnection, person: UUID, number: str) -> None:
    """Send codes to this telephone from now on."""
    conn.execute(_SQL["gate_save_sms_phone"], {"person": person, "number": number})


def remove_sms_phone(conn: GateConnection, person: UUID) -> None:
    """Send codes to no telephone."""
    conn.execute(_SQL["gate_remove_sms_phone"], {"person": person})


def save_recovery_codes(conn: GateConnection, person: UUID, digests: Sequence[bytes]) -> None:
    """Replace the recovery codes of a person."""
    conn.execute(_SQL["gate_save_recovery_codes"], {"person": person, "hashes": list(digests)})


def use_recovery_code(conn: GateConnection, person: UUID, digest: bytes) -> bool:
    """Use a recovery code; False when there is none such, or it was used."""
    return _told(conn, "gate_use_recovery_code", {"person": person, "hash": digest})


def save_ticket(
    conn: GateConnection,
    *,
    id: UUID,
    kind: TicketKind,
    person: UUID | None,
    ends_at: datetime,
    token_hash: bytes | None = None,
    code_hash: bytes | None = None,
    challenge: bytes | None = None,
    phone: str | None = None,
) -> None:
    """Keep something that serves once."""
    conn.execute(
        _SQL["gate_save_ticket"],
        {
            "id": id,
            "kind": kind,
            "person": person,
            "token_hash": token_hash,
            "code_hash": code_hash,
            "challenge": challenge,
            "phone": phone,
            "ends_at": ends_at,
        },
    )


def load_ticket_by_token(
    conn: GateConnection, kind: TicketKind, token_hash: bytes
) -> Ticket | None:
    """Return what a link stands for, while it can be used."""
    params = {"kind": kind, "token_hash": token_hash}
    return fetch_one(conn, _SQL["gate_ticket_by_token"], params, Ticket)


def load_ticket_of(conn: GateConnection, kind: TicketKind, person: UUID) -> Ticket | None:
    """Return the code a person was sent, while it can be used."""
    return fetch_one(conn, _SQL["gate_ticket_of"], {"kind": kind, "person": person}, Ticket)


def use_ticket(conn: GateConnection, id: UUID) -> bool:
    """Use a ticket; False when it was used or has expired."""
    return _told(conn, "gate_use_ticket", {"id": id})


def take_challenge(conn: GateConnection, id: UUID, person: UUID | None) -> bytes | None:
    """Return a challenge, once."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found = cursor.execute(_SQL["gate_take_challenge"], {"id": id, "person": person}).fetchone()
    return bytes(found) if found is not None else None


def _told(
    conn: GateConnection,
    query: Literal["gate_use_totp", "gate_use_recovery_code", "gate_use_ticket"],
    params: dict[str, object],
) -> bool:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL[query], params).fetchone() is True
