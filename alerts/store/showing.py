"""What pages read: under row security, with the actor's own eyes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row

from alerts.acts import Answerer
from alerts.rows import AlertRow, ChartRow, QueuePageRow, StretchRow, SummaryRow
from alerts.trends import DayValues
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from scoring.observation import UNUSABLE

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class PrescriptionRow:
    """By what a patient is watched."""

    profile_id: str
    profile_version: int
    adjustments: list[dict[str, Any]]
    usual_values: dict[str, float]
    content: str | None


@dataclass(frozen=True, slots=True)
class EventRow:
    """One step in the life of an alert."""

    at: datetime
    what: str
    by_person: UUID | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NameRow:
    """Somebody an alert mentions."""

    person: UUID
    name: str


@dataclass(frozen=True, slots=True)
class PatientRow:
    """Whose alert it is."""

    patient_id: UUID


@dataclass(frozen=True, slots=True)
class CountRow:
    """Patients of a queue at one level."""

    level: str
    patients: int
    open_alerts: int
    open_red: int
    for_drills: int


def load_prescription(conn: PersonConnection, patient: VisiblePatientId) -> PrescriptionRow | None:
    """Return the live prescription of a patient."""
    return fetch_one(conn, _SQL["live_prescription"], {"patient": patient}, PrescriptionRow)


def load_summary(conn: PersonConnection, patient: VisiblePatientId) -> SummaryRow | None:
    """Return the last review of a patient."""
    return fetch_one(conn, _SQL["load_summary"], {"patient": patient}, SummaryRow)


def load_open_alerts(conn: PersonConnection, patient: VisiblePatientId) -> list[AlertRow]:
    """Return the alerts of a patient that nobody has closed, red first, then oldest."""
    return fetch_all(conn, _SQL["open_alerts"], {"patient": patient}, AlertRow)


def load_alert(
    conn: PersonConnection, patient: VisiblePatientId, alert_id: UUID
) -> AlertRow | None:
    """Return one alert of a patient."""
    return fetch_one(conn, _SQL["load_alert"], {"id": alert_id, "patient": patient}, AlertRow)


def load_answerers(conn: PersonConnection, patient: VisiblePatientId) -> list[Answerer]:
    """Return who may be given an alert of a patient, by name."""
    return fetch_all(conn, _SQL["answerers"], {"patient": patient}, Answerer)


def load_events(
    conn: PersonConnection, patient: VisiblePatientId, alert_id: UUID
) -> list[EventRow]:
    """Return the life of an alert, oldest first."""
    params = {"id": alert_id, "patient": patient}
    return fetch_all(conn, _SQL["events_of_alert"], params, EventRow)


def is_drill_record(conn: PersonConnection, patient: VisiblePatientId) -> bool:
    """Say whether a record serves exercises alone, now."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["drill_record"], {"patient": patient}).fetchone())


def load_names(
    conn: PersonConnection, patient: VisiblePatientId, alert_id: UUID
) -> dict[UUID, str]:
    """Return the names of everybody an alert mentions."""
    params = {"id": alert_id, "patient": patient}
    rows = fetch_all(conn, _SQL["names_around"], params, NameRow)
    return {row.person: row.name for row in rows}


def load_patient_of(conn: PersonConnection, alert_id: UUID) -> UUID | None:
    """Return whose alert this is, if the actor may read it."""
    row = fetch_one(conn, _SQL["patient_of_alert"], {"id": alert_id}, PatientRow)
    return row.patient_id if row else None


def load_queue(conn: PersonConnection, limit: int, offset: int) -> list[QueuePageRow]:
    """Return one page of the acting organisation's queue."""
    params = {"limit": limit, "offset": offset}
    return fetch_all(conn, _SQL["queue_page"], params, QueuePageRow)


def load_counts(conn: PersonConnection) -> list[CountRow]:
    """Return how many patients of that queue stand at each level."""
    return fetch_all(conn, _SQL["queue_counts"], {}, CountRow)


def load_chart_readings(conn: PersonConnection, params: dict[str, Any]) -> list[ChartRow]:
    """Return spot readings; `params`: patient, vitals, start, end."""
    return fetch_all(conn, _SQL["chart_readings"], params, ChartRow)


def load_chart_minutes(conn: PersonConnection, params: dict[str, Any]) -> list[ChartRow]:
    """Return minute summaries; `params` as above."""
    return fetch_all(conn, _SQL["chart_minutes"], params, ChartRow)


def load_chart_stretches(conn: PersonConnection, params: dict[str, Any]) -> list[StretchRow]:
    """Return sampled stretches; `params` as above."""
    return fetch_all(conn, _SQL["chart_stretches"], params, StretchRow)


def load_daily_values(
    conn: PersonConnection,
    patient: VisiblePatientId,
    time_zone: str,
    since: datetime,
    now: datetime,
) -> list[DayValues]:
    """Return what was measured, a row a vital and day; what cannot count is left out."""
    params = {
        "patient": patient,
        "zone": time_zone,
        "since": since,
        "now": now,
        "unusable": int(UNUSABLE),
    }
    return fetch_all(conn, _SQL["daily_values"], params, DayValues)
