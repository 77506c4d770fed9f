"""When answers are read: opening hours as data, and the words that say them.

Pure. One value for both: what patients read and what decides whether the service is closed.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES: Final = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SPAN: Final = re.compile(
    rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))? ([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)"
)
MINUTES_A_DAY: Final = 24 * 60


class OpeningError(ValueError):
    """Opening hours that cannot be read; the text says which part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days of a week (0 = Monday, both included) and the minutes of each, end excluded."""

    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """When somebody reads: spans of a week, in the site's time zone, but for whole days closed."""

    spans: tuple[Span, ...]
    closed_on: frozenset[date] = frozenset()


def parse_opening(text: str, closed_on: str = "") -> Opening:
    """Read « mon-fri 08:00-20:00; sat 09:00-12:00 » and « 2026-12-25, 2027-01-01 ».

    Raises OpeningError: a service that is never open, an end before its start, an unknown word.
    """
    spans = tuple(_span(part.strip()) for part in text.split(";") if part.strip())
    if not spans:
        raise OpeningError("no opening hours at all")
    try:
        days = frozenset(date.fromisoformat(day.strip()) for day in closed_on.split(",") if day)
    except ValueError as error:
        raise OpeningError(f"{closed_on}: days are written 2026-12-25, with commas") from error
    return Opening(spans=spans, closed_on=days)


def _span(part: str) -> Span:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise OpeningError(f"{part}: write « mon-fri 08:00-20:00 »")
    first, last, *clock = found.groups()
    start, end = (int(clock[at]) * 60 + int(clock[at + 1]) for at in (0, 2))
    span = Span(first=DAYS.index(first), last=DAYS.index(last or first), start=start, end=end)
    if span.last < span.first or not start < end <= MINUTES_A_DAY:
        raise OpeningError(f"{part}: the end comes before the start")
    return span


def is_open(opening: Opening, at: datetime, zone: tzinfo) -> bool:
    """Say whether somebody reads answers at an instant."""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return local.date() not in opening.closed_on and any(
        span.first <= local.weekday() <= span.last and span.start <= minute < span.end
        for span in opening.spans
    )


def say_opening(opening: Opening, locale: str) -> str:
    """Write the hours after « de » or « from »: « 8 h à 20 h, 7 jours sur 7 »."""
    said = [_say(span, locale) for span in opening.spans]
    return (" ; de " if locale == "fr" else "; from ").join(said)


def _say(span: Span, locale: str) -> str:
    names = _NAMES["fr" if locale == "fr" else "en"]
    first, last = names[span.first], names[span.last]
    start, end = (_say_minute(minute, locale) for minute in (span.start, span.end))
    whole = (span.first, span.last) == (0, 6)
    if locale == "fr":
        one = f"le {first}" if first == last else f"du {first} au {last}"
        return f"{start} à {end}, {'7 jours sur 7' if whole else one}"
    one = f"on {first}" if first == last else f"{first} to {last}"
    return f"{start} to {end}, {'7 days a week' if whole else one}"


def _say_minute(minute: int, locale: str) -> str:
    hours, minutes = divmod(minute, 60)
    if locale == "fr":
        return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
    return f"{hours:02d}:{minutes:02d}"
