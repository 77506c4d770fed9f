"""Rows of the alerts schema as the database gives them, and an alert to and from its row. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from alerts.alert import Alert, Assignment, Cause, Closing, Ownership, Receipt, Sleep, State
from alerts.answering import Hold
from alerts.call_back import ITEM as CALL_BACK
from alerts.ladder import parse_ladder
from alerts.outcomes import Outcome
from alerts.records import from_json, to_json
from alerts.standing import ENDING
from alerts.views import AlertLine, EvidenceEntry, LatestValue, News2View, SummaryView
from scoring.home_state import Doubtful, Finding, Missing
from scoring.level import LEVEL_BY_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """A row of `alerts.alert`."""

    id: UUID
    patient_id: UUID
    patient_key: int
    item: str
    level: str
    state: str
    raised_at: datetime
    first_breach_at: datetime
    late: bool
    evidence: list[dict[str, Any]]
    ladder: dict[str, Any]
    round: int
    from_rung: int
    rung: int
    exhaustions: int
    next_step_at: datetime | None
    owner: UUID | None
    owned_at: datetime | None
    owned_until: datetime | None
    hold: str | None
    receipts: list[dict[str, Any]]
    closed_by: UUID | None
    closed_at: datetime | None
    outcome: str | None
    note: str
    cause: str
    cleared_at: datetime | None
    sleep: dict[str, Any] | None
    slept_seconds: int
    assignment: dict[str, Any] | None
    night_at: datetime | None
    drill: UUID | None


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """A patient as the review needs him; no profile means that nobody watches him."""

    patient_id: UUID
    profile_id: str | None
    profile_version: int | None
    ladder_id: str | None
    ladder_version: int | None
    adjustments: list[dict[str, Any]] | None
    usual_values: dict[str, float] | None
    spo2_scale: int | None
    prescription_id: UUID | None
    prescription_version: int | None
    content: str | None
    level: str | None
    since: datetime | None
    judged_through: dict[str, str] | None
    last_measured_at: datetime | None
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A spot reading of a review doorway."""

    reading_id: int
    vital: int
    value: float
    measured_at: datetime
    quality: int


@dataclass(frozen=True, slots=True)
class StretchRow:
    """A sampled stretch of a doorway; samples scaled by 10^decimals, None where none was given."""

    reading_id: int
    vital: int
    start_at: datetime
    period_ms: int
    quality: int
    samples: list[int | None]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A filled-in questionnaire; `edition` is None for one older than editions."""

    id: UUID
    answers: dict[str, Any]
    answered_at: datetime
    edition: str | None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A row of `alerts.patient_summary`."""

    patient_id: UUID
    level: str
    rank: int
    since: datetime
    judged_at: datetime
    last_measured_at: datetime | None
    items: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    doubtful: list[dict[str, Any]]
    latest: list[dict[str, Any]]
    news2: dict[str, Any]
    open_alerts: int
    open_red: int
    oldest_alert_at: datetime | None
    of_drill: bool


@dataclass(frozen=True, slots=True)
class QueuePageRow(SummaryRow):
    """A row of `alerts.queue_page`."""

    name: str
    birth_date: date
    sex: str
    phone: str | None
    waiting_since: datetime
    seen_at: datetime | None
    seen_by: str | None
    alerts: list[dict[str, Any]]
    repeats: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A point of a chart, of any vital."""

    vital: int
    at: datetime
    value: float
    low: float
    high: float
    quality: int


def alert_of(row: AlertRow) -> Alert:
    """Return the alert written in a row."""
    return Alert(
        alert_id=row.id,
        item=row.item,
        level=LEVEL_BY_CODE[row.level],
        ladder=parse_ladder(json.dumps(row.ladder)),
        raised_at=row.raised_at,
        state=State(row.state),
        round=row.round,
        from_rung=row.from_rung,
        rung=row.rung,
        exhaustions=row.exhaustions,
        next_step_at=row.next_step_at,
        owner=_ownership(row),
        receipts=tuple(from_json(Receipt, receipt) for receipt in row.receipts),
        sleep=_sleep(row),
        slept=timedelta(seconds=row.slept_seconds),
        assignment=from_json(Assignment, row.assignment) if row.assignment else None,
        closing=_closing(row),
    )


def _ownership(row: AlertRow) -> Ownership | None:
    if not (row.owner and row.owned_at and row.owned_until and row.hold):
        return None
    return Ownership(by=row.owner, at=row.owned_at, until=row.owned_until, hold=Hold(row.hold))


def _sleep(row: AlertRow) -> Sleep | None:
    """Return the sleep that holds; of an alert closed in its sleep the row keeps it as it was."""
    asleep = row.sleep is not None and row.state == State.ASLEEP
    return from_json(Sleep, row.sleep) if asleep else None


def _closing(row: AlertRow) -> Closing | None:
    if not (row.closed_by and row.closed_at and row.outcome):
        return None
    return Closing(by=row.closed_by, at=row.closed_at, outcome=Outcome(row.outcome), note=row.note)


def life_of(alert: Alert) -> dict[str, Any]:
    """Return the columns of an alert that its life changes."""
    owner, closing = alert.owner, alert.closing
    return {
        "state": alert.state,
        "round": alert.round,
        "from_rung": alert.from_rung,
        "rung": alert.rung,
        "exhaustions": alert.exhaustions,
        "next_step_at": alert.next_step_at,
        "owner": owner.by if owner else None,
        "owned_at": owner.at if owner else None,
        "owned_until": owner.until if owner else None,
        "hold": owner.hold if owner else None,
        "receipts": to_json(alert.receipts),
        "closed_by": closing.by if closing else None,
        "closed_at": closing.at if closing else None,
        "outcome": closing.outcome if closing else None,
        "note": closing.note if closing else "",
        "sleep": to_json(alert.sleep) if alert.sleep else None,
        "slept_seconds": ceil(alert.slept.total_seconds()),
        "assignment": to_json(alert.assignment) if alert.assignment else None,
    }


_LATEST = (CALL_BACK, ENDING)


def read_evidence(written: Sequence[dict[str, Any]]) -> tuple[EvidenceEntry, ...]:
    """Return the evidence written in a row's column, oldest first."""
    return tuple(from_json(EvidenceEntry, entry) for entry in written)


def deciding(evidence: Sequence[EvidenceEntry]) -> EvidenceEntry:
    """Return what made the level of an alert: what worsened it last, else its worst value.

    Of call-backs it is the latest wish: who waits is told by when he asked last. Of the end of a
    prescription it is what was told last: near, then past.
    """
    worsened = [entry for entry in evidence if entry.part == "worsened"]
    worst = [entry for entry in evidence if entry.part == "worst"]
    again = [e for e in evidence if e.part == "last_seen" and e.evidence.item in _LATEST]
    return [*evidence[:1], *worst, *worsened, *again][-1]


def line_of(row: AlertRow, names: dict[UUID, str]) -> AlertLine:
    """Return an alert as a line of a list."""
    alert = alert_of(row)
    return AlertLine(
        alert_id=row.id,
        patient_id=row.patient_id,
        item=row.item,
        level=LEVEL_BY_CODE[row.level],
        state=State(row.state),
        hold=Hold(row.hold) if row.hold else None,
        owner=row.owner,
        owner_name=names.get(row.owner) if row.owner else None,
        owned_until=row.owned_until,
        since=row.raised_at,
        first_breach_at=row.first_breach_at,
        late=row.late,
        next_step_at=row.next_step_at,
        cause=Cause(row.cause),
        cleared_at=row.cleared_at,
        sleep=alert.sleep,
        sleeper_name=names.get(alert.sleep.by) if alert.sleep else None,
        assigned_to=alert.assignment.to if alert.assignment else None,
        assigned_name=names.get(alert.assignment.to) if alert.assignment else None,
        night_at=row.night_at,
        drill=row.drill,
        reason=deciding(read_evidence(row.evidence)),
    )


def summary_of(row: SummaryRow) -> SummaryView:
    """Return the last review written in a row."""
    return SummaryView(
        patient_id=row.patient_id,
        level=LEVEL_BY_CODE[row.level],
        rank=row.rank,
        since=row.since,
        judged_at=row.judged_at,
        last_measured_at=row.last_measured_at,
        items=tuple(from_json(Finding, part) for part in row.items),
        missing=tuple(from_json(Missing, part) for part in row.missing),
        doubtful=tuple(from_json(Doubtful, part) for part in row.doubtful),
        latest=tuple(from_json(LatestValue, part) for part in row.latest),
        news2=from_json(News2View, row.news2),
        open_alerts=row.open_alerts,
        open_red=row.open_red,
        oldest_alert_at=row.oldest_alert_at,
        of_drill=row.of_drill,
    )
