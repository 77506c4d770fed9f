"""Sessions, remembered phones, attempts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.doors import GateConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from identity.people import Aal, SignedIn
from identity.slowdown import Tries

_SQL = load_queries("identity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A phone that may answer today's questionnaire."""

    id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """Whether a browser is new to a person who has used others, and his language."""

    is_new: bool
    locale: str


def save_session(
    conn: GateConnection,
    *,
    id: UUID,
    token_hash: bytes,
    person: UUID,
    post: UUID | None,
    aal: Aal,
    idle_seconds: int,
    ends_at: datetime,
    address: str,
    device: str,
    only_alert: UUID | None = None,
) -> None:
    """Open a session; `only_alert`: that of a link, which opens nothing besides."""
    conn.execute(
        _SQL["gate_open_session"],
        {
            "id": id,
            "token_hash": token_hash,
            "person": person,
            "post": post,
            "aal": aal,
            "idle_seconds": idle_seconds,
            "ends_at": ends_at,
            "address": address,
            "device": device,
            "only_alert": only_alert,
        },
    )


def load_session(conn: GateConnection, token_hash: bytes) -> SignedIn | None:
    """Return who is behind a live session and note that it is in use."""
    return fetch_one(conn, _SQL["gate_session"], {"token_hash": token_hash}, SignedIn)


def end_session(conn: GateConnection, token_hash: bytes) -> None:
    """Sign out."""
    conn.execute(_SQL["gate_end_session"], {"token_hash": token_hash})


def end_other_sessions(conn: GateConnection, person: UUID, keep: UUID | None) -> None:
    """End every session and remembered phone of a person except one."""
    conn.execute(_SQL["gate_end_other_sessions"], {"person": person, "keep": keep})


def load_phones(conn: GateConnection, person: UUID) -> list[Phone]:
    """Return the phones a person had remembered, newest first."""
    return fetch_all(conn, _SQL["gate_phones"], {"person": person}, Phone)


def forget_phone(conn: GateConnection, person: UUID, id: UUID) -> None:
    """Remember a phone no longer."""
    conn.execute(_SQL["gate_forget_phone"], {"person": person, "id": id})


def save_try(
    conn: GateConnection, kind: str, subject: str, address: str, browser: bytes, known: bool
) -> Tries:
    """Count an attempt and return how many there were lately, this one among them."""
    params = {
        "kind": kind,
        "subject": subject,
        "address": address,
        "browser": browser,
        "known": known,
    }
    counted = fetch_one(conn, _SQL["gate_try"], params, Tries)
    if counted is None:
        raise LookupError("an attempt was not counted")
    return counted


def forgive(conn: GateConnection, attempt: int) -> None:
    """Count an attempt no longer."""
    conn.execute(_SQL["gate_forgive"], {"attempt": attempt})


def save_known_browser(conn: GateConnection, person: UUID, browser: bytes) -> KnownBrowser | None:
    """Note that two factors were given in a browser; return whether it was new to its owner."""
    params = {"person": person, "browser": browser}
    return fetch_one(conn, _SQL["gate_know_browser"], params, KnownBrowser)
