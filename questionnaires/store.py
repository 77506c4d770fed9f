"""Typed functions over the room's queries."""

from datetime import datetime

from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from questionnaires.answered import Answered, ReadReceipt

_SQL = load_queries("questionnaires")


def load_last(conn: PersonConnection, patient: VisiblePatientId, most: int) -> list[Answered]:
    """Return the last questionnaires of a patient, newest first."""
    return fetch_all(conn, _SQL["last_answers"], {"patient": patient, "most": most}, Answered)


def save_request_for_review(
    conn: PersonConnection,
    patient: VisiblePatientId,
    answered_at: datetime,
    received_at: datetime,
) -> None:
    """Append the answers to what is due for review."""
    conn.execute(
        _SQL["ask_review"],
        {"patient": patient, "answered_at": answered_at, "received_at": received_at},
    )


def load_receipt(
    conn: PersonConnection, patient: VisiblePatientId, since: datetime
) -> ReadReceipt | None:
    """Return when a professional first read the answers that came in at `since`."""
    params = {"patient": patient, "since": since}
    return fetch_one(conn, _SQL["first_read"], params, ReadReceipt)
