"""Typed functions over the queries of reminders."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.doors import PersonConnection, ServiceConnection
from core.ids import new_id
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from messages.message import Channel
from questionnaires.reminders.reminding import Outcome, Step

_SQL = load_queries("questionnaires.reminders")
NUMBER_OF_END = 1000
"""Not a reminder of the plan: the look at the missed deadline."""
SOON = timedelta(minutes=15)
LONG_AGO = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedReminder:
    """A reminder that is due and belongs to this transaction; see `reminding.Situation`."""

    id: UUID
    task_id: UUID
    patient_id: UUID
    number: int
    step: str
    wanted: bool
    superseded: bool
    alarm_at: datetime
    zone: str
    locale: str
    browsers: list[UUID]
    contact_mobile: str | None
    phone: str | None
    mail: str | None
    fallback: str
    received: bool
    taken: bool
    today: int


@dataclass(frozen=True, slots=True)
class ClaimedId:
    """A reminder that belongs to this transaction."""

    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody of the family to tell: by mail, else by text message."""

    party: UUID
    channel: Channel
    address: str
    locale: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """Until when a task can be answered."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class DoneRow:
    """Whether something was done."""

    done: bool


def plan_reminders(conn: ServiceConnection, now: datetime) -> int:
    """Plan what is due soon; return how many."""
    params = {
        "now": now,
        "soon": now + SOON,
        "long_ago": now - LONG_AGO,
        "number": NUMBER_OF_END,
    }
    made = conn.execute(_SQL["plan_reminders"], params).rowcount
    return made + conn.execute(_SQL["plan_ends"], params).rowcount


def claim_reminders(conn: ServiceConnection, now: datetime, limit: int) -> list[ClaimedReminder]:
    """Lock reminders that are due and nobody else has, at most one of a patient."""
    params = {"now": now, "limit": limit}
    ids = [row.id for row in fetch_all(conn, _SQL["claim_reminders"], params, ClaimedId)]
    if not ids:
        return []
    facts = {"ids": ids, "now": now}
    return fetch_all(conn, _SQL["reminder_facts"], facts, ClaimedReminder)


def move_reminder(conn: ServiceConnection, reminder: UUID, step: Step, at: datetime) -> None:
    """Let a reminder look again at `at`."""
    conn.execute(_SQL["move_reminder"], {"id": reminder, "step": step, "at": at})


def end_reminder(conn: ServiceConnection, reminder: UUID, outcome: Outcome, now: datetime) -> None:
    """End a reminder."""
    conn.execute(_SQL["end_reminder"], {"id": reminder, "outcome": outcome, "now": now})


def load_told(conn: ServiceConnection, patient: UUID) -> list[Told]:
    """Return whom the patient lets be told when he does not answer."""
    return fetch_all(conn, _SQL["told_of_silence"], {"patient": patient}, Told)


def load_due(conn: PersonConnection, patient: UUID, task: UUID) -> datetime | None:
    """Return until when an open task of the patient can be answered."""
    params = {"patient": patient, "task": task}
    found = fetch_one(conn, _SQL["task_due"], params, DueRow)
    return found.due_at if found else None


def save_later(conn: PersonConnection, task: UUID, at: datetime, now: datetime) -> bool:
    """Put the reminders of a task off to `at`; False when it is not his to put off."""
    params = {"id": new_id(now), "task": task, "at": at}
    done = fetch_one(conn, _SQL["remind_later"], params, DoneRow)
    return done is not None and done.done
