"""Typed functions over the queries of finding somebody in the directory."""

from collections.abc import Iterable
from dataclasses import asdict
from uuid import UUID

from psycopg.rows import scalar_row

from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries
from identity.finding.communes import Centre
from identity.finding.entry import Asked, Commune, Entry, Offer

_SQL = load_queries("identity.finding")


def search(conn: PersonConnection, asked: Asked, commune: str | None, *, most: int) -> list[Entry]:
    """Return entries, the likeliest first; none without `directory:read`."""
    params = {**asdict(asked), "party": None, "commune": commune, "most": most}
    return fetch_all(conn, _SQL["search_directory"], params, Entry)


def load_entry(conn: PersonConnection, party: UUID, commune: str | None) -> Entry | None:
    """Return one entry; None where there is none, or without `directory:read`."""
    asked = asdict(Asked(words=[]))
    params = {**asked, "party": party, "commune": commune, "most": 1}
    return fetch_one(conn, _SQL["search_directory"], params, Entry)


def speaks_for(conn: PersonConnection, party: UUID) -> bool:
    """Say whether the actor may change what an entry says of itself."""
    return _answer(conn, "speaks_for", party=party) is True


def load_private_number(conn: PersonConnection, party: UUID) -> str | None:
    """Return the private number of an entry for whoever speaks for it."""
    found = _answer(conn, "private_number", party=party)
    return found if isinstance(found, str) else None


def save_offer(conn: PersonConnection, party: UUID, offer: Offer) -> bool:
    """Write what an entry says of itself; False for whoever does not speak for it."""
    return _answer(conn, "say_offer", party=party, **asdict(offer)) is True


def save_star(conn: PersonConnection, party: UUID, *, starred: bool) -> bool:
    """Keep an entry at hand, or no longer; False where there is none."""
    return _answer(conn, "star", party=party, starred=starred) is True


def load_patient_commune(conn: PersonConnection, patient: UUID) -> Commune | None:
    """Return the commune of the patient in hand, where the sheet of the home says it."""
    return fetch_one(conn, _SQL["patient_commune"], {"patient": patient}, Commune)


def save_communes(conn: ServiceConnection, centres: Iterable[Centre]) -> int:
    """Write communes; return how many were new or changed, and place every entry anew."""
    changed = 0
    with conn.cursor() as cursor:
        for centre in centres:
            row = {**asdict(centre), "postcodes": list(centre.postcodes)}
            changed += cursor.execute(_SQL["save_commune"], row).rowcount
    conn.execute(_SQL["refresh_directory"])
    return changed


def _answer(conn: PersonConnection, query: str, **params: object) -> object:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL[query], params).fetchone()
