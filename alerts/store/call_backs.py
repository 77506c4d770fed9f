"""What call-backs read and write."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.call_back import CallBack
from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all
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


def lock_waiting(conn: ServiceConnection, most: int) -> list[WaitingRow]:
    """Return requests without an alert, locked, but for those another process has."""
    return fetch_all(conn, _SQL["call_backs_waiting"], {"most": most}, WaitingRow)


def save_alert_of(conn: ServiceConnection, request: UUID, alert: UUID) -> None:
    """Store which alert calls the team for a request."""
    conn.execute(_SQL["save_alert_of_call_back"], {"id": request, "alert": alert})
