"""Calling people: the first rung when an alert is raised, the next ones when nobody answers."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

import structlog
from prometheus_client import Counter

from alerts.acts import Escalate
from alerts.alert import Alert
from alerts.answering import PROMISES, Hold
from alerts.ladder import Channel, Notice, Recipient
from alerts.lifecycle import transition
from alerts.notices import notices
from alerts.rows import alert_of
from alerts.setback import MAIL_AT, is_of_the_connection, place_of
from alerts.store import calling
from alerts.views import EventKind
from core.doors import Service, ServiceConnection, note_run, serving
from core.failpoint import failpoint
from messages.message import Message, Occurrence, Template
from messages.service import tell_operator
from messages.store import save_message

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
        if after.exhaustions > before.exhaustions:
            _note(conn, after, row.patient_id, "exhausted", now)
        calling.save_life(conn, call_out(conn, after, row.patient_id, now))
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


def call_out(conn: ServiceConnection, alert: Alert, patient: UUID, now: datetime) -> Alert:
    """Put out what the present step of an alert sends, in the caller's transaction.

    A step that reaches nobody is written down, told to the operator, and the next rung is called
    at once; the alert is returned as it stands then, to be saved. Once all rungs were tried in
    vain it waits for its next step as usual.
    """
    for _ in alert.ladder.rungs:
        if _call_step(conn, alert, patient, now):
            return alert
        after = transition(replace(alert, next_step_at=now), Escalate(), now)
        if not isinstance(after, Alert):
            raise ValueError("a step that is due was refused")
        if after.exhaustions > alert.exhaustions:
            _note(conn, after, patient, "exhausted", now)
        alert = after
    _call_step(conn, alert, patient, now)
    return alert


def _call_step(conn: ServiceConnection, alert: Alert, patient: UUID, now: datetime) -> bool:
    """Call every rung of the step; return whether anybody could be reached."""
    step = notices(alert)
    reached = False
    for number in range(alert.from_rung, alert.rung + 1):
        called = [notice for notice in step if notice.rung == number]
        people = [notice for notice in called if notice.role is not Recipient.OPERATOR]
        if _call_rung(conn, alert, patient, people, now):
            reached = True
        else:
            _note(conn, alert, patient, "nobody_reachable", now, rung=number)
            reference = f"{alert.alert_id}:{alert.round}:{number}"
            tell_operator(conn, Occurrence.NOBODY_REACHABLE, reference, now, about=patient)
    if any(notice.role is Recipient.OPERATOR for notice in step):
        reference = f"{alert.alert_id}:{alert.round}:{alert.rung}"
        tell_operator(conn, Occurrence.LADDER_EXHAUSTED, reference, now, about=patient)
    return reached


def _call_rung(
    conn: ServiceConnection, alert: Alert, patient: UUID, called: list[Notice], now: datetime
) -> bool:
    """Write to everybody of a rung who has an address; the console shows the alert anyway."""
    role = called[0].role
    people = calling.load_reachable(conn, patient, role)
    written: dict[str, int] = {}
    for notice in called:
        match notice.channel:
            case Channel.CONSOLE:
                continue
            case Channel.EMAIL:
                for person in people:
                    if person.address is not None:
                        written[str(person.person)] = written.get(str(person.person), 0) + 1
                        save_message(conn, _message(notice, patient, person, written), now)
            case _:
                assert_never(notice.channel)
    only_console = all(notice.channel is Channel.CONSOLE for notice in called)
    reached = bool(people) if only_console else bool(written)
    if reached:
        named = list(written) or sorted({str(person.person) for person in people})
        _note(conn, alert, patient, "called", now, rung=called[0].rung, role=role, people=named)
    return reached


def _message(
    notice: Notice, patient: UUID, person: calling.ReachableRow, written: dict[str, int]
) -> Message:
    """Return the message of a notice; a person's second address has a key of its own."""
    count = written[str(person.person)]
    recipient = str(person.person) if count == 1 else f"{person.person}.{count}"
    return Message(
        key=notice.key(recipient),
        recipient=person.person,
        address=person.address or "",
        template=Template.MESSAGE_WAITING,
        params={"alert_id": str(notice.alert_id)},
        locale=person.locale,
        about=patient,
    )


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
