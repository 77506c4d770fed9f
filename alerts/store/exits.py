"""The alerts of a patient as whoever ends his follow-up needs them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.doors import PersonConnection
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert:
    """An alert nobody has closed."""

    id: UUID
    item: str
    level: str
    raised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAlert:
    """An alert and how it ended; `outcome` None while it is open."""

    item: str
    level: str
    raised_at: datetime
    outcome: str | None


def load_open(conn: PersonConnection, patient: UUID) -> list[OpenAlert]:
    """Return the alerts nobody has closed, red ones first."""
    return fetch_all(conn, _SQL["open_at_exit"], {"patient": patient}, OpenAlert)


def load_since(conn: PersonConnection, patient: UUID, since: datetime) -> list[PastAlert]:
    """Return the alerts raised since an instant, at most 50, earliest first."""
    params = {"patient": patient, "since": since}
    return fetch_all(conn, _SQL["alerts_since"], params, PastAlert)
