"""What the search for silence reads and writes beside alerts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg.rows import scalar_row

from alerts.store import calling
from core.doors import ServiceConnection
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("alerts")
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class _Answered:
    alert_id: UUID
    patient_id: UUID
    at: datetime


def load_key(conn: ServiceConnection, patient: UUID) -> int | None:
    """Return the key by which a patient is locked."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found: int | None = cursor.execute(_SQL["key_of_patient"], {"patient": patient}).fetchone()
    return found


def load_set_back(conn: ServiceConnection, now: datetime) -> list[UUID]:
    """Return patients whose silence could not be told and who are tried again later."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL["silence_setbacks"], {"now": now}).fetchall()


def note_answers(conn: ServiceConnection, now: datetime) -> int:
    """Note once in each open alert of silence that an answer has come since; return in how many."""
    found = fetch_all(conn, _SQL["silences_answered"], {"limit": BATCH}, _Answered)
    for one in found:
        calling.save_event(
            conn,
            alert=one.alert_id,
            patient=one.patient_id,
            at=one.at,
            what="answered_since",
        )
        calling.hint_queues(conn, one.patient_id)
    return len(found)
