"""Measures the patient is asked to take again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from alerts.evidence import Breaches
from alerts.records import to_json
from alerts.repeat import MyRepeat, RepeatState
from alerts.repeat_view import PendingView
from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A repeat that is asked for; `alert_id` None while nothing was raised."""

    id: UUID
    item: str
    alert_id: UUID | None
    breaches: dict[str, Any]
    asked_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ReachRow:
    """Where a patient can be asked at once."""

    browsers: list[UUID]
    contact_mobile: str | None
    phone: str | None
    fallback: str
    sms_faulty: bool
    locale: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """A repeat that did not come, and the key by which its patient is locked."""

    id: UUID
    patient_key: int


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A repeat of an alert; `answers`, `edition` None where there is none, or none to read."""

    asked_at: datetime
    due_at: datetime
    state: str
    ended_at: datetime | None
    answers: dict[str, Any] | None
    edition: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A measure to ask for."""

    id: UUID
    patient: UUID
    patient_key: int
    item: str
    breaches: Breaches
    now: datetime
    due_at: datetime


def lock_asked(conn: ServiceConnection, patient: UUID) -> list[AskedRow]:
    """Return what a patient is asked to measure again, locked."""
    return fetch_all(conn, _SQL["repeats_asked"], {"patient": patient}, AskedRow)


def load_settled(conn: ServiceConnection, patient: UUID, since: datetime) -> Sequence[str]:
    """Return the items whose repeat was within the limits since an instant."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"patient": patient, "since": since}
        return cursor.execute(_SQL["repeats_settled"], params).fetchall()


def load_reach(conn: ServiceConnection, patient: UUID) -> ReachRow:
    """Return where a patient can be asked at once."""
    row = fetch_one(conn, _SQL["repeat_reach"], {"patient": patient}, ReachRow)
    if row is None:
        raise LookupError("nothing is known of how to reach a patient")
    return row


def hold(conn: ServiceConnection, wanted: Wanted) -> None:
    """Save a measure that is asked for before anything is raised."""
    conn.execute(_SQL["hold_for_repeat"], _params(wanted))


def ask_beside(conn: ServiceConnection, wanted: Wanted) -> UUID | None:
    """Save a measure asked for beside the open alert of its item; return that alert."""
    return _one_id(conn, "ask_beside_alert", _params(wanted))


def end(conn: ServiceConnection, repeat: UUID, state: RepeatState, now: datetime) -> UUID | None:
    """Save how a repeat ended; return the alert it belongs to, if there is one."""
    return _one_id(conn, "end_repeat", {"id": repeat, "state": state, "now": now})


def load_due(conn: ServiceConnection, now: datetime, limit: int) -> list[DueRow]:
    """Return what did not come in time, longest due first."""
    return fetch_all(conn, _SQL["repeats_due"], {"now": now, "limit": limit}, DueRow)


def lock_due(conn: ServiceConnection, repeat: UUID, now: datetime) -> AskedRow | None:
    """Return one of them, locked, if it is still so and no other process has it."""
    return fetch_one(conn, _SQL["repeat_to_settle"], {"id": repeat, "now": now}, AskedRow)


def load_mine(conn: PersonConnection, patient: VisiblePatientId) -> list[MyRepeat]:
    """Return what the patient was asked to measure again in the last day, the latest first."""
    return fetch_all(conn, _SQL["my_repeats"], {"patient": patient}, MyRepeat)


def load_one(conn: PersonConnection, patient: VisiblePatientId, repeat: UUID) -> MyRepeat | None:
    """Return one measure the patient was asked to take again, however long ago."""
    return fetch_one(conn, _SQL["my_repeat"], {"patient": patient, "repeat": repeat}, MyRepeat)


def save_answered(conn: PersonConnection, repeat: UUID, key: str) -> bool:
    """Note the answer kept under a key as that of a repeat; False when it is not his."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"id": repeat, "key": key}
        return bool(cursor.execute(_SQL["answer_repeat"], params).fetchone())


def load_of_alert(conn: PersonConnection, patient: VisiblePatientId, alert: UUID) -> list[ShownRow]:
    """Return the repeats of an alert, oldest first."""
    params = {"patient": patient, "id": alert}
    return fetch_all(conn, _SQL["repeats_of_alert"], params, ShownRow)


def load_waiting(conn: PersonConnection, patient: VisiblePatientId) -> list[PendingView]:
    """Return the orange values that wait for a new measure, first due first."""
    return fetch_all(conn, _SQL["repeats_waiting"], {"patient": patient}, PendingView)


def _params(wanted: Wanted) -> dict[str, Any]:
    return {
        "id": wanted.id,
        "patient": wanted.patient,
        "patient_key": wanted.patient_key,
        "item": wanted.item,
        "breaches": Jsonb(to_json(wanted.breaches)),
        "now": wanted.now,
        "due_at": wanted.due_at,
    }


def _one_id(conn: ServiceConnection, name: str, params: dict[str, Any]) -> UUID | None:
    with conn.cursor(row_factory=scalar_row) as cursor:
        found: UUID | None = cursor.execute(_SQL[name], params).fetchone()
    return found
