"""Typed functions over the queries of an exit: letters, what is to be given back, whom to tell."""

from datetime import date, datetime
from uuid import UUID

from psycopg.rows import scalar_row

from coordination.inclusion.ending import Kit, Letter, ToTell
from core.doors import PersonConnection
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("coordination.inclusion")


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


def load_died_on(conn: PersonConnection, patient: UUID) -> date | None:
    """Return the day of death; None without one, or without the right to the identity."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found: date | None = cursor.execute(_SQL["died_on"], {"patient": patient}).fetchone()
    return found
