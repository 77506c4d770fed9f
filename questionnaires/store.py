"""Typed functions over the room's queries."""

from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from core.vitals import Vital
from questionnaires.answered import Answered, ReadReceipt
from questionnaires.questionnaire import Questionnaire, Value

_SQL = load_queries("questionnaires")


def save_answer(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: VisiblePatientId,
    edition: Questionnaire,
    answers: dict[str, Value],
    answered_at: datetime,
    received_at: datetime,
    entered_by: UUID,
    client_key: str,
) -> bool:
    """Store a filled-in questionnaire; False when its key is stored already."""
    done = conn.execute(
        _SQL["save_answer"],
        {
            "id": id,
            "patient": patient,
            "instrument": edition.name,
            "version": int(edition.version),
            "answers": Jsonb(answers),
            "answered_at": answered_at,
            "received_at": received_at,
            "entered_by": entered_by,
            "client_key": client_key,
        },
    )
    return done.rowcount == 1


def load_answer(
    conn: PersonConnection, patient: VisiblePatientId, client_key: str
) -> Answered | None:
    """Return the questionnaire stored under a key."""
    params = {"patient": patient, "client_key": client_key}
    return fetch_one(conn, _SQL["answer_of_key"], params, Answered)


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


def save_reading(
    conn: PersonConnection,
    patient: VisiblePatientId,
    vital: Vital,
    value: float,
    *,
    measured_at: datetime,
    received_at: datetime,
) -> None:
    """Store a value typed by hand (in the vital's unit) as a reading due for review."""
    conn.execute(
        _SQL["record_by_hand"],
        {
            "patient": patient,
            "vital": int(vital),
            "value": value,
            "measured_at": measured_at,
            "received_at": received_at,
        },
    )


def load_receipt(
    conn: PersonConnection, patient: VisiblePatientId, since: datetime
) -> ReadReceipt | None:
    """Return when a professional first read the answers that came in at `since`."""
    params = {"patient": patient, "since": since}
    return fetch_one(conn, _SQL["first_read"], params, ReadReceipt)
