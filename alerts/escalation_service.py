"""Calling people: the first rung when an alert is raised, the next ones when nobody answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter

from alerts.acts import Escalate
from alerts.alert import Alert
from alerts.answering import PROMISES, Hold
from alerts.calling_service import call_out
from alerts.lifecycle import transition
from alerts.rows import alert_of
from alerts.setback import MAIL_AT, is_of_the_connection, place_of
from alerts.store import calling
from alerts.views import EventKind
from core.doors import Service, ServiceConnection, note_run, serving
from core.failpoint import failpoint
from messages.message import Occurrence
from messages.service import tell_operator

_log = structlog.get_logger("alerts")
_STEPS = Counter("chevet_escalation_steps_total", "Steps of alerts called because nobody answered")
_FAILURES = Counter("chevet_escalation_failures_total", "Escalations of an alert that failed")
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """What one pass did: alerts moved to their next step, and those that could not be."""

    alerts: int
    failed: int


def escalate_due(now: datetime) -> Escalated:
    """Call the next rung of every alert whose next step is due, each in its own transaction."""
    with serving(Service.ESCALATION) as conn:
        due = calling.load_alerts_due(conn, now, BATCH)
    moved = failed = 0
    for alert_id in due:
        try:
            moved += _escalate(alert_id, now)
        except Exception as error:
            if is_of_the_connection(error):
                raise
            failed += 1
            _note_setback(alert_id, error, now)
    if moved:
        with serving(Service.ESCALATION) as conn:
            note_run(conn, Service.ESCALATION, "escalate", alerts=moved)
    return Escalated(alerts=moved, failed=failed)


def _escalate(alert_id: UUID, now: datetime) -> bool:
    with serving(Service.ESCALATION) as conn:
        row = calling.lock_alert_due(conn, alert_id, now)
        if row is None:
            return False
        before = alert_of(row)
        after = transition(before, Escalate(), now)
        if not isinstance(after, Alert):
            return False
        if before.owner is not None:
            lapsed = lapsed_word(before.owner.hold)
            _note(conn, before, row.patient_id, lapsed, now, by=before.owner.by)
        if before.sleep is not None:
            _note(conn, before, row.patient_id, "woken", now)
        called = call_out(
            conn,
            after,
            row.patient_id,
            now,
            night_at=row.night_at,
            exhausted=after.exhaustions > before.exhaustions,
        )
        calling.save_life(conn, called)
        calling.clear_setback(conn, "escalation", str(alert_id))
        calling.hint_queues(conn, row.patient_id)
    failpoint("escalation.after_commit")
    _STEPS.inc()
    return True


def lapsed_word(hold: Hold) -> EventKind:
    """Return the word for an ownership whose time is over: a promise was not kept by then."""
    return "promise_lapsed" if hold in PROMISES else "ownership_lapsed"


def _note_setback(alert_id: UUID, error: Exception, now: datetime) -> None:
    _FAILURES.inc()
    _log.error("escalation_failed", alert=str(alert_id), **place_of(error))
    with serving(Service.ESCALATION) as conn:
        kind = type(error).__name__
        setback = calling.save_setback(conn, "escalation", str(alert_id), kind, now)
        if setback.failures == MAIL_AT:
            tell_operator(conn, Occurrence.ESCALATION_FAILING, str(alert_id), now)


def _note(
    conn: ServiceConnection,
    alert: Alert,
    patient: UUID,
    what: EventKind,
    now: datetime,
    by: UUID | None = None,
    **detail: Any,
) -> None:
    calling.save_event(
        conn,
        alert=alert.alert_id,
        patient=patient,
        at=now,
        what=what,
        by=by,
        detail={"round": alert.round, **detail},
    )
