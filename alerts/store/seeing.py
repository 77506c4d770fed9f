"""Who has seen a calm patient."""

from datetime import datetime

from psycopg.rows import scalar_row

from core.doors import PersonConnection, VisiblePatientId
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


def note_seen(conn: PersonConnection, patient: VisiblePatientId, judged_at: datetime) -> bool:
    """Note that the actor has seen a patient as he was judged then; False when that is over."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"patient": patient, "judged_at": judged_at}
        return bool(cursor.execute(_SQL["note_seen"], params).fetchone())
