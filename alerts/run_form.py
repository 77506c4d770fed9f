"""The form that begins a run: local days, both included, into what is asked. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from alerts.rescoring import SPANS, Asked, NotAsked


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the fields, as it was typed."""

    version: str = ""
    first: str = ""
    until: str = ""
    every: str = "8"
    programme: str = ""
    reason: str = ""


def parse(typed: Typed, zone: tzinfo, now: datetime) -> Asked | NotAsked:
    """Return what is asked, or the first field that is wrong; a last day of today ends now."""
    first, until = _day(typed.first), _day(typed.until)
    if not typed.version:
        return NotAsked("version", "Choose a version.")
    if first is None:
        return NotAsked("first", "Give a day, as 2026-03-31.")
    if until is None:
        return NotAsked("until", "Give a day, as 2026-03-31.")
    if typed.every not in {str(hours) for hours in SPANS}:
        return NotAsked("every", "Choose one of the spans offered.")
    end = datetime.combine(until + timedelta(days=1), time(), zone) - timedelta(seconds=1)
    today = now.astimezone(zone).date()
    return Asked(
        version=typed.version,
        asked_from=datetime.combine(first, time(), zone),
        asked_until=now if until == today else end,
        every=timedelta(hours=int(typed.every)),
        programme=typed.programme or None,
        reason=typed.reason,
    )


def _day(raw: str) -> date | None:
    try:
        day = date.fromisoformat(raw.strip())
    except ValueError:
        return None
    return day if day.year in range(2000, 2200) else None
