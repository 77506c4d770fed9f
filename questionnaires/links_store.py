"""Typed functions over the queries of links to one questionnaire."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from core.doors import GateConnection, PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("questionnaires")


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody a link can be sent to; the addresses are hinted at, None where there is none."""

    person: UUID
    name: str
    is_patient: bool
    email: str | None
    sms: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """A link about to be made; secrets are digests, those of the messages are sealed."""

    id: UUID
    patient: UUID
    recipient: UUID
    edition: str
    task: UUID | None
    token_hash: bytes
    code_hash: bytes
    expires_at: datetime
    channel: str
    params: dict[str, str]
    code_params: dict[str, str]
    message: UUID
    code_message: UUID


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link that was made."""

    id: UUID
    recipient: UUID
    edition: str
    made_at: datetime
    expires_at: datetime
    tries: int
    opened_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A link that asks for its code."""

    id: UUID
    tries: int


@dataclass(frozen=True, slots=True)
class LinkSession:
    """Who answers what by a link."""

    id: UUID
    patient: UUID
    recipient: UUID
    edition: str
    task: UUID | None
    locale: str


@dataclass(frozen=True, slots=True)
class AnsweredByLink:
    """What was answered by a link a moment ago, and by whom."""

    patient: UUID
    recipient: UUID
    answer: UUID


def load_offers(conn: PersonConnection, patient: VisiblePatientId) -> list[Offer]:
    """Return to whom a link can be sent, the patient first."""
    return fetch_all(conn, _SQL["link_offers"], {"patient": patient}, Offer)


def make_link(conn: PersonConnection, new: NewLink) -> str | None:
    """Make a link and put its messages out; None when the recipient may not answer."""
    params: dict[str, Any] = {field.name: getattr(new, field.name) for field in fields(new)}
    params |= {"params": Jsonb(new.params), "code_params": Jsonb(new.code_params)}
    return _scalar(conn, "make_link", params)


def load_links(conn: PersonConnection, patient: VisiblePatientId) -> list[LinkRow]:
    """Return the last links made for a patient, newest first."""
    return fetch_all(conn, _SQL["links"], {"patient": patient}, LinkRow)


def end_link(conn: PersonConnection, patient: VisiblePatientId, id: UUID) -> bool:
    """End a link that still opened; False when there is none."""
    return bool(_scalar(conn, "end_link", {"patient": patient, "id": id}))


def load_waiting(conn: GateConnection, token_hash: bytes) -> Waiting | None:
    """Return a link that can still be opened."""
    return fetch_one(conn, _SQL["gate_link"], {"token_hash": token_hash}, Waiting)


def try_link(conn: GateConnection, token_hash: bytes, code_hash: bytes, session_hash: bytes) -> str:
    """Try a code: « open », « wrong » or « gone »."""
    params = {"token_hash": token_hash, "code_hash": code_hash, "session_hash": session_hash}
    return str(_scalar(conn, "gate_try_link", params))


def load_session(
    conn: GateConnection, token_hash: bytes, session_hash: bytes
) -> LinkSession | None:
    """Return who answers by a link in a browser that gave its code."""
    params = {"token_hash": token_hash, "session_hash": session_hash}
    return fetch_one(conn, _SQL["gate_link_session"], params, LinkSession)


def load_answered(
    conn: GateConnection, token_hash: bytes, session_hash: bytes
) -> AnsweredByLink | None:
    """Return what a browser answered by a link within the hour."""
    params = {"token_hash": token_hash, "session_hash": session_hash}
    return fetch_one(conn, _SQL["gate_link_answered"], params, AnsweredByLink)


def end_session(conn: GateConnection, session_hash: bytes) -> None:
    """The questionnaire is answered: the link opens nothing any more."""
    conn.execute(_SQL["gate_end_link"], {"session_hash": session_hash})


def _scalar(
    conn: PersonConnection | GateConnection, name: str, params: dict[str, Any]
) -> str | None:
    with conn.cursor(row_factory=scalar_row) as cursor:
        found: str | None = cursor.execute(_SQL[name], params).fetchone()
    return found
