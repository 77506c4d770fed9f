"""Typed functions over the queries of coordinates."""

from datetime import datetime
from uuid import UUID

from psycopg.rows import scalar_row

from coordination.coordinates.coordinates import Contact, Own, Reachable
from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.coordinates")


def load_coordinates(conn: PersonConnection, patient: VisiblePatientId) -> list[Reachable]:
    """Return the members of now, in the order in which they are to be reached."""
    return fetch_all(conn, _SQL["coordinates"], {"patient": patient}, Reachable)


def save_contact(
    conn: PersonConnection,
    patient: VisiblePatientId,
    membership: UUID,
    contact: Contact,
    version: int,
    by: UUID,
    now: datetime,
) -> bool:
    """Save how a member is reached; False when it is not `version` that is replaced."""
    params = {
        "patient": patient,
        "membership": membership,
        "place": contact.place,
        "channel": contact.channel,
        "phone": contact.phone,
        "note": contact.note,
        "version": version,
        "by": by,
        "now": now,
    }
    query = _SQL["change_contact"] if version else _SQL["add_contact"]
    return conn.execute(query, params).rowcount == 1


def load_own(conn: PersonConnection, person: UUID) -> Own:
    """Return how somebody wants to be reached."""
    return fetch_one(conn, _SQL["own_coordinates"], {"person": person}, Own) or Own()


def save_own(conn: PersonConnection, person: UUID, own: Own, now: datetime) -> bool:
    """Save how somebody wants to be reached; False when it is not `version` that is replaced."""
    params = {
        "person": person,
        "phone": own.phone,
        "phone_to": own.phone_to,
        "mail": own.mail,
        "mail_to": own.mail_to,
        "channel": own.channel,
        "version": own.version,
        "now": now,
    }
    query = _SQL["change_own"] if own.version else _SQL["add_own"]
    return conn.execute(query, params).rowcount == 1


def save_attending(conn: PersonConnection, patient: VisiblePatientId, stay: UUID | None) -> bool:
    """Flag the attending physician; False for who is none."""
    params = {"patient": patient, "stay": stay}
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["name_attending"], params).fetchone())
