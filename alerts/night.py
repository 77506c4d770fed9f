"""A night without anybody on call: the alert waits for the morning, and the morning comes. Pure."""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from alerts.alert import Alert
from alerts.rota.standing import Known
from core.opening import Opening, is_open

LONGEST_NIGHT: Final = timedelta(days=7)
"""How far the next opening is looked for: a service closed for longer is not waited for."""
_STEP: Final = timedelta(minutes=1)


def may_wait(alert: Alert, known: Known) -> bool:
    """Say whether nobody being there is by design: people on duty alone are called, at night."""
    return alert.ladder.by_duty and not known.open


def morning(opening: Opening, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the minute at which the service opens next, None when not within a week."""
    at = now.replace(second=0, microsecond=0) + _STEP
    while at <= now + LONGEST_NIGHT:
        if is_open(opening, at, zone):
            return at
        at += _STEP
    return None
