"""Typed functions over the queries of replacements."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import scalar_row

from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("coordination.coordinates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Somebody in the place of a member, from when to when."""

    membership_id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime


def may_be_replaced(conn: PersonConnection, patient: VisiblePatientId) -> bool:
    """Say whether the actor is in the circle in person, as a professional of the care team."""
    return _scalar(conn, "stay_to_replace", {"patient": patient}) is not None


def load_replacements(conn: PersonConnection, patient: VisiblePatientId) -> list[Replacement]:
    """Return who replaces the actor."""
    return fetch_all(conn, _SQL["my_replacements"], {"patient": patient}, Replacement)


def save_replacement(
    conn: PersonConnection,
    id: UUID,
    patient: VisiblePatientId,
    login: str,
    starts_at: datetime,
    ends_at: datetime,
) -> str:
    """Let somebody take the actor's place; return what came of it."""
    params = {
        "id": id,
        "patient": patient,
        "login": login,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }
    return str(_scalar(conn, "name_replacement", params))


def end_replacement(conn: PersonConnection, patient: VisiblePatientId, stay: UUID) -> bool:
    """End a replacement of the actor's."""
    return bool(_scalar(conn, "end_replacement", {"patient": patient, "stay": stay}))


def _scalar(conn: PersonConnection, query: str, params: dict[str, object]) -> object:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL[query], params).fetchone()
