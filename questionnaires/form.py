"""What stands in the fields of a questionnaire's form, and times typed beside it. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

OLDEST_TYPED: Final = timedelta(days=100)
"""A day typed further back is a slip of the hand (proposed)."""


def as_typed(values: Mapping[str, object]) -> dict[str, str | list[str]]:
    """Return stored answers as the fields of a form hold them."""
    return {link: _typed(value) for link, value in values.items()}


def _typed(value: object) -> str | list[str]:
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def instant_of(day: str, clock_time: str, zone: str, now: datetime) -> datetime | None:
    """Return the instant of a day and a time typed by hand in a zone; None when it is none.

    A day without a time is noon, or now if that is earlier. Nothing after now or long before.
    """
    try:
        at = datetime.combine(
            date.fromisoformat(day),
            time.fromisoformat(clock_time) if clock_time else time(12),
            tzinfo=ZoneInfo(zone),
        )
    except ValueError:
        return None
    if not clock_time and at.date() == now.astimezone(ZoneInfo(zone)).date():
        at = min(at, now)
    return at if now - OLDEST_TYPED <= at <= now else None
