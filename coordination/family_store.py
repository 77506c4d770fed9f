"""Typed functions over the queries of the family."""

from uuid import UUID

from psycopg.rows import scalar_row

from coordination.family import Relative
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("coordination")


def load_family(conn: PersonConnection, patient: VisiblePatientId) -> list[Relative]:
    """Return the family in the circle; empty for whoever does not speak for the patient."""
    return fetch_all(conn, _SQL["family"], {"patient": patient}, Relative)


def save_told(conn: PersonConnection, membership: UUID, *, told: bool) -> bool:
    """Let a member of the family be told of silence, or no longer; False when he is none."""
    params = {"membership": membership, "told": told}
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["tell_of_silence"], params).fetchone())
