"""Typed functions over the queries of photographs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import scalar_row

from core.doors import PersonConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("questionnaires")


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photograph as it is shown; sides in pixels."""

    id: UUID
    width: int
    height: int
    bytes: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often a person has tried to send a photograph, this time included."""

    in_a_minute: int
    in_a_day: int


def add_photo(
    conn: PersonConnection, patient: VisiblePatientId, photo: Photo, by: UUID, at: datetime
) -> None:
    """Store a photograph that was drawn anew."""
    conn.execute(
        _SQL["add_photo"],
        {
            "id": photo.id,
            "patient": patient,
            "by": by,
            "at": at,
            "width": photo.width,
            "height": photo.height,
            "bytes": photo.bytes,
        },
    )


def load_photo(conn: PersonConnection, patient: VisiblePatientId, photo: UUID) -> Photo | None:
    """Return a photograph of a record, or None when the record has no such photograph."""
    return fetch_one(conn, _SQL["load_photo"], {"patient": patient, "photo": photo}, Photo)


def count_photos_of(conn: PersonConnection, by: UUID, since: datetime) -> int:
    """Return how many photographs a person has sent since an instant."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        row = cursor.execute(_SQL["count_photos_of"], {"by": by, "since": since}).fetchone()
    return int(row or 0)


def count_try(conn: PersonConnection) -> Tries:
    """Count a try of the acting person to send a photograph; return it with those before."""
    return fetch_all(conn, _SQL["try_photo"], {}, Tries)[0]


def known_photos(
    conn: PersonConnection, patient: VisiblePatientId, photos: Sequence[UUID]
) -> set[UUID]:
    """Return those of the photographs that are of the record."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        asked = {"patient": patient, "photos": list(photos)}
        return set(cursor.execute(_SQL["known_photos"], asked).fetchall())
