"""What another system is still to be told of alerts."""

from dataclasses import dataclass
from datetime import datetime
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
