"""Making tasks, for all lines of a rhythm at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from questionnaires.plans.missing import Settled
from questionnaires.plans.plan import LATE
from questionnaires.plans.schedule import Occasion
from questionnaires.plans.store import AnyConnection

_SQL = load_queries("questionnaires.plans")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A schedule as stored, where and on which days; `planned_through`: from where tasks lack."""

    schedule: dict[str, Any]
    zone: str
    first_day: date
    ends_on: date | None
    planned_through: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedRow:
    """A deadline just found missed; `told`: somebody is to be called for it."""

    task_id: UUID
    plan_id: UUID
    programme: str
    questionnaire: str
    occasion: datetime
    due_at: datetime
    alarm_at: datetime
    evaluated_late: bool
    high_risk: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Unplanned:
    """How many running lines lack tasks for the present, and since when."""

    lines: int
    since: datetime | None


def load_rhythms(conn: AnyConnection, until: datetime, plan: UUID | None = None) -> list[Rhythm]:
    """Return the distinct rhythms of the lines that lack tasks before an instant."""
    return fetch_all(conn, _SQL["rhythms_to_plan"], {"until": until, "plan": plan}, Rhythm)


def save_tasks(
    conn: AnyConnection,
    rhythm: Rhythm,
    occasions: Sequence[Occasion],
    reminder_minutes: Sequence[int],
    until: datetime,
    plan: UUID | None = None,
) -> int:
    """Make what lacks of a rhythm before `until`, for all its lines; return how many tasks."""
    params = {
        "schedule": Jsonb(rhythm.schedule),
        "zone": rhythm.zone,
        "first_day": rhythm.first_day,
        "ends_on": rhythm.ends_on,
        "until": until,
        "plan": plan,
        "reminders": list(reminder_minutes),
        "at": [occasion.at for occasion in occasions],
        "opens_at": [occasion.opens_at for occasion in occasions],
        "due_at": [occasion.due_at for occasion in occasions],
        "alarm_at": [occasion.alarm_at for occasion in occasions],
    }
    with conn.cursor(row_factory=scalar_row) as cursor:
        made: int | None = cursor.execute(_SQL["plan_rhythm"], params).fetchone()
    return made or 0


def rest_planned(conn: AnyConnection, since: datetime) -> int:
    """Let tasks in a pause wait for nobody, of those whose alarm is not before `since`."""
    return conn.execute(_SQL["rest_planned"], {"since": since}).rowcount


def end_past_plans(conn: AnyConnection, now: datetime) -> list[UUID]:
    """End the plans whose last day is over and that wait for no answer any more."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        ended: list[UUID] = cursor.execute(_SQL["end_past_plans"], {"now": now}).fetchall()
    if ended:
        conn.execute(_SQL["end_lines_of_plans"], {"plans": ended, "now": now})
    return ended


def load_silent(conn: AnyConnection, now: datetime, but: Sequence[UUID], limit: int) -> list[UUID]:
    """Return patients with a deadline nobody has judged, longest waiting first."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"now": now, "but": list(but), "limit": limit}
        return cursor.execute(_SQL["silent_patients"], params).fetchall()


def miss_deadlines(conn: AnyConnection, patient: UUID, now: datetime) -> list[MissedRow]:
    """Mark every passed deadline of a patient missed; return them, each once for ever."""
    params = {"patient": patient, "now": now, "late_seconds": LATE.total_seconds()}
    return fetch_all(conn, _SQL["miss_deadlines"], params, MissedRow)


def load_settled(conn: AnyConnection, plan: UUID, now: datetime, limit: int) -> list[Settled]:
    """Return the last deadlines of a plan, newest first."""
    params = {"plan": plan, "now": now, "limit": limit}
    return fetch_all(conn, _SQL["settled_of_plan"], params, Settled)


def load_unplanned(conn: AnyConnection, now: datetime) -> Unplanned:
    """Return how many running lines lack tasks for the present."""
    found = fetch_one(conn, _SQL["unplanned"], {"now": now}, Unplanned)
    return found or Unplanned(0, None)
