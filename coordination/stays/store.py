"""Typed functions over the queries of stays."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.stays.stay import Act, Marked, State, Stay
from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.stays")
Saved = Literal["done", "gone", "dead", "overlaps", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StayEvent:
    """Who marked what; nobody: a machine asked."""

    id: UUID
    stay_id: UUID
    at: datetime
    by_name: str | None
    what: str
    started_at: datetime
    planned_out_on: date | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A stay of one of the actor's patients that waits for somebody."""

    id: UUID
    patient_id: UUID
    patient_name: str
    state: State
    started_at: datetime
    planned_out_on: date | None
    ended_at: datetime | None
    call_due_at: datetime | None
    asks_at: datetime


@dataclass(frozen=True, slots=True)
class _Said:
    said: Saved


@dataclass(frozen=True, slots=True)
class _Asked:
    asked: bool


@dataclass(frozen=True, slots=True)
class _Count:
    count: int


def load_stays(conn: PersonConnection, patient: VisiblePatientId, most: int) -> list[Stay]:
    """Return the stays of a record, latest first."""
    return fetch_all(conn, _SQL["stays"], {"patient": patient, "most": most}, Stay)


def load_stay(conn: PersonConnection, patient: VisiblePatientId, stay: UUID) -> Stay | None:
    """Return one stay."""
    return fetch_one(conn, _SQL["stay"], {"patient": patient, "stay": stay}, Stay)


def load_events(conn: PersonConnection, patient: VisiblePatientId, most: int) -> list[StayEvent]:
    """Return who marked what, latest first."""
    return fetch_all(conn, _SQL["stay_events"], {"patient": patient, "most": most}, StayEvent)


def is_asked(conn: PersonConnection, patient: VisiblePatientId) -> bool:
    """Say whether a plan of questions is running in a record."""
    found = fetch_one(conn, _SQL["is_asked"], {"patient": patient}, _Asked)
    return found is not None and found.asked


def load_waiting(conn: PersonConnection, most: int) -> list[Waiting]:
    """Return the stays of the actor's patients that wait for somebody."""
    return fetch_all(conn, _SQL["stays_waiting"], {"most": most}, Waiting)


def save_stay(conn: PersonConnection, marked: Marked, act: Act, new: list[UUID]) -> Saved:
    """Store how a stay stands; `new` are ids: of its event, of a rest, of a notice."""
    stay, rest = marked.stay, marked.rest
    params = {
        "id": stay.id,
        "patient": stay.patient_id,
        "state": stay.state,
        "started_at": stay.started_at,
        "planned": stay.planned_out_on,
        "ended_at": stay.ended_at,
        "call_due_at": stay.call_due_at,
        "called_at": stay.called_at,
        "asks_at": stay.asks_at,
        "version": stay.version,
        "what": act,
        "new": new,
        "rests": rest is not None,
        "until": rest.until if rest else None,
    }
    found = fetch_one(conn, _SQL["save_stay"], params, _Said)
    return found.said if found else "gone"


def ask_of_stays(conn: ServiceConnection, limit: int) -> int:
    """Ask of stays that wait too long; return how many."""
    found = fetch_one(conn, _SQL["ask_of_stays"], {"limit": limit}, _Count)
    return found.count if found else 0
