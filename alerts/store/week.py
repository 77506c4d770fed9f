"""The rota as its own staff reads and changes it, and in which hours a GP is called."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from psycopg.rows import scalar_row

from alerts.rota.rota import Shift
from alerts.store.duties import RotaRow, columns_of
from core.doors import PersonConnection
from core.ids import new_id
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who is or may be planned; `duties` are what his post lets him have."""

    person: UUID
    name: str
    duties: list[str]


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """Days on which somebody is away, both included."""

    id: UUID
    person: UUID
    first_on: date
    last_on: date
    substitute: UUID | None


@dataclass(frozen=True, slots=True)
class SwapRow:
    """A shift of one day that a colleague is asked to take, and who asks."""

    id: UUID
    shift: UUID
    day: date
    to_person: UUID
    asked_by: UUID


@dataclass(frozen=True, slots=True)
class GpRow:
    """A GP or a home nurse with the hours, if they accepted; or who is in the place of a GP."""

    kind: Literal["gp", "home_nurse", "without"]
    person: UUID | None
    name: str | None
    hours: str | None


def load_rota(conn: PersonConnection) -> RotaRow | None:
    """Return the rota of the acting organisation, None when it plans nothing."""
    return fetch_one(conn, _SQL["my_rota"], {}, RotaRow)


def load_people(conn: PersonConnection) -> list[PersonRow]:
    """Return who is or may be planned, by name."""
    return fetch_all(conn, _SQL["rota_people"], {}, PersonRow)


def load_leaves(conn: PersonConnection, since: date) -> list[LeaveRow]:
    """Return the leave that lasts or begins after a day."""
    return fetch_all(conn, _SQL["rota_leaves"], {"since": since}, LeaveRow)


def load_swaps(conn: PersonConnection, since: date) -> list[SwapRow]:
    """Return the swaps that wait for an answer."""
    return fetch_all(conn, _SQL["rota_swaps"], {"since": since}, SwapRow)


def plan_shift(conn: PersonConnection, shift: Shift, replaces: UUID | None) -> bool:
    """Plan a shift, in place of another from its first day on; False when it may not be so."""
    return _done(
        conn,
        "plan_shift",
        **columns_of(shift),
        replaces=replaces,
    )


def end_shift(conn: PersonConnection, shift: UUID, last_on: date) -> bool:
    """End a shift with a day; False when there is none, or it is not his to change."""
    return _done(conn, "end_shift", id=shift, last_on=last_on)


def note_leave(
    conn: PersonConnection,
    person: UUID,
    days: tuple[date, date],
    substitute: UUID | None,
    now: datetime,
) -> UUID | None:
    """Note days of leave; None when somebody named cannot be so."""
    leave = new_id(now)
    params = {"person": person, "first_on": days[0], "last_on": days[1], "substitute": substitute}
    return leave if _done(conn, "note_leave", id=leave, **params) else None


def end_leave(conn: PersonConnection, leave: UUID) -> bool:
    """Take back days of leave."""
    return _done(conn, "end_leave", id=leave)


def load_gp(conn: PersonConnection, patient: UUID) -> list[GpRow]:
    """Return who stands on the GP's rung of a patient, and in which hours."""
    return fetch_all(conn, _SQL["gp_rung"], {"patient": patient}, GpRow)


def note_gp_hours(
    conn: PersonConnection, patient: UUID, gp: UUID, hours: str, now: datetime
) -> bool:
    """Note in which hours a GP is called, « » for never; False when he is no GP of the circle."""
    params = {"patient": patient, "gp": gp, "hours": hours}
    return _done(conn, "note_gp_hours", id=new_id(now), **params)


def note_without_gp(
    conn: PersonConnection, patient: UUID, substitute: UUID | None, hours: str, now: datetime
) -> bool:
    """Note that a record has no GP; False when it has one, or the substitute is a stranger."""
    params = {"patient": patient, "substitute": substitute, "hours": hours}
    return _done(conn, "note_without_gp", id=new_id(now), **params)


def _done(conn: PersonConnection, query: str, **params: Any) -> bool:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL[query], params).fetchone())
