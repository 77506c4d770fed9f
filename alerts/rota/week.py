"""The week of a rota as people read it: who has which shift, and when nobody has. Pure.

A gap is what must be filled: for whoever answers by day in the hours of the service, for whoever is
on call outside them, for a duty the organisation plans at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.rota.rota import Duty, Gap, Nobody, OnDuty, Rota, Turn, gaps, on_duty, turns
from alerts.rota.standing import must_be_kept
from core.opening import MINUTES_A_DAY, Opening, is_open
from questionnaires.plans.schedule import instant_of

DAYS_A_WEEK = 7
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a duty: shifts that begin on it, whole, and its gaps, cut at midnight."""

    day: date
    turns: tuple[Turn, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyWeek:
    """A week of one duty; one that is not planned has no shifts and no gaps."""

    duty: Duty
    planned: bool
    days: tuple[Day, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return the gaps of the week."""
        return tuple(gap for day in self.days for gap in day.gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours of the service, in the site's zone."""

    opening: Opening
    zone: ZoneInfo


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def week_of(rota: Rota, monday: date, hours: Hours) -> tuple[DutyWeek, ...]:
    """Return the seven days from a Monday, duty by duty."""
    return tuple(_duty_week(rota, duty, monday, hours) for duty in Duty)


def _duty_week(rota: Rota, duty: Duty, monday: date, hours: Hours) -> DutyWeek:
    start = instant_of(monday, time(0), rota.zone)
    end = instant_of(monday + DAYS_A_WEEK * ONE_DAY, time(0), rota.zone)
    # Shifts of the last evening are shown whole, those of the evening before belong to it.
    found = whole_turns(tuple(turns(rota, duty, start, end + ONE_DAY)))
    return DutyWeek(
        duty=duty,
        planned=rota.keeps(duty),
        days=tuple(
            _day(rota, duty, monday + number * ONE_DAY, found, hours)
            for number in range(DAYS_A_WEEK)
        ),
    )


def _day(rota: Rota, duty: Duty, day: date, found: tuple[Turn, ...], hours: Hours) -> Day:
    return Day(
        day=day,
        turns=tuple(turn for turn in found if turn.day == day),
        gaps=tuple(gaps_of_day(rota, duty, day, hours)) if rota.keeps(duty) else (),
    )


def whole_turns(found: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return stretches in order of time, those of one shift that one person has joined again."""
    joined = list[Turn]()
    for turn in sorted(found, key=lambda turn: (turn.day, turn.shift.id, turn.start)):
        last = joined[-1] if joined else None
        if last and (last.shift, last.day, last.person, last.end) == (
            turn.shift, turn.day, turn.person, turn.start
        ):  # fmt: skip
            joined[-1] = replace(last, end=turn.end)
        else:
            joined.append(turn)
    return tuple(sorted(joined, key=lambda turn: (turn.start, turn.shift.id)))


def gaps_of_day(rota: Rota, duty: Duty, day: date, hours: Hours) -> Iterator[Gap]:
    """Yield when nobody is on duty on a day of the rota's zone, though somebody must be."""
    start = instant_of(day, time(0), rota.zone)
    end = instant_of(day + ONE_DAY, time(0), rota.zone)
    for needed in needed_spans(duty, start, end, hours):
        yield from gaps(rota, duty, needed.start, needed.end)


def needed_spans(duty: Duty, start: datetime, end: datetime, hours: Hours) -> Iterator[Gap]:
    """Yield the spans between two instants in which a planned duty must be kept, each whole."""
    edges = sorted({start, end, *(at for at in _edges(start, end, hours) if start < at < end)})
    since: datetime | None = None
    for at in edges:
        kept = at < end and must_be_kept(
            duty, service_open=is_open(hours.opening, at, hours.zone)
        )  # fmt: skip
        if since is not None and not kept:
            yield Gap(start=since, end=at)
        since = (since or at) if kept else None


def _edges(start: datetime, end: datetime, hours: Hours) -> Iterator[datetime]:
    """Yield all instants at which the service may open or close, around two instants."""
    day = start.astimezone(hours.zone).date()
    minutes = {minute for span in hours.opening.spans for minute in (span.start, span.end)}
    while day <= end.astimezone(hours.zone).date():
        for minute in minutes | {0}:
            later, rest = (day + ONE_DAY, 0) if minute == MINUTES_A_DAY else (day, minute)
            yield instant_of(later, time(rest // 60, rest % 60), hours.zone)
        day += ONE_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyNow:
    """Who is on duty at this moment; `missing`: nobody is, though somebody must be."""

    duty: Duty
    people: OnDuty | Nobody
    missing: bool


def duties_now(rota: Rota, now: datetime, hours: Hours) -> tuple[DutyNow, ...]:
    """Return who is on duty, for each duty that is planned."""
    service_open = is_open(hours.opening, now, hours.zone)
    found = []
    for duty in filter(rota.keeps, Duty):
        people = on_duty(rota, duty, now)
        missing = isinstance(people, Nobody) and must_be_kept(duty, service_open=service_open)
        found.append(DutyNow(duty=duty, people=people, missing=missing))
    return tuple(found)
