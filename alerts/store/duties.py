"""Who may be called and who is on duty: rotas, hours of GPs, gaps that were told."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.rows import scalar_row

from alerts.rota.public_days import Region
from alerts.rota.rota import Duty, Leave, OnHolidays, Rota, Shift, Swap
from core.doors import PersonConnection, ServiceConnection
from core.ids import new_id
from core.rows import fetch_all
from core.sqlfile import load_queries

_SQL = load_queries("alerts")


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """An address of somebody a rung may call; `address` is None when he has none.

    By notification it is the id of a browser. What he chose stands in every row of his.
    """

    person: UUID
    organisation: UUID | None
    stands_for: UUID | None
    channel: str | None
    address: str | None
    locale: str
    wants_sms: bool
    wants_push: bool
    quiet_from: time | None
    quiet_until: time | None


@dataclass(frozen=True, slots=True)
class RotaRow:
    """A row of `alerts.rota_kept`; zone and holidays are None where the site's hold."""

    organisation: UUID
    zone: str | None
    holidays: str | None
    shifts: list[dict[str, Any]]
    leaves: list[dict[str, Any]]
    swaps: list[dict[str, Any]]
    staff: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class HoursRow:
    """In which hours a GP is called, as he gave them."""

    gp: UUID
    hours: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """A duty in which nobody is, and since when that is known."""

    organisation: UUID
    duty: str
    since: datetime


@dataclass(frozen=True, slots=True)
class CarerRow:
    """A carer who is told at night, and where."""

    person: UUID
    channel: str
    address: str
    locale: str


def load_candidates(conn: ServiceConnection, patient: UUID, role: str) -> list[CandidateRow]:
    """Return whom a rung may call for a patient, on duty or not."""
    params = {"patient": patient, "role": role}
    return fetch_all(conn, _SQL["rung_candidates"], params, CandidateRow)


def load_rotas(conn: ServiceConnection, patient: UUID, now: datetime) -> list[RotaRow]:
    """Return the rotas that are kept around a patient."""
    return fetch_all(conn, _SQL["rotas_of_patient"], {"patient": patient, "now": now}, RotaRow)


def load_all_rotas(conn: ServiceConnection) -> list[RotaRow]:
    """Return every rota that is kept."""
    return fetch_all(conn, _SQL["all_rotas"], {}, RotaRow)


def load_gp_hours(conn: ServiceConnection | PersonConnection, patient: UUID) -> list[HoursRow]:
    """Return the hours of the GPs of a patient who accepted to be called."""
    return fetch_all(conn, _SQL["gp_hours_of_patient"], {"patient": patient}, HoursRow)


def load_called_first(conn: ServiceConnection, alert: UUID) -> frozenset[UUID]:
    """Return whom the last call of the first nurse's rung called."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return frozenset(cursor.execute(_SQL["called_first"], {"alert": alert}).fetchall())


def was_called(conn: ServiceConnection, alert: UUID, since_round: int) -> bool:
    """Say whether an alert called anybody since a round of its ladder."""
    params = {"alert": alert, "round": since_round}
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["was_called"], params).fetchone())


def lacks_substitute(conn: ServiceConnection | PersonConnection, patient: UUID) -> bool:
    """Say whether a record is without a GP and names nobody in his place."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        found = cursor.execute(_SQL["lacks_substitute"], {"patient": patient}).fetchone()
    return bool(found)


def save_gap(conn: ServiceConnection, organisation: UUID, duty: Duty, now: datetime) -> bool:
    """Note that nobody is on duty; return False when that is known already."""
    params = {"id": new_id(now), "organisation": organisation, "duty": duty, "now": now}
    return conn.execute(_SQL["save_gap"], params).rowcount == 1


def load_gaps(conn: ServiceConnection) -> list[GapRow]:
    """Return the gaps that are known and not filled, longest first."""
    return fetch_all(conn, _SQL["open_gaps"], {}, GapRow)


def fill_gap(conn: ServiceConnection, organisation: UUID, duty: Duty, now: datetime) -> None:
    """Note that somebody is on duty again."""
    conn.execute(_SQL["fill_gap"], {"organisation": organisation, "duty": duty, "now": now})


def save_night(conn: ServiceConnection, alert: UUID, now: datetime) -> bool:
    """Note that an alert waits for the morning; return False when it does already."""
    return conn.execute(_SQL["save_night"], {"id": alert, "now": now}).rowcount == 1


def load_carers_at_night(conn: ServiceConnection, patient: UUID) -> list[CarerRow]:
    """Return the carers whom a patient lets be told at night."""
    return fetch_all(conn, _SQL["carers_at_night"], {"patient": patient}, CarerRow)


def rota_of(row: RotaRow, zone: ZoneInfo, region: Region) -> Rota:
    """Return the rota written in a row; `zone` and `region` are the site's."""
    return Rota(
        zone=ZoneInfo(row.zone) if row.zone else zone,
        region=Region(row.holidays) if row.holidays else region,
        staff={
            UUID(person): datetime.fromisoformat(until) if until else None
            for person, until in row.staff.items()
        },
        shifts=tuple(_shift(each) for each in row.shifts),
        leaves=tuple(
            Leave(
                person=UUID(each["person"]),
                first_on=date.fromisoformat(each["first_on"]),
                last_on=date.fromisoformat(each["last_on"]),
                substitute=UUID(each["substitute"]) if each["substitute"] else None,
            )
            for each in row.leaves
        ),
        swaps=tuple(
            Swap(
                shift=UUID(each["shift"]),
                day=date.fromisoformat(each["day"]),
                to=UUID(each["to"]),
            )
            for each in row.swaps
        ),
    )


def _shift(written: dict[str, Any]) -> Shift:
    return Shift(
        id=UUID(written["id"]),
        person=UUID(written["person"]),
        duty=Duty(written["duty"]),
        weekdays=frozenset(written["weekdays"]),
        starts=time.fromisoformat(written["starts"]),
        ends=time.fromisoformat(written["ends"]),
        on_holidays=OnHolidays(written["on_holidays"]),
        first_on=date.fromisoformat(written["first_on"]),
        last_on=date.fromisoformat(written["last_on"]) if written["last_on"] else None,
    )


def columns_of(shift: Shift) -> dict[str, Any]:
    """Return the columns of a shift by their names, without whose it is."""
    return {
        "id": shift.id,
        "person": shift.person,
        "duty": shift.duty,
        "weekdays": sorted(shift.weekdays),
        "starts": shift.starts,
        "ends": shift.ends,
        "on_holidays": shift.on_holidays,
        "first_on": shift.first_on,
        "last_on": shift.last_on,
    }
