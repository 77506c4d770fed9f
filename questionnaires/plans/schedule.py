"""When a questionnaire is asked: the occasions of a schedule in a place's own time.

Pure. A schedule is data of a programme or of one patient's plan. Days and times are those of an
IANA zone: a time that the clocks skip is asked at the first instant after, a time that comes twice
is asked the first time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import msgspec

Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]
"""ISO 8601: 1 is Monday."""
Minutes = Annotated[int, msgspec.Meta(ge=0, le=7 * 1440)]

LONGEST_DAYS: Final = 400
"""A look ahead or back is never longer: more would be a mistake in a date."""


class Phase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stretch of days asked in one rhythm; the last phase has no `days` and goes on.

    On days counted from the phase's first (day 0): every `every_days`th, of these only `weekdays`
    and only `on_days` when given.
    """

    times: Annotated[tuple[Clock, ...], msgspec.Meta(min_length=1, max_length=12)]
    days: Annotated[int, msgspec.Meta(ge=1, le=366)] | None = None
    every_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 1
    weekdays: Annotated[tuple[Weekday, ...], msgspec.Meta(min_length=1)] | None = None
    on_days: (
        Annotated[
            tuple[Annotated[int, msgspec.Meta(ge=0, le=3660)], ...], msgspec.Meta(min_length=1)
        ]
        | None
    ) = None

    def asks_on(self, day: int, weekday: int) -> bool:
        """Say whether it asks on a day of the phase that falls on this weekday."""
        if self.weekdays is not None and weekday not in self.weekdays:
            return False
        if self.on_days is not None and day not in self.on_days:
            return False
        return day % self.every_days == 0


class Schedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rhythm with its window, all in minutes.

    The window opens before each occasion and closes after it; `grace_minutes` later an answer that
    has not come is missed and somebody is called. `reminder_minutes` count from the occasion.
    """

    phases: Annotated[tuple[Phase, ...], msgspec.Meta(min_length=1, max_length=6)]
    opens_minutes_before: Minutes
    due_minutes_after: Minutes
    grace_minutes: Minutes
    reminder_minutes: tuple[Minutes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no day could follow: an endless phase before another, late reminders."""
        if any(phase.days is None for phase in self.phases[:-1]):
            raise ValueError("only the last phase goes on without an end")
        last = self.due_minutes_after + self.grace_minutes
        if any(minutes >= last for minutes in self.reminder_minutes):
            raise ValueError("a reminder comes after the alarm")


class ScheduleError(ValueError):
    """The schedule cannot be used: the message says where and why."""


def parse_schedule(raw: str | bytes | dict[str, Any]) -> Schedule:
    """Read a schedule from JSON; raises ScheduleError on anything unknown or out of bounds."""
    try:
        if isinstance(raw, dict):
            return msgspec.convert(raw, Schedule)
        return msgspec.json.decode(raw, type=Schedule)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ScheduleError(str(error)) from error


def schedule_json(schedule: Schedule) -> str:
    """Write a schedule as JSON; `parse_schedule` gives it back equal."""
    return msgspec.json.encode(schedule).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One moment to answer, in UTC: when it opens, is meant, is due, and is missed."""

    at: datetime
    opens_at: datetime
    due_at: datetime
    alarm_at: datetime
    remind_at: tuple[datetime, ...]


def occasions(
    schedule: Schedule,
    zone: ZoneInfo,
    first_day: date,
    last_day: date | None,
    *,
    after: datetime,
    before: datetime,
) -> list[Occasion]:
    """Return the occasions with `after` < `at` < `before`, earliest first, each instant once.

    `last_day` is inclusive. Raises ValueError when the two instants are more than 400 days apart.
    """
    if before - after > timedelta(days=LONGEST_DAYS):
        raise ValueError("too long a stretch to plan")
    start = max(first_day, _local_day(after, zone) - timedelta(days=1))
    end = _local_day(before, zone) + timedelta(days=1)
    end = end if last_day is None else min(end, last_day)
    moments = {
        instant_of(day, time.fromisoformat(clock), zone)
        for day, phase in days_asked(schedule, first_day, start, end)
        for clock in phase.times
    }
    return [_occasion(schedule, at) for at in sorted(moments) if after < at < before]


def _local_day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def days_asked(
    schedule: Schedule, first_day: date, start: date, end: date
) -> Iterator[tuple[date, Phase]]:
    """Yield the days from `start` to `end`, both included, on which a phase asks."""
    begins = first_day
    for phase in schedule.phases:
        over = date.max if phase.days is None else begins + timedelta(days=phase.days)
        day = max(begins, start)
        while day <= end and day < over:
            if phase.asks_on((day - begins).days, day.isoweekday()):
                yield day, phase
            day += timedelta(days=1)
        if phase.days is None:
            return
        begins = over


def first_day_of(schedule: Schedule, zone: ZoneInfo, not_before: date, now: datetime) -> date:
    """Return the day from which a rhythm added now counts: today there, or a later first day.

    Tomorrow when it asks today and every time of today has passed: else what is asked every n days
    would first be asked n days from now.
    """
    today, phase = _local_day(now, zone), schedule.phases[0]
    if not_before > today or not phase.asks_on(0, today.isoweekday()):
        return max(not_before, today)
    last = max(instant_of(today, time.fromisoformat(clock), zone) for clock in phase.times)
    return today if last > now else today + timedelta(days=1)


def _occasion(schedule: Schedule, at: datetime) -> Occasion:
    due_at = at + timedelta(minutes=schedule.due_minutes_after)
    return Occasion(
        at=at,
        opens_at=at - timedelta(minutes=schedule.opens_minutes_before),
        due_at=due_at,
        alarm_at=due_at + timedelta(minutes=schedule.grace_minutes),
        remind_at=tuple(
            at + timedelta(minutes=minutes) for minutes in sorted(set(schedule.reminder_minutes))
        ),
    )


def instant_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which clocks of a zone show a time on a day.

    A time that comes twice: the first. A time that is skipped: the first instant after the skip.
    """
    local = datetime.combine(day, clock)
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if second >= first:
        return first
    return _turn(second, first, zone)


def _turn(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant of the later offset between two instants around a change."""
    old = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == old:
            early = middle
        else:
            late = middle
    return late


def end_of_tomorrow(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant of the day after tomorrow there, in UTC."""
    return instant_of(_local_day(now, zone) + timedelta(days=2), time(0), zone)
