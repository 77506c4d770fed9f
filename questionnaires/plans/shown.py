"""What the page of a patient's plan shows. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from questionnaires.plans.plan import Line, Pause, PauseRequest, Plan, Task, TaskState
from questionnaires.plans.schedule import Phase

SHOWN_BACK: Final = timedelta(days=30)
"""Missed deadlines older than this are no longer listed."""
SHOWN_AHEAD: Final = timedelta(days=3)
MOST_MISSED: Final = 20

WEEKDAY_LABELS: Final = {
    1: "Monday",
    2: "Tuesday",
    3: "Wednesday",
    4: "Thursday",
    5: "Friday",
    6: "Saturday",
    7: "Sunday",
}
"""English msgid of each day, numbered as in ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPlan:
    """A running plan with the questionnaires it asks now."""

    plan: Plan
    lines: tuple[Line, ...]
    newer: bool
    """Whether a questionnaire of it has a published edition that is not its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """Everything the page of a patient's plan shows, soonest first where there is an order."""

    running: tuple[RunningPlan, ...]
    past: tuple[Plan, ...]
    coming: tuple[Task, ...]
    missed: tuple[Task, ...]
    pauses: tuple[Pause, ...]
    requests: tuple[PauseRequest, ...]


def page_of(
    plans: Sequence[Plan],
    lines: Iterable[Line],
    tasks: Sequence[Task],
    pauses: Iterable[Pause],
    requests: Iterable[PauseRequest],
    active: Mapping[str, str],
    now: datetime,
) -> PlanPage:
    """Return what the page shows of a patient's plans, tasks and pauses.

    `active`: name of a questionnaire to its published edition.
    """
    live = [line for line in lines if line.ended_at is None]
    coming = [
        task
        for task in tasks
        if task.alarm_at > now and task.state in (TaskState.OPEN, TaskState.PAUSED)
    ]
    missed = [task for task in tasks if task.state == TaskState.MISSED]
    return PlanPage(
        running=tuple(
            _running(plan, tuple(one for one in live if one.plan_id == plan.id), active)
            for plan in plans
            if plan.ended_at is None
        ),
        past=tuple(plan for plan in plans if plan.ended_at is not None),
        coming=tuple(coming),
        missed=tuple(reversed(missed[-MOST_MISSED:])),
        pauses=tuple(sorted((p for p in pauses if p.over_at > now), key=lambda p: p.starts_at)),
        requests=tuple(requests),
    )


def _running(plan: Plan, lines: tuple[Line, ...], active: Mapping[str, str]) -> RunningPlan:
    newer = any(active.get(line.questionnaire, line.edition) != line.edition for line in lines)
    return RunningPlan(plan=plan, lines=lines, newer=newer)


def phase_kind(phase: Phase) -> str:
    """Return which sentence says on which days a phase asks."""
    if phase.on_days is not None:
        return "on_days"
    if phase.weekdays is not None:
        return "weekdays"
    return "every_days" if phase.every_days > 1 else "daily"
