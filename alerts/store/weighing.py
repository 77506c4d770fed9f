"""What the organisation reads of its own alerts over a period: codes and times, no values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.doors import PersonConnection
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class FactRow:
    """An alert of the period."""

    patient_id: UUID
    item: str
    programme: str | None
    level: str
    raised_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    closed_by: UUID | None
    closer: str | None


@dataclass(frozen=True, slots=True)
class FollowedRow:
    """A patient who was followed in the period."""

    patient_id: UUID
    name: str
    programme: str
    days: float


def load_facts(conn: PersonConnection, start: datetime, end: datetime) -> list[FactRow]:
    """Return the alerts raised in the period for whom the acting organisation followed then."""
    return fetch_all(conn, _SQL["alerts_between"], {"start": start, "end": end}, FactRow)


def load_followed(conn: PersonConnection, start: datetime, end: datetime) -> list[FollowedRow]:
    """Return the days each patient was followed by the acting organisation in the period."""
    return fetch_all(conn, _SQL["followed_between"], {"start": start, "end": end}, FollowedRow)
