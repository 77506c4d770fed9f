"""Typed functions over the registry's queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import scalar_row

from core.doors import PersonConnection, ServiceConnection
from core.rows import fetch_all
from core.sqlfile import load_queries
from devices.assignment import Assignment

_SQL = load_queries("devices")


@dataclass(frozen=True, slots=True)
class InService:
    """A gateway that is in service, and the organisation that runs it."""

    gateway: str
    organisation: UUID


@dataclass(frozen=True, slots=True)
class Lendable:
    """A device of an organisation in nobody's hands."""

    device: str
    model: str


def load_lendable(conn: PersonConnection) -> list[Lendable]:
    """Return the devices of the acting organisation in nobody's hands."""
    return fetch_all(conn, _SQL["devices_to_lend"], {}, Lendable)


def lend(conn: PersonConnection, *, id: UUID, device: str, patient: UUID) -> bool:
    """Give a device to a patient from now on; False when somebody else has it."""
    params = {"id": id, "device": device, "patient": patient}
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(cursor.execute(_SQL["lend_device"], params).fetchone())


def save_gateway(conn: ServiceConnection, *, id: str, organisation: UUID, now: datetime) -> None:
    """Add a gateway."""
    conn.execute(_SQL["save_gateway"], {"id": id, "organisation": organisation, "now": now})


def save_device(
    conn: ServiceConnection, *, id: str, model: str, organisation: UUID, now: datetime
) -> None:
    """Add a device."""
    params = {"id": id, "model": model, "organisation": organisation, "now": now}
    conn.execute(_SQL["save_device"], params)


def save_assignment(
    conn: ServiceConnection, *, id: UUID, device: str, patient: UUID, starts_at: datetime
) -> bool:
    """Give a device to a patient; False when it is somebody's at that time or later."""
    params = {"id": id, "device": device, "patient": patient, "starts_at": starts_at}
    return conn.execute(_SQL["save_assignment"], params).rowcount == 1


def end_assignment(conn: ServiceConnection, *, id: UUID, ends_at: datetime) -> bool:
    """Take a device back; False when there is no open assignment that began before."""
    return conn.execute(_SQL["end_assignment"], {"id": id, "ends_at": ends_at}).rowcount == 1


def load_gateways_in_service(conn: ServiceConnection, gateways: Sequence[str]) -> dict[str, UUID]:
    """Return those of `gateways` that are in service, with the organisation that runs each."""
    params = {"gateways": list(gateways)}
    found = fetch_all(conn, _SQL["gateways_in_service"], params, InService)
    return {row.gateway: row.organisation for row in found}


def load_assignments(
    conn: ServiceConnection, devices: Sequence[str], from_time: datetime, until_time: datetime
) -> list[Assignment]:
    """Return who lends each device and who had it in a span of time, both ends included."""
    params = {"devices": list(devices), "from_time": from_time, "until_time": until_time}
    return fetch_all(conn, _SQL["assignments_between"], params, Assignment)
