"""Handovers: what is open, and its signing by both sides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from alerts.handover import Handover, Signed
from core.doors import PersonConnection
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class OpenRow:
    """Something open in the queue now."""

    key: UUID
    patient_id: UUID
    name: str
    alert: dict[str, Any] | None
    first_call_late: bool
    call_back_due: bool
    of_drill: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a handover; all but its place is empty once the patient is no longer followed."""

    place: int
    patient_id: UUID | None
    name: str | None
    alert: dict[str, Any] | None
    first_call_late: bool
    call_back_due: bool
    remark: str
    of_drill: bool


def load_open(conn: PersonConnection) -> list[OpenRow]:
    """Return what is open in the queue of the acting organisation, worst first."""
    return fetch_all(conn, _SQL["open_matters"], {}, OpenRow)


def give(
    conn: PersonConnection,
    handover: UUID,
    note: str,
    remarks: Mapping[UUID, str],
    seen: Iterable[UUID],
) -> Signed:
    """Sign what is open, if it is `seen`; a second time under the same id changes nothing."""
    params = {
        "id": handover,
        "note": note,
        "remarks": Jsonb({str(key): text for key, text in remarks.items()}),
        "seen": list(seen),
    }
    return _said(conn, "give_handover", params)


def take(conn: PersonConnection, handover: UUID, digest: str) -> Signed:
    """Sign that the actor takes over, if `digest` is of what was given."""
    return _said(conn, "take_handover", {"id": handover, "digest": digest})


def load_handovers(conn: PersonConnection, limit: int, one: UUID | None = None) -> list[Handover]:
    """Return the handovers of the acting organisation, newest first."""
    return fetch_all(conn, _SQL["handovers"], {"limit": limit, "id": one}, Handover)


def load_lines(conn: PersonConnection, handover: UUID) -> list[LineRow]:
    """Return what a handover says, in the order it was signed in."""
    return fetch_all(conn, _SQL["handover_lines"], {"id": handover}, LineRow)


def _said(conn: PersonConnection, query: str, params: Mapping[str, Any]) -> Signed:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return Signed(cursor.execute(_SQL[query], params).fetchone() or Signed.REFUSED)
