"""What call-backs read and write."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import scalar_row

from alerts.call_back import CallBack
from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A request nobody has been called for, and by which ladder its patient's team is."""

    id: UUID
    patient_id: UUID
    patient_key: int
    asked_at: datetime
    ladder_id: str | None
    ladder_version: int | None


def save_request(
    conn: PersonConnection, patient: VisiblePatientId, *, id: UUID, key: str, now: datetime
) -> None:
    """Store a request, once for its key."""
    conn.execute(_SQL["save_call_back"], {"id": id, "patient": patient, "key": key, "now": now})


def load_mine(conn: PersonConnection, patient: VisiblePatientId) -> list[CallBack]:
    """Return the requests of a patient and what became of them, newest first."""
    return fetch_all(conn, _SQL["my_call_backs"], {"patient": patient}, CallBack)


def load_waiting(conn: ServiceConnection, now: datetime, most: int) -> list[UUID]:
    """Return requests without an alert, oldest first, but those set back until later."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL["call_backs_waiting"], {"now": now, "most": most}).fetchall()


def lock_request(conn: ServiceConnection, request: UUID) -> WaitingRow | None:
    """Return a request that still has no alert, locked, unless another process has it."""
    return fetch_one(conn, _SQL["call_back_to_raise"], {"id": request}, WaitingRow)


def save_alert_of(conn: ServiceConnection, request: UUID, alert: UUID) -> None:
    """Store which alert calls the team for a request."""
    conn.execute(_SQL["save_alert_of_call_back"], {"id": request, "alert": alert})
