"""Whether review and escalation keep up, for the sentinel's log and the console's banner."""

from datetime import datetime, timedelta

from alerts.store import calling, reviewing
from core.doors import Service, serving


def failing_work() -> list[calling.FailingRow]:
    """Return the reviews and escalations that keep failing, longest first."""
    with serving(Service.HEARTBEAT) as conn:
        return calling.load_setbacks(conn)


def review_lag(now: datetime) -> timedelta:
    """Return how long the oldest data nobody has tried to judge has waited: an alarm.

    Patients whose review fails are told apart by `failing_work`.
    """
    with serving(Service.HEARTBEAT) as conn:
        return timedelta(seconds=reviewing.load_review_lag(conn, now))
