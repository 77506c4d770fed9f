"""What the review reads and writes: prescriptions, due rows, readings, assessments, summaries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from alerts.rows import AnswerRow, ReadingRow, StretchRow, WatchedRow
from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from core.vitals import Vital
from scoring.observation import TO_VERIFY, UNUSABLE

_SQL = load_queries("alerts")
_VITALS = [int(vital) for vital in Vital]
_JSON = {"items", "missing", "doubtful", "latest", "news2", "judged_through"}


SPOTS_BEFORE = 2000
"""Earlier spot readings of one vital that rules may look at: more than one every five minutes for
a week."""
STRETCHES_BEFORE = 50
"""Earlier sampled stretches of one vital, likewise."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """Data nobody has judged: measured between two instants, received at one."""

    id: int
    from_time: datetime
    until_time: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class LagRow:
    """How long the oldest data has waited."""

    seconds: float


def save_prescription(
    conn: ServiceConnection,
    *,
    id: UUID,
    patient: UUID,
    profile: tuple[str, int],
    ladder: tuple[str, int],
    adjustments: object,
    usual_values: Mapping[str, float],
    spo2_scale: int,
    prescribed_by: UUID,
    now: datetime,
) -> bool:
    """End the live prescription and save a new one; return False for an unknown patient."""
    conn.execute(_SQL["end_prescription"], {"patient": patient, "now": now})
    params = {
        "id": id,
        "patient": patient,
        "profile_id": profile[0],
        "profile_version": profile[1],
        "ladder_id": ladder[0],
        "ladder_version": ladder[1],
        "adjustments": Jsonb(adjustments),
        "usual_values": Jsonb(dict(usual_values)),
        "spo2_scale": spo2_scale,
        "prescribed_by": prescribed_by,
        "now": now,
    }
    return conn.execute(_SQL["save_prescription"], params).rowcount == 1


def save_first_summary(
    conn: ServiceConnection, patient: UUID, missing: object, news2: object, now: datetime
) -> None:
    """Give a patient a summary without a level, unless he has one."""
    conn.execute(
        _SQL["save_first_summary"],
        {"patient": patient, "missing": Jsonb(missing), "news2": Jsonb(news2), "now": now},
    )


def ask_first_review(conn: ServiceConnection, patient: UUID, since: datetime) -> None:
    """Ask for the review of what came while nobody watched and was measured from `since` on."""
    conn.execute(_SQL["ask_first_review"], {"patient": patient, "since": since})


def start_watching(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: UUID,
    before: UUID | None,
    content: str,
    digest: str,
    look_at: datetime | None,
    missing: object,
    news2: object,
    since: datetime,
) -> str:
    """Watch a patient from now on, by an act of a person; return « begun », or why not.

    `before`: the live version `content` was made from; « newer » when it is not that any more.
    """
    params = {
        "id": id,
        "patient": patient,
        "before": before,
        "content": content,
        "digest": digest,
        "look_at": look_at,
        "missing": Jsonb(missing),
        "news2": Jsonb(news2),
        "since": since,
    }
    with conn.cursor(row_factory=scalar_row) as cursor:
        return str(cursor.execute(_SQL["start_watching"], params).fetchone())


def load_patients_due(conn: ServiceConnection, now: datetime, limit: int) -> list[int]:
    """Return keys of patients with data to judge, longest waiting first."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"now": now, "limit": limit}
        return cursor.execute(_SQL["patients_due"], params).fetchall()


def lock_patient(conn: ServiceConnection, patient_key: int) -> bool:
    """Take the patient for this transaction; return False when another reviewer has him."""
    row = conn.execute(_SQL["lock_patient"], {"patient_key": patient_key}).fetchone()
    return bool(row and row[0])


def load_due(conn: ServiceConnection, patient_key: int, limit: int) -> list[DueRow]:
    """Return what is due for a patient, oldest first."""
    params = {"patient_key": patient_key, "limit": limit}
    return fetch_all(conn, _SQL["due_of_patient"], params, DueRow)


def delete_due(conn: ServiceConnection, patient_key: int, ids: Sequence[int]) -> None:
    """Delete exactly these due rows."""
    conn.execute(_SQL["delete_due"], {"patient_key": patient_key, "ids": list(ids)})


def load_watched(conn: ServiceConnection, patient_key: int) -> WatchedRow | None:
    """Return the patient behind a key, with his live prescription if he has one."""
    return fetch_one(conn, _SQL["watched_patient"], {"patient_key": patient_key}, WatchedRow)


def _batches(due: Sequence[DueRow]) -> dict[str, Any]:
    return {
        "dues": [row.id for row in due],
        "from_times": [row.from_time for row in due],
        "until_times": [row.until_time for row in due],
        "received": [row.received_at for row in due],
        "vitals": _VITALS,
    }


def load_new_readings(
    conn: ServiceConnection, patient_key: int, due: Sequence[DueRow]
) -> list[ReadingRow]:
    """Return the spot readings the due rows speak of."""
    params = {"patient_key": patient_key, **_batches(due)}
    return fetch_all(conn, _SQL["new_readings"], params, ReadingRow)


def load_replaced_readings(
    conn: ServiceConnection, patient_key: int, due: Sequence[DueRow]
) -> list[ReadingRow]:
    """Return what was said and amended before anybody had judged it."""
    params = {"patient_key": patient_key, **_batches(due)}
    return fetch_all(conn, _SQL["replaced_readings"], params, ReadingRow)


def load_new_stretches(
    conn: ServiceConnection, patient_key: int, due: Sequence[DueRow]
) -> list[StretchRow]:
    """Return the sampled stretches the due rows speak of."""
    params = {"patient_key": patient_key, **_batches(due)}
    return fetch_all(conn, _SQL["new_stretches"], params, StretchRow)


def load_new_answers(
    conn: ServiceConnection, patient: UUID, due: Sequence[DueRow]
) -> list[AnswerRow]:
    """Return the questionnaires the due rows speak of."""
    params = {"patient": patient, **_batches(due)}
    return fetch_all(conn, _SQL["new_answers"], params, AnswerRow)


def load_latest(
    conn: ServiceConnection, patient_key: int, since: datetime, until: datetime
) -> tuple[list[ReadingRow], list[StretchRow]]:
    """Return the newest reading and stretch of each vital and class of quality."""
    params = {
        "patient_key": patient_key,
        "since": since,
        "until": until,
        "vitals": _VITALS,
        "unusable": int(UNUSABLE),
        "to_verify": int(TO_VERIFY),
    }
    return (
        fetch_all(conn, _SQL["latest_readings"], params, ReadingRow),
        fetch_all(conn, _SQL["latest_stretches"], params, StretchRow),
    )


def load_before(
    conn: ServiceConnection,
    patient_key: int,
    vitals: Sequence[Vital],
    since: datetime,
    until: datetime,
) -> tuple[list[ReadingRow], list[StretchRow]]:
    """Return readings and stretches of some vitals between two instants, newest first."""
    params = {
        "patient_key": patient_key,
        "vitals": [int(vital) for vital in vitals],
        "since": since,
        "until": until,
    }
    return (
        fetch_all(conn, _SQL["readings_before"], {**params, "most": SPOTS_BEFORE}, ReadingRow),
        fetch_all(conn, _SQL["stretches_before"], {**params, "most": STRETCHES_BEFORE}, StretchRow),
    )


def load_latest_answers(
    conn: ServiceConnection, patient: UUID, since: datetime, until: datetime
) -> list[AnswerRow]:
    """Return the last questionnaires of a patient, newest first."""
    params = {"patient": patient, "since": since, "until": until}
    return fetch_all(conn, _SQL["latest_answers"], params, AnswerRow)


def save_assessment(conn: ServiceConnection, columns: Mapping[str, Any]) -> None:
    """Save what a review found; `columns` are those of `alerts.assessment`."""
    conn.execute(_SQL["save_assessment"], _wrapped(columns))


def save_summary(conn: ServiceConnection, columns: Mapping[str, Any]) -> None:
    """Save the last review of a patient; `columns` are those of `alerts.patient_summary`."""
    conn.execute(_SQL["save_summary"], _wrapped(columns))


def _wrapped(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: Jsonb(value) if name in _JSON else value for name, value in columns.items()}


def load_review_lag(conn: ServiceConnection, now: datetime) -> float:
    """Return seconds since the oldest data nobody has judged or failed to judge."""
    lag = fetch_one(conn, _SQL["review_lag"], {"now": now}, LagRow)
    return lag.seconds if lag else 0.0
