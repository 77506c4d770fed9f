"""Technical troubles: found by the service, seen and taken by people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from alerts import technical
from alerts.technical import Found, Kind, Name
from core.doors import PersonConnection, ServiceConnection
from core.ids import new_id
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A trouble as the database finds it."""

    kind: str
    subject: str
    organisation: UUID | None
    patient_id: UUID | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A trouble that is known."""

    kind: str
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """A trouble as people see it; `cleared_at` is None while it lasts."""

    id: UUID
    kind: str
    subject: str
    patient_id: UUID | None
    patient_name: str | None
    detail: dict[str, Any]
    found_at: datetime
    taken_by: UUID | None
    taker: str | None
    taken_at: datetime | None
    note: str
    cleared_at: datetime | None


def look_alone(conn: ServiceConnection) -> bool:
    """Keep other looks away until the end of the transaction; False when one is under way."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["technical_lock"]).fetchone())


def find(conn: ServiceConnection, now: datetime) -> list[Found]:
    """Return every trouble that the tables show."""
    limits = {
        "now": now,
        "offline": technical.OFFLINE_AFTER,
        "silent": technical.SILENT_AFTER,
        "battery": technical.BATTERY_PERCENT,
        "dead": technical.DEAD_AFTER,
        "late": technical.LATE_AFTER,
        "unsent": technical.UNSENT_AFTER,
        "failures": technical.FAILURES,
    }
    return [
        Found(
            name=Name(Kind(row.kind), row.subject),
            organisation=row.organisation,
            patient=row.patient_id,
            detail=row.detail,
        )
        for row in fetch_all(conn, _SQL["technical_found"], limits, FoundRow)
    ]


def load_known(conn: ServiceConnection) -> dict[Name, dict[str, Any]]:
    """Return the detail of each trouble that is open."""
    rows = fetch_all(conn, _SQL["technical_open"], {}, KnownRow)
    return {Name(Kind(row.kind), row.subject): row.detail for row in rows}


def open_trouble(conn: ServiceConnection, found: Found, now: datetime) -> bool:
    """Save a trouble that begins; False when it is open already."""
    params = {
        "id": new_id(now),
        **_named(found.name),
        "organisation": found.organisation,
        "patient": found.patient,
        "detail": Jsonb(dict(found.detail)),
        "now": now,
    }
    return conn.execute(_SQL["open_technical"], params).rowcount == 1


def change_trouble(conn: ServiceConnection, found: Found) -> None:
    """Save how an open trouble stands now."""
    params = {**_named(found.name), "detail": Jsonb(dict(found.detail))}
    conn.execute(_SQL["change_technical"], params)


def clear_trouble(conn: ServiceConnection, name: Name, now: datetime) -> None:
    """Note that a trouble is gone."""
    conn.execute(_SQL["clear_technical"], {**_named(name), "now": now})


def load_queue(conn: PersonConnection, cleared_since: datetime) -> list[TroubleRow]:
    """Return what concerns the acting organisation, open ones first, oldest first."""
    return fetch_all(conn, _SQL["technical_queue"], {"cleared_since": cleared_since}, TroubleRow)


def take(conn: PersonConnection, trouble: UUID, note: str, *, give_back: bool) -> bool:
    """Note who deals with a trouble; False when it is gone, another's, or not his to take."""
    params = {"id": trouble, "note": note, "give_back": give_back}
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["take_technical"], params).fetchone())


def _named(name: Name) -> dict[str, str]:
    return {"kind": name.kind, "subject": name.subject}
