"""Time zones by their IANA name, and days in them. Pure."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from questionnaires.plans.schedule import instant_of

OFFERED: Final = (
    "Europe/Paris",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Marquesas",
    "Pacific/Gambier",
    "Pacific/Wallis",
    "America/Miquelon",
    "America/St_Barthelemy",
    "America/Marigot",
)
"""The zones of France, mainland and overseas; a plan may have any other."""


def find_zone(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name, None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def today_in(zone: ZoneInfo, now: datetime) -> date:
    """Return the day it is there."""
    return now.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a day there, in UTC."""
    return instant_of(day, time(0), zone)


def days_span(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first instant of a day and the first after another, both days included."""
    return start_of(first, zone), start_of(last + timedelta(days=1), zone)
