"""Typed functions over the queries of notices to the circle."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row

from coordination.notices import Line, ToldMember, ToldRole
from core.doors import PersonConnection, VisiblePatientId
from core.ids import new_id
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("coordination")


def load_members(conn: PersonConnection, patient: VisiblePatientId) -> list[ToldMember]:
    """Return the people of the circle and of what each is told."""
    return fetch_all(conn, _SQL["circle_notices"], {"patient": patient}, ToldMember)


def load_roles(conn: PersonConnection, patient: VisiblePatientId) -> list[ToldRole]:
    """Return the lines of roles that were chosen."""
    return fetch_all(conn, _SQL["circle_roles"], {"patient": patient}, ToldRole)


def save_choice(
    conn: PersonConnection,
    patient: VisiblePatientId,
    membership: UUID,
    line: Line | None,
    now: datetime,
) -> bool:
    """Save the line of a member, None for that of his role; False for nobody of this circle."""
    params = {"patient": patient, "membership": membership, "own": line is not None}
    return _done(conn, "choose_notices", params, line or Line(), now)


def save_role_choice(
    conn: PersonConnection, patient: VisiblePatientId, role: str, line: Line, now: datetime
) -> bool:
    """Save the line of a role; False for what is none, or for who may not choose."""
    params = {"patient": patient, "role": role}
    return _done(conn, "choose_role_notices", params, line, now)


def _done(
    conn: PersonConnection, query: str, params: dict[str, Any], line: Line, now: datetime
) -> bool:
    chosen = {
        "id": new_id(now),
        "occasions": ",".join(sorted(line.occasions)),
        "moment": line.moment,
        "red_waits": line.red_waits,
    }
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL[query], params | chosen).fetchone())
