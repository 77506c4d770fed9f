"""Typed functions over the queries of requests for support."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from coordination.support.request import Act, Asked, Moved, Request, Wish
from core.doors import PersonConnection, ServiceConnection, VisiblePatientId
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.support")
Said = Literal["done", "gone", "changed", "archived", "performer", "dead", "sent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """An organisation that answers requests for support."""

    performer: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportEvent:
    """Who did what with a request; nobody: the machine told of it again."""

    id: UUID
    request_id: UUID
    at: datetime
    by_name: str | None
    what: str


@dataclass(frozen=True, slots=True)
class _Said:
    said: Said


@dataclass(frozen=True, slots=True)
class _Count:
    count: int


def load_centres(conn: PersonConnection, patient: VisiblePatientId) -> list[Centre]:
    """Return whom the actor may ask for this patient."""
    return fetch_all(conn, _SQL["centres"], {"patient": patient}, Centre)


def load_requests(conn: PersonConnection, patient: VisiblePatientId, most: int) -> list[Request]:
    """Return what was asked for a patient."""
    return fetch_all(conn, _SQL["requests"], {"patient": patient, "most": most}, Request)


def load_events(conn: PersonConnection, patient: VisiblePatientId) -> list[SupportEvent]:
    """Return who did what with the requests of a record."""
    return fetch_all(conn, _SQL["events"], {"patient": patient}, SupportEvent)


def load_asked(conn: PersonConnection, most: int) -> list[Asked]:
    """Return what the acting organisation is asked."""
    return fetch_all(conn, _SQL["asked"], {"id": None, "most": most}, Asked)


def load_one_asked(conn: PersonConnection, id: UUID) -> Asked | None:
    """Return one request to the acting organisation."""
    return fetch_one(conn, _SQL["asked"], {"id": id, "most": 1}, Asked)


def send(
    conn: PersonConnection, patient: VisiblePatientId, id: UUID, wish: Wish, new: tuple[UUID, UUID]
) -> Said:
    """Send a request; `new` are the ids of its event and its notice."""
    params = {
        "id": id,
        "patient": patient,
        "performer": wish.performer,
        "code": wish.code,
        "note": wish.note,
        "told": wish.told,
        "untold_reason": wish.untold_reason,
        "receive_by": wish.receive_by,
        "answer_by": wish.answer_by,
        "event": new[0],
        "notice": new[1],
    }
    found = fetch_one(conn, _SQL["send"], params, _Said)
    return found.said if found else "gone"


def save_move(
    conn: PersonConnection, id: UUID, act: Act, moved: Moved, version: int, new: tuple[UUID, UUID]
) -> Said:
    """Store what somebody does with a request, as it stood in `version`."""
    params = {
        "id": id,
        "what": act,
        "state": moved.state,
        "answer": moved.answer,
        "outcome": moved.outcome,
        "version": version,
        "event": new[0],
        "notice": new[1],
    }
    found = fetch_one(conn, _SQL["move"], params, _Said)
    return found.said if found else "gone"


def tell_late(conn: ServiceConnection, limit: int) -> int:
    """Tell again of what nobody received in time; return how many."""
    found = fetch_one(conn, _SQL["tell_late"], {"limit": limit}, _Count)
    return found.count if found else 0
