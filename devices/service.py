"""The registry of gateways and devices, as the operator keeps it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import clock
from core.doors import Service, serving
from core.ids import new_id
from devices import store


@dataclass(frozen=True, slots=True)
class AlreadyAssigned:
    """Somebody has the device at that time or later: end that assignment first."""

    device: str


@dataclass(frozen=True, slots=True)
class NotAssigned:
    """There is no open assignment of that id that began before the given instant."""

    assignment: UUID


def register_gateway(gateway: str, organisation: UUID) -> None:
    """Add a gateway of an organisation; its id is also its broker user."""
    with serving(Service.ADMINISTRATION) as conn:
        store.save_gateway(conn, id=gateway, organisation=organisation, now=clock.now())


def register_device(device: str, model: str, organisation: UUID) -> None:
    """Add a device by its hardware address or serial number; `organisation` lends it."""
    with serving(Service.ADMINISTRATION) as conn:
        store.save_device(conn, id=device, model=model, organisation=organisation, now=clock.now())


def assign_device(device: str, patient: UUID, from_time: datetime) -> UUID | AlreadyAssigned:
    """Give a registered device to a patient from `from_time` on; return the assignment."""
    assignment = new_id(clock.now())
    with serving(Service.ADMINISTRATION) as conn:
        given = store.save_assignment(
            conn, id=assignment, device=device, patient=patient, starts_at=from_time
        )
    return assignment if given else AlreadyAssigned(device)


def end_assignment(assignment: UUID, at: datetime) -> NotAssigned | None:
    """Take the device back: readings measured from `at` on are nobody's."""
    with serving(Service.ADMINISTRATION) as conn:
        ended = store.end_assignment(conn, id=assignment, ends_at=at)
    return None if ended else NotAssigned(assignment)
