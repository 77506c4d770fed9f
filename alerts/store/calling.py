"""What the life of an alert reads and writes: alerts, events, whom to call, what keeps failing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from alerts.alert import Alert
from alerts.cause import cause_of
from alerts.ladder import ladder_json
from alerts.records import to_json
from alerts.rows import AlertRow, life_of
from alerts.views import EventKind, EvidenceEntry
from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from scoring.item import Bound

_SQL = load_queries("alerts")
Work = Literal["review", "escalation", "silence", "call_back", "repeat"]


@dataclass(frozen=True, slots=True)
class SetbackRow:
    """How often some work has failed, and since when."""

    failures: int
    first_at: datetime


@dataclass(frozen=True, slots=True)
class FailingRow:
    """Work that keeps failing; `error` is the kind of error only."""

    work: str
    subject: str
    failures: int
    first_at: datetime
    error: str


def lock_alerts_of_patient(conn: ServiceConnection, patient: UUID) -> list[AlertRow]:
    """Return the alerts of a patient that nobody has closed, locked."""
    return fetch_all(conn, _SQL["alerts_of_patient"], {"patient": patient}, AlertRow)


def lock_alert(conn: PersonConnection, patient: UUID, alert_id: UUID) -> AlertRow | None:
    """Return one alert of a patient, locked, if the actor may act on it."""
    params = {"id": alert_id, "patient": patient}
    return fetch_one(conn, _SQL["alert_for_update"], params, AlertRow)


def lock_alert_due(conn: ServiceConnection, alert_id: UUID, now: datetime) -> AlertRow | None:
    """Return an alert whose step is still due, locked, unless another process has it."""
    return fetch_one(conn, _SQL["alert_to_escalate"], {"id": alert_id, "now": now}, AlertRow)


def load_alerts_due(conn: ServiceConnection, now: datetime, limit: int) -> list[UUID]:
    """Return the alerts whose next step is due, longest due first."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"now": now, "limit": limit}
        return cursor.execute(_SQL["alerts_due"], params).fetchall()


def save_alert(
    conn: ServiceConnection,
    alert: Alert,
    *,
    patient: UUID,
    patient_key: int,
    first_breach_at: datetime,
    late: bool,
    evidence: Sequence[EvidenceEntry],
) -> bool:
    """Save a new alert; return False when one is open for its item already."""
    params = {
        **_written(alert),
        "patient": patient,
        "patient_key": patient_key,
        "item": alert.item,
        "cause": cause_of(alert.item, _worst_bound(evidence)),
        "level": alert.level.code,
        "raised_at": alert.raised_at,
        "first_breach_at": first_breach_at,
        "late": late,
        "evidence": Jsonb(to_json(tuple(evidence))),
        "ladder": ladder_json(alert.ladder),
    }
    return conn.execute(_SQL["save_alert"], params).rowcount == 1


def _worst_bound(evidence: Sequence[EvidenceEntry]) -> Bound | None:
    return next((entry.evidence.bound for entry in evidence if entry.part == "worst"), None)


def save_life(conn: ServiceConnection | PersonConnection, alert: Alert) -> None:
    """Save where an alert stands now."""
    conn.execute(_SQL["save_life"], _written(alert))


def _written(alert: Alert) -> dict[str, Any]:
    life = life_of(alert)
    boxed = {name: Jsonb(life[name]) for name in ("receipts", "sleep", "assignment") if life[name]}
    return {**life, "receipts": Jsonb([]), **boxed, "id": alert.alert_id}


def save_condition(conn: ServiceConnection, alert_id: UUID, cleared_at: datetime | None) -> None:
    """Save since when what raised an alert is within its limits; None while it is not."""
    conn.execute(_SQL["save_condition"], {"id": alert_id, "cleared_at": cleared_at})


def save_evidence(conn: ServiceConnection, alert: Alert, evidence: Sequence[EvidenceEntry]) -> None:
    """Save what later reviews found of an alert, and its level."""
    params = {
        "id": alert.alert_id,
        "level": alert.level.code,
        "evidence": Jsonb(to_json(tuple(evidence))),
    }
    conn.execute(_SQL["save_evidence"], params)


def save_event(
    conn: ServiceConnection | PersonConnection,
    *,
    alert: UUID,
    patient: UUID,
    at: datetime,
    what: EventKind,
    by: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one step to the life of an alert."""
    conn.execute(
        _SQL["save_event"],
        {
            "alert": alert,
            "patient": patient,
            "at": at,
            "what": what,
            "by": by,
            "detail": Jsonb(dict(detail or {})),
        },
    )


def save_setback(
    conn: ServiceConnection, work: Work, subject: str, error: str, now: datetime
) -> SetbackRow:
    """Note that some work failed; return how often it has."""
    params = {"work": work, "subject": subject, "error": error, "now": now}
    row = fetch_one(conn, _SQL["save_setback"], params, SetbackRow)
    if row is None:
        raise LookupError("a setback just saved is not there")
    return row


def doubt_summary(conn: ServiceConnection, patient_key: int, now: datetime) -> UUID | None:
    """Take « green » from a patient who cannot be judged; return him if he was."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"patient_key": patient_key, "now": now}
        found: UUID | None = cursor.execute(_SQL["doubt_summary"], params).fetchone()
    return found


def clear_setback(conn: ServiceConnection, work: Work, subject: str) -> None:
    """Forget the failures of some work that has succeeded."""
    conn.execute(_SQL["clear_setback"], {"work": work, "subject": subject})


def load_setbacks(conn: ServiceConnection) -> list[FailingRow]:
    """Return what keeps failing, longest first."""
    return fetch_all(conn, _SQL["setbacks"], {}, FailingRow)


def rerank(conn: ServiceConnection | PersonConnection, patient: UUID) -> None:
    """Count a patient's open alerts and put him in his place in the queues."""
    conn.execute(_SQL["rerank"], {"patient": patient})


def hint_queues(conn: ServiceConnection | PersonConnection, patient: UUID) -> None:
    """Tell the consoles that follow a patient to look again; call it once a transaction."""
    conn.execute(_SQL["hint_queues"], {"patient": patient})
