"""Somebody's own rotas, colleagues and swaps, with or without a right on the console."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from psycopg.rows import scalar_row

from alerts.store.duties import RotaRow
from core.doors import PersonConnection
from core.ids import new_id
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """Somebody who may be on duty in an organisation, and as what."""

    organisation: UUID
    organisation_name: str
    person: UUID
    name: str
    duties: list[str]


@dataclass(frozen=True, slots=True)
class OwnSwapRow:
    """A swap that somebody is asked for or asked for; `stands`: its shift is still planned."""

    id: UUID
    organisation: UUID
    shift: UUID
    day: date
    duty: str
    starts: time
    ends: time
    to_person: UUID
    to_name: str
    asked_by: UUID
    asked_name: str
    answered_at: datetime | None
    accepted: bool | None
    answered_by: UUID | None
    given_on_at: datetime | None
    stands: bool


def load_rotas(conn: PersonConnection) -> list[RotaRow]:
    """Return the rotas in which the actor may be planned."""
    return fetch_all(conn, _SQL["own_rotas"], {}, RotaRow)


def load_colleagues(conn: PersonConnection) -> list[ColleagueRow]:
    """Return who may be on duty beside the actor, he among them, by name."""
    return fetch_all(conn, _SQL["colleagues"], {}, ColleagueRow)


def load_swaps(conn: PersonConnection, since: date) -> list[OwnSwapRow]:
    """Return the swaps of shifts from a day on that concern the actor."""
    return fetch_all(conn, _SQL["own_swaps"], {"since": since}, OwnSwapRow)


def offer_swap(
    conn: PersonConnection, shift: UUID, day: date, to: UUID, now: datetime
) -> UUID | None:
    """Ask a colleague to take a shift of a day; None when it cannot be so, or is asked already."""
    swap = new_id(now)
    params = {"id": swap, "shift": shift, "day": day, "to": to}
    return swap if _value(conn, "offer_swap", params) else None


def lock_person(conn: PersonConnection, person: UUID) -> None:
    """Have one answer of a person wait for another, so that he takes no two shifts at once."""
    conn.execute(_SQL["lock_own_shifts"], {"person": person})


def answer_swap(conn: PersonConnection, swap: UUID, *, accepts: bool) -> bool:
    """Accept a swap one is asked for, or say no; False when it is not his to answer."""
    return bool(_value(conn, "answer_swap", {"id": swap, "accepts": accepts}))


def tell_swap(conn: PersonConnection, swap: UUID, ways: list[str]) -> None:
    """Put out what a swap tells now, by the ways this site can send."""
    _value(conn, "tell_swap", {"id": swap, "ways": ways})


def _value(conn: PersonConnection, query: str, params: dict[str, Any]) -> Any:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(_SQL[query], params).fetchone()
