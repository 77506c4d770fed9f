"""What another system is still to be told of alerts, and who is mailed the summary of his day."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from alerts.views import EventKind
from core.doors import ServiceConnection
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class EventToTell:
    """One step in the life of an alert."""

    id: int
    alert_id: UUID
    what: EventKind
    at: datetime


def load_events(
    conn: ServiceConnection, since: datetime, kinds: list[EventKind], limit: int
) -> list[EventToTell]:
    """Return the steps of those kinds that were not put out yet, oldest first."""
    params = {"since": since, "kinds": kinds, "limit": limit}
    return fetch_all(conn, _SQL["events_to_hand_on"], params, EventToTell)


@dataclass(frozen=True, slots=True)
class DigestDue:
    """Whose summary of a day is ready, and where he is told."""

    person: UUID
    address: str
    locale: str
    day: date


def load_digests_due(conn: ServiceConnection, now: datetime, zone: str) -> list[DigestDue]:
    """Return whose hour has come; `zone` is that of people without one of their own."""
    return fetch_all(conn, _SQL["digests_due"], {"now": now, "zone": zone}, DigestDue)
