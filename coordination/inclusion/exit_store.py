"""Typed functions over the queries of an exit: letters, what is open, what is to be given back."""

from datetime import datetime
from uuid import UUID

from psycopg.rows import scalar_row

from coordination.inclusion.ending import AlertOfLetter, Asked, Kit, Letter, OpenAlert, ToTell
from core.doors import PersonConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.inclusion")


def load_open_alerts(conn: PersonConnection, patient: UUID) -> list[OpenAlert]:
    """Return the alerts nobody has closed, red ones first."""
    return fetch_all(conn, _SQL["open_alerts"], {"patient": patient}, OpenAlert)


def load_asked(conn: PersonConnection, patient: UUID, since: datetime, now: datetime) -> Asked:
    """Return how much a patient was asked between two instants, and answered."""
    params = {"patient": patient, "since": since, "now": now}
    found = fetch_one(conn, _SQL["asked_and_answered"], params, Asked)
    return found or Asked(asked=0, answered=0, missed=0)


def load_alerts_since(
    conn: PersonConnection, patient: UUID, since: datetime
) -> list[AlertOfLetter]:
    """Return the alerts raised since an instant, at most 50, earliest first."""
    params = {"patient": patient, "since": since}
    return fetch_all(conn, _SQL["alerts_since"], params, AlertOfLetter)


def keep_letter(
    conn: PersonConnection,
    *,
    id: UUID,
    patient: UUID,
    episode: UUID | None = None,
    death: UUID | None = None,
    by: UUID,
    now: datetime,
    pdf: bytes,
) -> None:
    """Keep the letter of an exit, or of a death, as it is today."""
    params = {
        "id": id,
        "patient": patient,
        "episode": episode,
        "death": death,
        "by": by,
        "now": now,
        "pdf": pdf,
    }
    conn.execute(_SQL["keep_letter"], params)


def load_letters(conn: PersonConnection, patient: UUID) -> list[Letter]:
    """Return the letters of a record's exits, without their pages."""
    return fetch_all(conn, _SQL["letters"], {"patient": patient}, Letter)


def load_letter(conn: PersonConnection, patient: UUID, letter: UUID) -> bytes | None:
    """Return the pages of a letter; None when the actor may not read it, or there is none."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found = cursor.execute(_SQL["letter"], {"patient": patient, "id": letter}).fetchone()
    return bytes(found) if found is not None else None


def load_kit(conn: PersonConnection, patient: UUID) -> list[Kit]:
    """Return what the patient was lent and has to give back."""
    return fetch_all(conn, _SQL["kit_of"], {"patient": patient}, Kit)


def load_to_tell(conn: PersonConnection, patient: UUID) -> list[ToTell]:
    """Return the relatives whom a person has to tell of the death."""
    return fetch_all(conn, _SQL["family_to_tell"], {"patient": patient}, ToTell)


def note_relative_told(conn: PersonConnection, patient: UUID, party: UUID) -> bool:
    """Note that somebody told a relative; False when there is no such one."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        params = {"patient": patient, "party": party}
        return bool(cursor.execute(_SQL["note_relative_told"], params).fetchone())
