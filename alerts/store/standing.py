"""Prescriptions that are to be looked at by the clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row

from core.doors import ServiceConnection
from core.rows import fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """A live prescription with a deadline that came, and the latest values of the patient."""

    id: UUID
    version: int
    content: str
    starts_at: datetime
    looked_at: datetime
    latest: list[dict[str, Any]] | None


def load_due(conn: ServiceConnection, now: datetime, limit: int) -> list[int]:
    """Return the keys of patients whose live prescription is to be looked at."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"now": now, "limit": limit}
        return cursor.execute(_SQL["prescriptions_due"], params).fetchall()


def load_standing(conn: ServiceConnection, patient_key: int, now: datetime) -> StandingRow | None:
    """Return the live prescription of a patient, if it is still to be looked at."""
    params = {"patient_key": patient_key, "now": now}
    return fetch_one(conn, _SQL["standing_prescription"], params, StandingRow)


def save_look(
    conn: ServiceConnection, prescription: UUID, now: datetime, look_at: datetime | None
) -> None:
    """Note up to when deadlines were looked for, and when to look next."""
    params = {"id": prescription, "now": now, "look_at": look_at}
    conn.execute(_SQL["save_look"], params)
