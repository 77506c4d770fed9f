"""What a change makes of a plan. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from questionnaires.plans.plan import Plan, PlanRefused
from questionnaires.plans.programme import with_times
from questionnaires.plans.schedule import Schedule, ScheduleError, parse_schedule, schedule_json
from questionnaires.plans.zones import find_zone, start_of, today_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to change of a running plan; None leaves it as it is.

    `times`: questionnaire to times of day (« HH:MM »). `ends_on`: a last day, or `open` for none.
    `reminders`: False takes them away, True gives those of the programme back.
    """

    times: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zone: str | None = None
    ends_on: date | Literal["open"] | None = None
    high_risk: bool | None = None
    silence_alert: bool | None = None
    reminders: bool | None = None

    def first_instant_after(self, plan: Plan, last_day: date) -> datetime:
        """Return the first instant that a plan with this last day does not hold any more."""
        zone = find_zone(self.zone or plan.zone)
        if zone is None:
            raise ValueError(f"unknown zone {self.zone or plan.zone}")
        return start_of(last_day + timedelta(days=1), zone)


def new_end(plan: Plan, change: Change, now: datetime) -> date | PlanRefused | None:
    """Return the last day of a plan after a change; refused: `zone`, `dates`."""
    zone = find_zone(change.zone or plan.zone)
    if zone is None:
        return PlanRefused("zone")
    if change.ends_on is None:
        return plan.ends_on
    if change.ends_on == "open":
        return None
    if change.ends_on < max(plan.starts_on, today_in(zone, now)):
        return PlanRefused("dates")
    return change.ends_on


def new_schedule(
    questionnaire: str, schedule: Schedule, change: Change, proposed: tuple[int, ...] = ()
) -> Schedule | None:
    """Return the schedule of a questionnaire after a change; None when its times are no times.

    `proposed`: the reminders of its programme, in minutes, for whoever wants them back.
    """
    times = change.times.get(questionnaire)
    chosen = tuple(sorted(set(times or ())))
    # Times that stay as they were shown leave a later phase its own.
    same = not chosen or chosen == tuple(sorted(schedule.phases[0].times))
    wanted = schedule if same else with_times(schedule, chosen)
    if change.reminders is False:
        wanted = msgspec.structs.replace(wanted, reminder_minutes=())
    elif change.reminders and not wanted.reminder_minutes:
        wanted = msgspec.structs.replace(wanted, reminder_minutes=proposed)
    try:
        return parse_schedule(schedule_json(wanted))
    except ScheduleError:
        return None
