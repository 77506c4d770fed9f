"""What a planner writes: times, days, a shift, hours of a GP; what is unread says why. Pure."""

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Final
from uuid import UUID

from alerts.rota.rota import Duty, OnHolidays, Shift
from core.opening import DAYS, Opening
from identity.search import parse_day

_CLOCK: Final = re.compile(r"(\d{1,2})\s*(?:[:hH.]\s*(\d{2})?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What was written cannot be kept: `words` is the English msgid of why."""

    words: str


UNREAD_WORDS: Final[dict[str, str]] = {
    "person": "Choose whose shift it is.",
    "away": "Choose who is away.",
    "himself": "Nobody stands in for himself: choose somebody else.",
    "duty": "Choose what for.",
    "weekdays": "Choose at least one day of the week.",
    "starts": "Enter when it begins as a time of day, for example 8 h or 08:30.",
    "ends": "Enter when it ends as a time of day, for example 20 h or 20:30.",
    "holidays": "Choose what holds on public holidays.",
    "first_on": "Enter the first day as day, month and year, for example 23/11/2026.",
    "last_on": "Enter the last day as day, month and year, for example 23/11/2026.",
    "order": "The last day comes before the first.",
    "past": "A change of the plan begins today at the earliest.",
    "hours": "Enter from when and until when the GP is called, for example 8 h and 19 h.",
    "hours_order": "The end comes before the start.",
    "who": "Choose who is to be called.",
    "agreed": "Choose whether he accepts to be called.",
    "instead": "Who is called in his place is named with his hours.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The fields of a shift as they were written; `person` and choices are values of lists."""

    person: str | None
    duty: str | None
    weekdays: tuple[str, ...]
    starts: str
    ends: str
    on_holidays: str | None
    first_on: str
    last_on: str


def read_shift(written: Written, id: UUID, today: date) -> Shift | Unread:
    """Read the fields of a shift; the first that cannot be read says why."""
    person, starts, ends = (
        read_id(written.person),
        read_clock(written.starts),
        read_clock(written.ends),
    )
    if person is None:
        return unread("person")
    if written.duty not in list(Duty):
        return unread("duty")
    weekdays = frozenset(int(one) for one in written.weekdays if one in "0123456" and len(one) == 1)
    if not weekdays:
        return unread("weekdays")
    if starts is None:
        return unread("starts")
    if ends is None:
        return unread("ends")
    if written.on_holidays not in list(OnHolidays):
        return unread("holidays")
    days = read_span(written.first_on, written.last_on, today)
    if isinstance(days, Unread):
        return days
    return Shift(
        id=id,
        person=person,
        duty=Duty(written.duty),
        weekdays=weekdays,
        starts=starts,
        ends=ends,
        on_holidays=OnHolidays(written.on_holidays),
        first_on=days[0],
        last_on=days[1],
    )


def read_span(first: str, last: str, today: date) -> tuple[date, date | None] | Unread:
    """Read the first day, from today on, and the last one, if there is one."""
    first_on = parse_day(first or "")
    last_on = parse_day(last) if last and last.strip() else None
    if first_on is None:
        return unread("first_on")
    if first_on < today:
        return unread("past")
    if last and last.strip() and last_on is None:
        return unread("last_on")
    if last_on is not None and last_on < first_on:
        return unread("order")
    return first_on, last_on


def read_clock(text: str | None) -> time | None:
    """Read « 8 h », « 08:30 », « 8h30 », 24 h as midnight; None when it is no time of day."""
    found = _CLOCK.fullmatch((text or "").strip())
    if found is None:
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    if (hours, minutes) == (24, 0):
        return time(0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def read_id(text: str | None) -> UUID | None:
    """Read an id chosen from a list."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def read_hours(weekdays: tuple[str, ...], starts: str, ends: str) -> str | Unread:
    """Write the hours of a GP as « mon-fri 08:00-19:00 », from days and times of day."""
    days = sorted({int(one) for one in weekdays if one in "0123456" and len(one) == 1})
    if not days:
        return unread("weekdays")
    first, last = read_clock(starts), read_clock(ends)
    if first is None or last is None:
        return unread("hours")
    until = "24:00" if last == time(0) else f"{last:%H:%M}"
    if until <= f"{first:%H:%M}":
        return unread("hours_order")
    return "; ".join(f"{days_named(run)} {first:%H:%M}-{until}" for run in runs(days))


def runs(days: list[int]) -> list[list[int]]:
    """Return days that follow one another together."""
    found = list[list[int]]()
    for day in days:
        if found and found[-1][-1] == day - 1:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def days_named(run: list[int]) -> str:
    """Return « mon-fri », or « sat » for a single day."""
    return DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}"


def written_hours(opening: Opening) -> tuple[list[str], str, str]:
    """Return hours as the fields of their form hold them: days, from, until of the first span."""
    days = sorted({day for span in opening.spans for day in range(span.first, span.last + 1)})
    span = opening.spans[0]
    start, end = (f"{at // 60:02d}:{at % 60:02d}" for at in (span.start, span.end))
    return [str(day) for day in days], start, end


def unread(field: str) -> Unread:
    """Return what is wrong with a field."""
    return Unread(words=UNREAD_WORDS[field])
