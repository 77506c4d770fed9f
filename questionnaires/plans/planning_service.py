"""Planning: from the schedules of running plans to the tasks of today and tomorrow.

Any number of processes may plan at once: a line's task at an occasion exists once. What was not
planned in time is planned from where it stopped, however long ago, so that no deadline is lost.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from prometheus_client import Counter

from core.doors import Service, note_run, serving
from messages.message import Occurrence
from messages.service import tell_operator
from questionnaires.plans import planning_store
from questionnaires.plans.planning_store import Rhythm
from questionnaires.plans.schedule import end_of_tomorrow, occasions, parse_schedule
from questionnaires.plans.store import AnyConnection

_log = structlog.get_logger("questionnaires")
_TASKS = Counter("chevet_tasks_planned_total", "Tasks made from the schedules of plans")
_FAILURES = Counter("chevet_planning_failures_total", "Schedules that could not be planned")

AHEAD: Final = timedelta(hours=25)
"""A line is looked at when its tasks reach less far: a day, and the hour by which clocks change."""
PIECE: Final = timedelta(days=300)
"""What was left unplanned for longer is planned in pieces of this length, one a pass."""
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What one pass did: tasks made, plans that came to their end, schedules that failed."""

    tasks: int
    ended: int
    failed: int


def plan_days(now: datetime) -> Planned:
    """Make the tasks of today and tomorrow that lack, and end plans whose last day is over.

    Each schedule has its own transaction: one that cannot be planned is told to the operator and
    holds back no other.
    """
    with serving(Service.PLANNING) as conn:
        rhythms = planning_store.load_rhythms(conn, now + AHEAD)
    tasks = failed = 0
    for rhythm in rhythms:
        try:
            with serving(Service.PLANNING) as conn:
                tasks += plan_rhythm(conn, rhythm, now)
                planning_store.rest_planned(conn, rhythm.planned_through)
        except (ValueError, LookupError) as error:
            failed += 1
            _note_failure(rhythm, error, now)
    with serving(Service.PLANNING) as conn:
        ended = len(planning_store.end_past_plans(conn, now))
        if tasks or ended:
            note_run(conn, Service.PLANNING, "plan", tasks=tasks, ended=ended)
    _TASKS.inc(tasks)
    return Planned(tasks=tasks, ended=ended, failed=failed)


def plan_rhythm(
    conn: AnyConnection, rhythm: Rhythm, now: datetime, plan: UUID | None = None
) -> int:
    """Make what lacks of one rhythm up to the end of tomorrow; return how many tasks.

    Raises ScheduleError or LookupError (ZoneInfoNotFoundError) on a schedule that cannot be read.
    """
    schedule, zone = parse_schedule(rhythm.schedule), ZoneInfo(rhythm.zone)
    until = min(end_of_tomorrow(now, zone), rhythm.planned_through + PIECE)
    if until <= rhythm.planned_through:
        return 0
    found = occasions(
        schedule,
        zone,
        rhythm.first_day,
        rhythm.ends_on,
        after=rhythm.planned_through - _TICK,
        before=until,
    )
    minutes = sorted(set(schedule.reminder_minutes))
    return planning_store.save_tasks(conn, rhythm, found, minutes, until, plan)


def plan_one(conn: AnyConnection, plan: UUID, now: datetime) -> int:
    """Make the tasks of one plan in the caller's transaction, so that he sees them at once."""
    rhythms = planning_store.load_rhythms(conn, now + AHEAD, plan)
    return sum(plan_rhythm(conn, rhythm, now, plan) for rhythm in rhythms)


def _note_failure(rhythm: Rhythm, error: Exception, now: datetime) -> None:
    _FAILURES.inc()
    _log.error("planning_failed", zone=rhythm.zone, error=type(error).__name__)
    with serving(Service.PLANNING) as conn:
        tell_operator(conn, Occurrence.PLANNING_FAILING, f"{now:%Y-%m-%d %H} h", now)
