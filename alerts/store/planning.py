"""What planning writes: shifts, leave, swaps, hours of GPs. Each says whether it was done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from alerts.rota.rota import Shift
from alerts.store.duties import RotaRow, columns_of
from core.doors import ServiceConnection
from core.ids import new_id
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class NameRow:
    """How a party is written on screens."""

    person: UUID
    name: str


def save_place(
    conn: ServiceConnection, organisation: UUID, zone: str, holidays: str, now: datetime
) -> None:
    """Note in which zone and with which holidays an organisation plans."""
    params = {"organisation": organisation, "zone": zone, "holidays": holidays, "now": now}
    conn.execute(_SQL["save_rota_place"], params)


def save_shift(conn: ServiceConnection, organisation: UUID, shift: Shift, now: datetime) -> bool:
    """Save a shift; False when its person has no post in the organisation."""
    return _done(
        conn,
        "save_shift",
        organisation=organisation,
        **columns_of(shift),
        now=now,
    )


def remove_shift(conn: ServiceConnection, shift: UUID, now: datetime) -> bool:
    """Remove a shift; False when there is none."""
    return _done(conn, "remove_shift", id=shift, now=now)


def save_leave(
    conn: ServiceConnection,
    organisation: UUID,
    person: UUID,
    days: tuple[date, date],
    substitute: UUID | None,
    now: datetime,
) -> bool:
    """Save days of leave; False when somebody named has no post in the organisation."""
    return _done(
        conn,
        "save_leave",
        id=new_id(now),
        organisation=organisation,
        person=person,
        first_on=days[0],
        last_on=days[1],
        substitute=substitute,
        now=now,
    )


def save_swap(conn: ServiceConnection, shift: UUID, day: date, to: UUID, now: datetime) -> bool:
    """Give one day of a shift to a colleague; False when he has no post there, or no such shift."""
    return _done(conn, "save_swap", id=new_id(now), shift=shift, day=day, to=to, now=now)


def save_gp_hours(
    conn: ServiceConnection, patient: UUID, gp: UUID, hours: str, now: datetime
) -> bool:
    """Note in which hours a GP is called; False when he is not the GP of this circle."""
    conn.execute(_SQL["end_gp_hours"], {"patient": patient, "gp": gp, "now": now})
    return _done(
        conn, "save_gp_hours", id=new_id(now), patient=patient, gp=gp, hours=hours, now=now
    )


def save_without_gp(
    conn: ServiceConnection, patient: UUID, substitute: UUID | None, hours: str, now: datetime
) -> bool:
    """Note that a record has no GP; False when the substitute is not in its circle."""
    conn.execute(_SQL["end_without_gp"], {"patient": patient, "now": now})
    return _done(
        conn,
        "save_without_gp",
        id=new_id(now),
        patient=patient,
        substitute=substitute,
        hours=hours,
        now=now,
    )


def load_rota(conn: ServiceConnection, organisation: UUID) -> RotaRow | None:
    """Return the rota of an organisation, None when it keeps none."""
    return fetch_one(conn, _SQL["rota_of"], {"organisation": organisation}, RotaRow)


def load_names(conn: ServiceConnection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return how parties are written on screens."""
    rows = fetch_all(conn, _SQL["names_of_parties"], {"ids": list(ids)}, NameRow)
    return {row.person: row.name for row in rows}


def _done(conn: ServiceConnection, query: str, **params: Any) -> bool:
    return conn.execute(_SQL[query], params).rowcount == 1
