"""Typed functions over the queries of notices to the circle."""

from uuid import UUID

from psycopg.rows import scalar_row

from coordination.notices import ToldMember
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("coordination")


def load_members(conn: PersonConnection, patient: VisiblePatientId) -> list[ToldMember]:
    """Return the people of the circle and of what each is told."""
    return fetch_all(conn, _SQL["circle_notices"], {"patient": patient}, ToldMember)


def save_choice(
    conn: PersonConnection, patient: VisiblePatientId, membership: UUID, occasions: str
) -> bool:
    """Save of what a member is told; False for nobody of this circle."""
    params = {"patient": patient, "membership": membership, "occasions": occasions}
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["choose_notices"], params).fetchone())
