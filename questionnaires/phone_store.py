"""What the phone keeps and shows beside answers: calls for help, receipts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import scalar_row

from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("questionnaires")


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What was said of calling, and when."""

    answer_id: UUID
    called: bool
    said_at: datetime


def save_called(
    conn: PersonConnection,
    patient: VisiblePatientId,
    answer: UUID,
    *,
    called: bool,
    now: datetime,
    by: UUID,
) -> bool:
    """Store what was said of calling at an answer of the record; False when it is none of it."""
    params = {"answer": answer, "patient": patient, "called": called, "now": now, "by": by}
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["save_called"], params).fetchone())


def load_called(conn: PersonConnection, patient: VisiblePatientId) -> list[Called]:
    """Return what a patient said of calling for help, newest first."""
    return fetch_all(conn, _SQL["called_of_patient"], {"patient": patient}, Called)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRow:
    """One answer as its patient is shown it, and who of the team opened his answers after it."""

    id: UUID
    instrument: str
    version: str
    edition: str | None
    source: str
    answered_at: datetime
    received_at: datetime
    read_at: datetime | None
    read_by: str | None
    read_role: str | None


def load_sent(conn: PersonConnection, patient: VisiblePatientId, most: int) -> list[SentRow]:
    """Return the last answers of a patient with their receipts, newest first."""
    params = {"patient": patient, "most": most}
    return fetch_all(conn, _SQL["sent_with_receipts"], params, SentRow)
