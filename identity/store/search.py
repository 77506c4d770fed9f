"""Queries of the search for patients."""

from core.doors import PersonConnection
from core.rows import fetch_all
from core.sqlfile import load_queries
from identity.search import ByTraits, FoundPatient

_SQL = load_queries("identity")


def note_search(conn: PersonConnection, *, most: int, minutes: int) -> bool:
    """Note one more search of the actor; False when he has made too many of late."""
    row = conn.execute(_SQL["note_search"], {"most": most, "minutes": minutes}).fetchone()
    return bool(row and row[0])


def find_by_traits(conn: PersonConnection, asked: ByTraits, *, most: int) -> list[FoundPatient]:
    """Return who has that birth date and such names."""
    params = {
        "name": asked.name,
        "first_name": asked.first_name,
        "birth_date": asked.birth_date,
        "most": most,
    }
    return fetch_all(conn, _SQL["find_patients"], params, FoundPatient)


def find_by_ins(conn: PersonConnection, number: str, *, most: int) -> list[FoundPatient]:
    """Return who has that matricule."""
    params = {"ins": number, "most": most}
    return fetch_all(conn, _SQL["find_patients_by_ins"], params, FoundPatient)
