"""Use cases of reminders: planning them from tasks, taking each a step on, « plus tard »."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from core import clock
from core.doors import CareContext, Service, ServiceConnection, acting_as, serving
from core.settings import settings
from identity.phone_numbers import parse_mobile
from messages.fault_service import note_fault
from messages.message import Channel, Message, Template, Weight
from messages.store import save_message
from questionnaires.reminders import store
from questionnaires.reminders.reminding import (
    Decision,
    Done,
    Fallback,
    Notify,
    Outcome,
    Reach,
    Situation,
    Step,
    TellFamily,
    Wait,
    Write,
    decide,
    later,
    parse_quiet_hours,
)

_log = structlog.get_logger("reminders")
BATCH = 100
AFTER_FAILURE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Later:
    """Reminded again at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TooLate:
    """So late the task cannot be answered any more, or it is not open."""


def plan_reminders(now: datetime) -> int:
    """Plan the reminders of tasks that open soon or are open; return how many were new.

    Every pass looks at every open task: a planner that was stopped misses nothing but what is no
    longer of use.
    """
    with serving(Service.REMINDER) as conn:
        return store.plan_reminders(conn, now)


def remind_due(now: datetime) -> int:
    """Take each reminder that is due a step on; return how many.

    Any number of processes at once: a reminder belongs to one, and of one patient only one is
    looked at, so that two never count his messages of the day at the same time. One that fails is
    put off a minute and holds up nobody.
    """
    with serving(Service.REMINDER) as conn:
        claimed = store.claim_reminders(conn, now, BATCH)
        for reminder in claimed:
            try:
                with conn.transaction():
                    _take_on(conn, reminder, now)
            except Exception as error:
                _log.error("reminder_failed", reminder=str(reminder.id), kind=type(error).__name__)
                store.move_reminder(conn, reminder.id, Step(reminder.step), now + AFTER_FAILURE)
    return len(claimed)


def remind_later(ctx: CareContext, task: UUID, asked: timedelta) -> Later | TooLate:
    """Remind of a task after `asked` instead of as planned: « plus tard » on the phone."""
    now = clock.now()
    with acting_as(ctx, action="U", detail={"task": str(task)}) as conn:
        due_at = store.load_due(conn, ctx.patient, task)
        at = later(asked, due_at, now) if due_at else None
        if at is None or not store.save_later(conn, task, at, now):
            return TooLate()
    return Later(at)


def _take_on(conn: ServiceConnection, reminder: store.ClaimedReminder, now: datetime) -> None:
    wanted = settings()
    found = _situation(conn, reminder, now)
    decision = decide(
        found, now, cap=wanted.messages_per_day, quiet=parse_quiet_hours(wanted.quiet_hours)
    )
    _carry_out(conn, reminder, decision, found.step, now)


def _situation(
    conn: ServiceConnection, reminder: store.ClaimedReminder, now: datetime
) -> Situation:
    mobile = reminder.contact_mobile
    if mobile is None and reminder.phone:
        mobile = parse_mobile(reminder.phone)
        if mobile is None:
            note_fault(conn, reminder.patient_id, "sms", "not_mobile", now)
    return Situation(
        step=Step(reminder.step),
        wanted=reminder.wanted,
        superseded=reminder.superseded,
        alarm_at=reminder.alarm_at,
        zone=ZoneInfo(reminder.zone),
        reach=Reach(
            browsers=tuple(reminder.browsers),
            mobile=mobile,
            mail=reminder.mail,
            fallback=_fallback(reminder.fallback),
        ),
        received=reminder.received,
        taken=reminder.taken,
        today=reminder.today,
    )


def _fallback(chosen: str) -> Fallback:
    match chosen:
        case "email":
            return "email"
        case "none":
            return "none"
        case _:
            return "sms"


def _carry_out(
    conn: ServiceConnection,
    reminder: store.ClaimedReminder,
    decision: Decision,
    step: Step,
    now: datetime,
) -> None:
    match decision:
        case Done(outcome):
            store.end_reminder(conn, reminder.id, outcome, now)
        case Wait(at):
            store.move_reminder(conn, reminder.id, step, at)
        case Notify(browsers, look_at):
            for browser in browsers:
                save_message(conn, _message(reminder, "push", str(browser)), now)
            store.move_reminder(conn, reminder.id, Step.SECOND, look_at)
        case Write(channel, address, then, look_at):
            save_message(conn, _message(reminder, channel, address), now)
            store.move_reminder(conn, reminder.id, then, look_at)
        case TellFamily():
            for one in store.load_told(conn, reminder.patient_id):
                save_message(conn, _silence(reminder, one), now)
            store.end_reminder(conn, reminder.id, Outcome.SILENT, now)
        case _:
            assert_never(decision)


def _message(reminder: store.ClaimedReminder, channel: Channel, address: str) -> Message:
    """Return the reminder by one way; the same step again is the same message."""
    where = address if channel == "push" else channel
    return Message(
        key=f"reminder:{reminder.task_id}:{reminder.number}:{where}",
        recipient=reminder.patient_id,
        address=address,
        template=Template.REMINDER,
        params={},
        locale=reminder.locale,
        channel=channel,
        about=reminder.patient_id,
        weight=Weight.REMINDER,
        task=reminder.task_id,
        expires_at=reminder.alarm_at,
    )


def _silence(reminder: store.ClaimedReminder, told: store.Told) -> Message:
    """Return what somebody of the family gets: that a message waits, and no word of silence."""
    return Message(
        key=f"silence:{reminder.task_id}:{told.party}",
        recipient=told.party,
        address=told.address,
        template=Template.RECORD_NOTICE,
        params={"path": "/"},
        locale=told.locale,
        channel=told.channel,
        about=reminder.patient_id,
    )
