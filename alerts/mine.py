"""What a professional sees of alerts across all the patients he follows."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from alerts.alert import State
from alerts.outcomes import Outcome
from alerts.rows import deciding, read_evidence
from alerts.views import EvidenceEntry
from scoring.level import LEVEL_BY_CODE, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class MyAlertRow:
    """An open alert of one of my patients, as the database gives it."""

    alert_id: UUID
    patient_id: UUID
    patient_name: str
    level: str
    state: str
    since: datetime
    evidence: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MyAlert:
    """An open alert of one of my patients; `since` is when it was raised."""

    alert_id: UUID
    patient_id: UUID
    patient_name: str
    level: Level
    state: State
    since: datetime
    reason: EvidenceEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAlertRow(MyAlertRow):
    """An alert that was raised or closed within a day, as the database gives it."""

    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAlert(MyAlert):
    """An alert that was raised or closed within a day; without `closed_at` it is open."""

    closed_at: datetime | None
    outcome: Outcome | None


def day_alert(row: DayAlertRow) -> DayAlert:
    """Return the alert written in a row of a day."""
    open_one = my_alert(row)
    return DayAlert(
        **{each.name: getattr(open_one, each.name) for each in fields(MyAlert)},
        closed_at=row.closed_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
    )


def my_alert(row: MyAlertRow) -> MyAlert:
    """Return the alert written in a row."""
    return MyAlert(
        alert_id=row.alert_id,
        patient_id=row.patient_id,
        patient_name=row.patient_name,
        level=LEVEL_BY_CODE[row.level],
        state=State(row.state),
        since=row.since,
        reason=deciding(read_evidence(row.evidence)),
    )
