"""The rhythm of one questionnaire as a form says it, and back. Pure.

A form knows a steady rhythm and, before it, a beginning of some days asked every day. Spans are
typed in hours, because that is how people speak of them; they are kept in minutes.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from questionnaires.plans.forms import MOST_TIMES, read_clock
from questionnaires.plans.schedule import (
    Occasion,
    Phase,
    Schedule,
    ScheduleError,
    days_asked,
    occasions,
    parse_schedule,
)

Typed = Mapping[str, Sequence[str]]
"""Field to what was typed or ticked."""
KINDS: Final = ("every_day", "weekdays", "every_days", "on_days")
SPANS: Final = ("opens", "due", "grace")
MOST_REMINDERS: Final = 3
MOST_DAYS: Final = 366
YEAR_DAYS: Final = 52 * 7
LONGEST_HOURS: Final = 168
SHORTEST_MINUTES: Final = 15
SHOWN_OCCASIONS: Final = 6
USUAL: Final = Schedule(
    phases=(Phase(times=("10:00",), every_days=30),),
    opens_minutes_before=120,
    due_minutes_after=720,
    grace_minutes=1440,
    reminder_minutes=(0, 480),
)
"""What the form proposes for a questionnaire that no programme asks (proposed)."""

PROBLEM_SENTENCES: Final = {
    "days": "Choose on which days it is asked.",
    "weekdays": "Tick at least one day of the week.",
    "every": "Say every how many days, from 2 to 366.",
    "on_days": "Write days after the start as numbers, like 1, 3, 7.",
    "times": "Give at least one time, each as hours and minutes.",
    "intro": "Give the beginning both: how many days, from 1 to 366, and its times.",
    "opens": "Say how many hours before, from 0 to 168.",
    "due": "Say within how many hours, from a quarter of an hour to 168 hours.",
    "grace": "Say how many hours later, from 0 to 168.",
    "remind": "A reminder comes before the alarm: fewer hours after the time than both together.",
}
"""English msgid of each problem, by its field."""


def fields_of(schedule: Schedule) -> dict[str, tuple[str, ...]]:
    """Return what a form shows of a schedule; of several beginnings it shows none."""
    steady = schedule.phases[-1]
    begins = schedule.phases[0] if len(schedule.phases) == 2 else None
    fields = {
        "days": (_kind(steady),),
        "weekday": tuple(str(day) for day in steady.weekdays or ()),
        "every": (str(steady.every_days),) if steady.every_days > 1 else (),
        "on_days": (", ".join(str(day) for day in steady.on_days or ()),),
        "intro_days": (str(begins.days),) if begins and begins.days else (),
        "opens": (_hours(schedule.opens_minutes_before),),
        "due": (_hours(schedule.due_minutes_after),),
        "grace": (_hours(schedule.grace_minutes),),
    }
    fields |= {f"time.{n}": (clock,) for n, clock in enumerate(steady.times)}
    fields |= {f"intro.{n}": (clock,) for n, clock in enumerate(begins.times if begins else ())}
    reminders = enumerate(schedule.reminder_minutes)
    return fields | {f"remind.{n}": (_hours(minutes),) for n, minutes in reminders}


def is_whole(schedule: Schedule) -> bool:
    """Say whether the form can show all of a schedule: saving it unchanged changes nothing."""
    return read_rhythm(fields_of(schedule)) == schedule


def _kind(phase: Phase) -> str:
    if phase.on_days is not None:
        return "on_days"
    if phase.weekdays is not None:
        return "weekdays"
    return "every_days" if phase.every_days > 1 else "every_day"


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def read_rhythm(typed: Typed) -> Schedule | tuple[str, ...]:
    """Return the schedule a form says, or the fields that are wrong, each once, in their order."""
    wrong: list[str] = []
    days = _days(typed, wrong)
    times = _times(typed, "time", wrong, "times")
    begins = _beginning(typed, wrong)
    opens, due, grace = (_minutes(typed, name, wrong) for name in SPANS)
    reminders = _reminders(typed, wrong)
    if due is not None and due < SHORTEST_MINUTES:
        wrong.append("due")
    if not times:
        wrong.append("times")
    if wrong:
        return tuple(dict.fromkeys(wrong))
    raw = {
        "phases": [*begins, {"times": times, **days}],
        "opens_minutes_before": opens,
        "due_minutes_after": due,
        "grace_minutes": grace,
        "reminder_minutes": reminders,
    }
    try:
        return parse_schedule(raw)
    except ScheduleError:
        return ("remind",)


def _one(typed: Typed, name: str) -> str:
    return next(iter(typed.get(name, ())), "").strip()


def _whole(text: str, least: int) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,4}", text) and least <= int(text) <= MOST_DAYS else None


def _days(typed: Typed, wrong: list[str]) -> dict[str, object]:
    match _one(typed, "days"):
        case "every_day":
            return {}
        case "weekdays":
            days = sorted({int(day) for day in typed.get("weekday", ()) if day in set("1234567")})
            wrong += [] if days else ["weekdays"]
            return {"weekdays": days}
        case "every_days":
            every = _whole(_one(typed, "every"), 2)
            wrong += [] if every else ["every"]
            return {"every_days": every}
        case "on_days":
            named = [_whole(part, 0) for part in re.split(r"[\s,;]+", _one(typed, "on_days"))]
            wrong += ["on_days"] if None in named else []
            return {"on_days": sorted({day for day in named if day is not None})}
        case _:
            wrong.append("days")
            return {}


def _times(typed: Typed, name: str, wrong: list[str], field: str) -> list[str]:
    given = [_one(typed, f"{name}.{number}") for number in range(MOST_TIMES)]
    times = [read_clock(text) for text in given if text]
    if None in times:
        wrong.append(field)
    return sorted({one for one in times if one is not None})


def _beginning(typed: Typed, wrong: list[str]) -> list[dict[str, object]]:
    text, times = _one(typed, "intro_days"), _times(typed, "intro", wrong, "intro")
    days = _whole(text, 1)
    if not text and not times:
        return []
    if days is None or not times:
        wrong.append("intro")
    return [{"days": days, "times": times}]


def _read_hours(text: str) -> int | None:
    """Return a number of hours, with a comma or a point, in minutes; None when it is none."""
    found = re.fullmatch(r"\d{1,3}(?:[.,]\d{1,2})?", text)
    minutes = round(float(text.replace(",", ".")) * 60) if found else None
    return minutes if minutes is not None and minutes <= LONGEST_HOURS * 60 else None


def _minutes(typed: Typed, name: str, wrong: list[str]) -> int | None:
    minutes = _read_hours(_one(typed, name))
    if minutes is None:
        wrong.append(name)
    return minutes


def _reminders(typed: Typed, wrong: list[str]) -> list[int]:
    given = [_one(typed, f"remind.{number}") for number in range(MOST_REMINDERS)]
    minutes = [_read_hours(text) for text in given if text]
    if None in minutes:
        wrong.append("remind")
    return sorted({one for one in minutes if one is not None})


def next_occasions(
    schedule: Schedule, zone: ZoneInfo, first_day: date, last_day: date | None, now: datetime
) -> list[Occasion]:
    """Return the next occasions of a schedule within 400 days, at most six."""
    until = now.astimezone(UTC) + timedelta(days=400)
    found = occasions(schedule, zone, first_day, last_day, after=now, before=until)
    return found[:SHOWN_OCCASIONS]


def keeps_the_law(schedule: Schedule, proposed: Schedule) -> bool:
    """Say whether a rhythm asks no less, and tells of silence no later, than a programme's own.

    Compared over the first 52 weeks of a plan that begins on a Monday: times in them, the longest
    stretch of days without one, and how long after a time its silence is told.
    """
    return (
        len(_asked(schedule)) >= len(_asked(proposed))
        and _longest_gap(schedule) <= _longest_gap(proposed)
        and _delay(schedule) <= _delay(proposed)
    )


def _asked(schedule: Schedule) -> list[int]:
    """Return the day of each time a schedule asks in the 52 weeks after it begins."""
    first = date(2024, 1, 1)  # a Monday
    days = days_asked(schedule, first, first, first + timedelta(days=YEAR_DAYS - 1))
    return [(day - first).days for day, phase in days for _ in phase.times]


def _longest_gap(schedule: Schedule) -> int:
    marks = [-1, *_asked(schedule), YEAR_DAYS]
    return max(after - before for before, after in pairwise(marks))


def _delay(schedule: Schedule) -> int:
    return schedule.due_minutes_after + schedule.grace_minutes
