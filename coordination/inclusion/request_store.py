"""Typed functions over the queries of requests."""

from dataclasses import asdict, dataclass
from typing import Literal, cast
from uuid import UUID

from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from coordination.inclusion.request import Request, Wish
from core.doors import PersonConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.inclusion")
Sending = Literal["sent", "already", "no_centre", "dead"]
Deciding = Literal["done", "gone", "decided", "dead", "requester_left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """An organisation that follows people from afar."""

    centre: UUID
    name: str


def load_centres(conn: PersonConnection) -> list[Centre]:
    """Return the centres the actor may ask."""
    return fetch_all(conn, _SQL["centres"], {}, Centre)


def save_request(
    conn: PersonConnection, *, id: UUID, patient: UUID | None, wish: Wish, notice: UUID
) -> Sending:
    """Send a request; the database writes who asks, when and from where."""
    plain: dict[str, object] = {
        "phone": wish.phone,
        "programme": wish.programme,
        "risk": wish.risk,
        "reason": wish.reason,
        "discharge_on": wish.discharge_on.isoformat() if wish.discharge_on else None,
        "oxygen_l_min": str(wish.oxygen_l_min) if wish.oxygen_l_min is not None else None,
        "patient_told": wish.patient_told,
    }
    if wish.person is not None:
        born = wish.person.birth_date.isoformat()
        plain |= {**asdict(wish.person), "birth_date": born}
    params: dict[str, object] = {
        "id": id,
        "centre": wish.centre,
        "patient": patient,
        "wish": Jsonb(plain),
        "notice": notice,
    }
    return cast(Sending, _said(conn, "send_request", params))


def load_requests(conn: PersonConnection, most: int) -> list[Request]:
    """Return what the actor asked for and what his organisation is asked."""
    return fetch_all(conn, _SQL["requests"], {"id": None, "most": most}, Request)


def load_request(conn: PersonConnection, id: UUID) -> Request | None:
    """Return one request the actor may read."""
    return fetch_one(conn, _SQL["requests"], {"id": id, "most": 1}, Request)


def decide(
    conn: PersonConnection,
    id: UUID,
    state: Literal["accepted", "refused", "withdrawn"],
    *,
    refusal: str | None,
    note: str,
    membership: UUID,
    notice: UUID,
) -> Deciding:
    """Accept, refuse or withdraw a request."""
    params: dict[str, object] = {
        "id": id,
        "state": state,
        "refusal": refusal,
        "note": note,
        "membership": membership,
        "notice": notice,
    }
    return cast(Deciding, _said(conn, "decide_request", params))


def name_patient(conn: PersonConnection, id: UUID, patient: UUID, membership: UUID) -> bool:
    """Say which record a request led to; False when it is not the actor's to say."""
    params: dict[str, object] = {"id": id, "patient": patient, "membership": membership}
    return bool(_said(conn, "name_request_patient", params))


def _said(conn: PersonConnection, query: str, params: dict[str, object]) -> object:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL[query], params).fetchone()
