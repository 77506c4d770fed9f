"""Spans of the timeline: all its years, one year, month, day, hour, the last days. Pure.

A span is named in an address as people write dates: « 2026 », « 2026-11 », « 2026-11-24 »,
« 2026-11-24T09 »; without a name it is the last thirty days.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from core.timeline import Grain

RECENT_DAYS: Final = 30
FIRST_YEAR: Final = 2000
"""No record is older (proposed)."""
_NAMED = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d))?)?)?", re.ASCII)


class Zoom(StrEnum):
    """How much of the life of a record a page shows."""

    YEARS = "years"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    RECENT = "recent"
    NEW = "new"
    """Since the reader's last visit."""


GRAINS: Final = {
    Zoom.YEARS: Grain.YEAR,
    Zoom.YEAR: Grain.MONTH,
    Zoom.MONTH: Grain.DAY,
    Zoom.DAY: Grain.HOUR,
    Zoom.HOUR: Grain.EACH,
    Zoom.RECENT: Grain.DAY,
    Zoom.NEW: Grain.DAY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """[since, until) with the days it begins and ends there, and its name in an address."""

    zoom: Zoom
    name: str
    since: datetime
    until: datetime
    first: date

    @property
    def grain(self) -> Grain:
        """How finely measurements are summed up in it."""
        return GRAINS[self.zoom]

    @property
    def is_overview(self) -> bool:
        """Whether it is shown as counts by year or month, not entry by entry."""
        return self.zoom in (Zoom.YEARS, Zoom.YEAR)


def parse_span(name: str, now: datetime, zone: tzinfo, last_visit: datetime | None) -> Span | None:
    """Return the span of a name; None for what names none. Nothing of it is after `now`."""
    today = now.astimezone(zone).date()
    if name == Zoom.NEW:
        since = max(last_visit or now - timedelta(days=RECENT_DAYS), now - timedelta(days=366))
        return _span(Zoom.NEW, name, since, now, since.astimezone(zone).date(), now)
    if name == "":
        first = today - timedelta(days=RECENT_DAYS)
        return _span(Zoom.RECENT, name, _midnight(first, zone), now, first, now)
    if name == Zoom.YEARS:
        first = date(FIRST_YEAR, 1, 1)
        return _span(Zoom.YEARS, name, _midnight(first, zone), now, first, now)
    return _named(name, now, zone)


def _named(name: str, now: datetime, zone: tzinfo) -> Span | None:
    found = _NAMED.fullmatch(name)
    if found is None:
        return None
    year, month, day, hour = (int(part) if part is not None else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if not FIRST_YEAR <= first.year <= 2200:
        return None
    if hour is not None:
        if hour > 23:
            return None
        begins = datetime(first.year, first.month, first.day, hour, tzinfo=zone).astimezone(UTC)
        return _span(Zoom.HOUR, name, begins, begins + timedelta(hours=1), first, now)
    zoom = Zoom.YEAR if month is None else Zoom.MONTH if day is None else Zoom.DAY
    ends = _after(first, zoom)
    return _span(zoom, name, _midnight(first, zone), _midnight(ends, zone), first, now)


def _span(
    zoom: Zoom, name: str, since: datetime, until: datetime, first: date, now: datetime
) -> Span:
    soon = now + timedelta(seconds=1)
    until = soon if until >= now else until
    return Span(zoom=zoom, name=name, since=min(since, until), until=until, first=first)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _after(first: date, zoom: Zoom) -> date:
    match zoom:
        case Zoom.YEAR:
            return date(first.year + 1, 1, 1)
        case Zoom.MONTH:
            return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        case _:
            return first + timedelta(days=1)


def wider(span: Span) -> str:
    """Return the name of the span one step out."""
    match span.zoom:
        case Zoom.HOUR:
            return f"{span.first:%Y-%m-%d}"
        case Zoom.DAY:
            return f"{span.first:%Y-%m}"
        case Zoom.MONTH:
            return f"{span.first:%Y}"
        case _:
            return Zoom.YEARS


def beside(span: Span, step: int) -> str | None:
    """Return the name of the span before (-1) or after (1); None where there is none."""
    match span.zoom:
        case Zoom.YEAR:
            return f"{span.first.year + step:04d}"
        case Zoom.MONTH:
            near = span.first - timedelta(days=1) if step < 0 else _after(span.first, Zoom.MONTH)
            return f"{near:%Y-%m}"
        case Zoom.DAY:
            return f"{span.first + timedelta(days=step):%Y-%m-%d}"
        case _:
            return None
