"""What the forms of a plan's page say, as choices and changes. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from questionnaires.plans.changing import Change
from questionnaires.plans.programme import Programme
from questionnaires.plans.zones import find_zone

Form = Mapping[str, str]
MOST_TIMES: Final = 6
_TIME: Final = re.compile(r"^\s*(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)?\s*$")


def read_clock(text: str) -> str | None:
    """Return « 9 h 30 », « 9:30 » or « 9 » as 09:30; None for what is no time of day."""
    found = _TIME.match(text)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return f"{int(found[1]):02d}:{int(found[2] or 0):02d}"


def read_times(form: Form, questionnaire: str) -> tuple[str, ...] | None:
    """Return the times given for a questionnaire; None when one of them is no time of day.

    Empty fields are left out; no field filled in at all gives ().
    """
    given = [form.get(f"{questionnaire}.{number}", "").strip() for number in range(MOST_TIMES)]
    times = [read_clock(text) for text in given if text]
    return None if None in times else tuple(one for one in times if one is not None)


def read_day(text: str) -> date | None:
    """Return a day of a date field; None when it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def read_all_times(form: Form, questionnaires: list[str]) -> dict[str, tuple[str, ...]] | None:
    """Return the times of each questionnaire that has some; None when one is no time of day."""
    known: dict[str, tuple[str, ...]] = {}
    for name in questionnaires:
        times = read_times(form, name)
        if times is None:
            return None
        if times:
            known[name] = times
    return known


def proposed_times(programme: Programme, count: str) -> dict[str, tuple[str, ...]]:
    """Return the times a programme proposes for each questionnaire, at a number a day."""
    return {
        line.questionnaire: line.times_by_count.get(count) or line.schedule.phases[0].times
        for line in programme.lines
    }


def read_change(form: Form, questionnaires: list[str]) -> Change | None:
    """Return what a form changes of a running plan; None when a time or the day is none."""
    times = read_all_times(form, questionnaires)
    last, open_end = form.get("ends_on", "").strip(), form.get("open_end") == "yes"
    day = read_day(last) if last else None
    if times is None or (last and day is None):
        return None
    return Change(
        times=times,
        zone=form.get("zone") or None,
        ends_on="open" if open_end or not last else day,
        high_risk=form.get("high_risk") == "yes",
        silence_alert=form.get("silence_alert") == "yes",
        reminders=form.get("reminders") == "yes",
    )


def read_days(form: Form) -> tuple[date | None, date | None] | None:
    """Return the first and the last day of a form, each None when left empty; None for no day."""
    days: list[date | None] = []
    for name in ("starts_on", "ends_on"):
        text = form.get(name, "").strip()
        day = read_day(text)
        if text and day is None:
            return None
        days.append(day)
    return days[0], days[1]


def read_id(text: str) -> UUID | None:
    """Return the id a form holds, None when it holds none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def known_zone(name: str) -> ZoneInfo:
    """Return a zone by its name, that of mainland France when there is none."""
    return find_zone(name) or ZoneInfo("Europe/Paris")
