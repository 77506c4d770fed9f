"""What is said around an alert and who was told of it, under row security."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.talking import Kind
from alerts.telling import Delivery
from core.doors import PersonConnection, VisiblePatientId
from core.ids import new_id
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class SaidRow:
    """A question or a reply."""

    kind: str
    words: str
    by_person: UUID
    at: datetime


def save_said(
    conn: PersonConnection,
    *,
    alert: UUID,
    patient: UUID,
    kind: Kind,
    words: str,
    key: str,
    now: datetime,
) -> bool:
    """Save what the actor says; return False when this key of his said it already."""
    params = {
        "id": new_id(now),
        "alert": alert,
        "patient": patient,
        "kind": kind,
        "words": words,
        "key": key,
        "now": now,
    }
    return conn.execute(_SQL["save_said"], params).rowcount == 1


def load_said(conn: PersonConnection, patient: VisiblePatientId, alert: UUID) -> list[SaidRow]:
    """Return what was asked and replied about an alert, oldest first."""
    return fetch_all(conn, _SQL["said_of_alert"], {"id": alert, "patient": patient}, SaidRow)


def load_deliveries(
    conn: PersonConnection, patient: VisiblePatientId, alert: UUID
) -> list[Delivery]:
    """Return what became of the messages by which an alert called people."""
    return fetch_all(conn, _SQL["told_of_alert"], {"id": alert, "patient": patient}, Delivery)
