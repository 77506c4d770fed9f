"""Measures taken again: asked for in the review's own transaction, missed by the clock.

What waits for a measure is a row beside its breaches, and every row ends: by a value the review
judges, or by its time, when any process of the sentinel raises what waited. Both hold the lock of
the patient, and the one open alert of an item is the database's own rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from prometheus_client import Counter

from alerts.asking import UNWATCHED
from alerts.evidence import Breaches
from alerts.judging import Watch
from alerts.lasting import ItemRules
from alerts.raising_service import Reviewing, save_alerts
from alerts.records import from_json
from alerts.repeat import (
    FIRST_AGAIN,
    Pending,
    RepeatState,
    Situation,
    plan_repeats,
    ways_of,
)
from alerts.rules import Judgement, OpenAlert, decide_acts
from alerts.setback import MAIL_AT, is_of_the_connection, place_of
from alerts.store import calling, repeats, reviewing
from alerts.views import EventKind
from core.doors import Service, ServiceConnection, note_run, serving
from core.failpoint import failpoint
from core.ids import new_id
from core.settings import settings
from identity.phone_numbers import parse_mobile
from messages.message import Channel, Message, Occurrence, Template, Weight
from messages.service import tell_operator
from messages.store import save_message
from questionnaires.reminders.reminding import Reach
from scoring.level import LEVEL_BY_CODE
from scoring.observation import Reading

_log = structlog.get_logger("alerts")
_FAILURES = Counter("chevet_repeat_failures_total", "Measures not taken again that raised nothing")
MOST: Final = 50
"""Repeats of one pass."""
_ENDS: Final[dict[RepeatState, EventKind]] = {
    RepeatState.WITHIN: "repeat_within",
    RepeatState.CONFIRMED: "repeat_confirmed",
    RepeatState.NOT_DONE: "repeat_not_done",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """What decides over repeats of a patient, and by which ways he would be asked."""

    rows: Mapping[str, repeats.AskedRow]
    known: Situation
    ways: tuple[tuple[Channel, str], ...]
    locale: str


def settle(
    conn: ServiceConnection,
    read: Reviewing,
    judgement: Judgement,
    readings: Sequence[Reading],
    watch: Watch | None,
) -> int:
    """Save what a review concluded, but for what may wait for a new measure; return its calls."""
    profile = watch.profile if watch else UNWATCHED
    asking = _asking(conn, read, judgement, profile.rules)
    plan = plan_repeats(
        judgement,
        readings,
        profile=profile,
        usual=watch.usual if watch else {},
        known=asking.known,
        now=read.now,
    )
    called = save_alerts(conn, read, plan.judgement)
    for item, state in plan.ended.items():
        _end(conn, read, asking.rows[item], state)
    for rise in plan.held:
        _ask(conn, read, asking, rise.item, rise.breaches, held=True)
    for item, breaches in plan.beside:
        _ask(conn, read, asking, item, breaches, held=False)
    if plan.held or plan.ended:
        calling.hint_queues(conn, read.watched.patient_id)
    return called


def _asking(
    conn: ServiceConnection,
    read: Reviewing,
    judgement: Judgement,
    rules: Mapping[str, ItemRules],
) -> _Asking:
    """Read what decides; where a patient is reached only when there is something to ask."""
    patient = read.watched.patient_id
    rows = {row.item: row for row in repeats.lock_asked(conn, patient)}
    known = Situation(rules=rules, pending={item: _pending(row) for item, row in rows.items()})
    rises = {one.item for one in judgement.raises} | {one.item for one in judgement.worsenings}
    if not any(rules[item].repeat for item in rises if item in rules):
        return _Asking(rows=rows, known=known, ways=(), locale="fr")
    row = repeats.load_reach(conn, patient)
    ways = ways_of(_reach(row))
    return _Asking(
        rows=rows,
        known=Situation(
            rules=rules,
            pending=known.pending,
            settled_lately=frozenset(repeats.load_settled(conn, patient, read.now - FIRST_AGAIN)),
            reachable=bool(ways),
        ),
        ways=ways,
        locale=row.locale,
    )


def _pending(row: repeats.AskedRow) -> Pending:
    held = from_json(Breaches, row.breaches) if row.alert_id is None else None
    return Pending(id=row.id, item=row.item, asked_at=row.asked_at, held=held)


def _reach(row: repeats.ReachRow) -> Reach:
    """Return where he is reached now: no number while it is known as faulty, or nothing sends."""
    sends = bool(settings().sms_url) and not row.sms_faulty
    mobile = row.contact_mobile or (parse_mobile(row.phone) if row.phone else None)
    return Reach(
        browsers=tuple(row.browsers),
        mobile=mobile if sends else None,
        fallback="none" if row.fallback == "none" else "sms",
    )


def _ask(
    conn: ServiceConnection,
    read: Reviewing,
    asking: _Asking,
    item: str,
    breaches: Breaches,
    *,
    held: bool,
) -> None:
    """Ask for a measure before anything is raised (`held`), or beside the alert of its item."""
    within = asking.known.rules[item].repeat
    if within is None:
        raise ValueError(f"{item}: no repeat is prescribed")
    wanted = repeats.Wanted(
        id=new_id(read.now),
        patient=read.watched.patient_id,
        patient_key=read.patient_key,
        item=item,
        breaches=breaches,
        now=read.now,
        due_at=read.now + within,
    )
    if held:
        repeats.hold(conn, wanted)
    else:
        alert = repeats.ask_beside(conn, wanted)
        if alert is None:
            return
        _note_asked(conn, wanted.patient, alert, wanted.now, wanted.due_at)
    for channel, address in asking.ways:
        save_message(conn, _message(wanted, channel, address, asking.locale), read.now)


def _message(wanted: repeats.Wanted, channel: Channel, address: str, locale: str) -> Message:
    """Return what the patient gets: that a measure is to be taken again, and no more."""
    where = address if channel == "push" else channel
    return Message(
        key=f"repeat:{wanted.id}:{where}",
        recipient=wanted.patient,
        address=address,
        template=Template.REPEAT_ASKED,
        params={},
        locale=locale,
        channel=channel,
        about=wanted.patient,
        weight=Weight.URGENT,
        expires_at=wanted.due_at,
    )


def _end(
    conn: ServiceConnection, read: Reviewing, row: repeats.AskedRow, state: RepeatState
) -> None:
    """Save how a repeat ended, and write it into the life of its alert, if it has one."""
    alert = repeats.end(conn, row.id, state, read.now)
    if alert is None:
        return
    patient = read.watched.patient_id
    if row.alert_id is None:
        _note_asked(conn, patient, alert, row.asked_at, row.due_at)
    calling.save_event(conn, alert=alert, patient=patient, at=read.now, what=_ENDS[state])


def _note_asked(
    conn: ServiceConnection, patient: UUID, alert: UUID, at: datetime, due_at: datetime
) -> None:
    calling.save_event(
        conn,
        alert=alert,
        patient=patient,
        at=at,
        what="repeat_asked",
        detail={"before": due_at.isoformat()},
    )


def raise_overdue(now: datetime) -> int:
    """Raise what waited for a measure that did not come, one transaction a repeat.

    So is what waits for a patient who is watched no more: nobody will ask him, somebody must know.
    Returns how many were settled. One that fails is tried again later and later and stops nobody
    else's; safe in any number of processes at once.
    """
    with serving(Service.ESCALATION) as conn:
        due = repeats.load_due(conn, now, MOST)
    settled = 0
    for one in due:
        try:
            settled += _settle_overdue(one, now)
        except Exception as error:
            if is_of_the_connection(error):
                raise
            _note_setback(one.id, error, now)
    if settled:
        with serving(Service.ESCALATION) as conn:
            note_run(conn, Service.ESCALATION, "repeats", repeats=settled)
    return settled


def _settle_overdue(due: repeats.DueRow, now: datetime) -> bool:
    """Raise one; False when a review or another process has the patient: the next pass looks."""
    with serving(Service.ESCALATION) as conn:
        if not reviewing.lock_patient(conn, due.patient_key):
            return False
        row = repeats.lock_due(conn, due.id, now)
        watched = reviewing.load_watched(conn, due.patient_key)
        if row is None or watched is None:
            return False
        patient = watched.patient_id
        alerts = {one.item: one for one in calling.lock_alerts_of_patient(conn, patient)}
        read = Reviewing(patient_key=due.patient_key, watched=watched, alerts=alerts, now=now)
        if row.alert_id is None:
            opened = {
                item: OpenAlert(alert_id=one.id, item=item, level=LEVEL_BY_CODE[one.level])
                for item, one in alerts.items()
            }
            held = from_json(Breaches, row.breaches)
            save_alerts(conn, read, decide_acts({row.item: held}, opened))
        _end(conn, read, row, RepeatState.NOT_DONE)
        calling.rerank(conn, patient)
        calling.hint_queues(conn, patient)
        calling.clear_setback(conn, "repeat", str(due.id))
    failpoint("repeats.after_commit")
    return True


def _note_setback(repeat: UUID, error: Exception, now: datetime) -> None:
    _FAILURES.inc()
    _log.error("repeat_failed", **place_of(error))
    with serving(Service.ESCALATION) as conn:
        kind = type(error).__name__
        setback = calling.save_setback(conn, "repeat", str(repeat), kind, now)
        if setback.failures == MAIL_AT:
            tell_operator(conn, Occurrence.REPEAT_FAILING, str(repeat), now)
