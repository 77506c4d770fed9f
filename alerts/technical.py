"""Technical troubles: what is wrong with devices, ways to people, or the service itself. Pure.

A trouble is found again at every look, is opened once, and ends when it is found no more: nobody
closes one that lasts. It never stands in the queue of patients and delays no alert of theirs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID


class Kind(StrEnum):
    """What kinds of trouble there are."""

    GATEWAY_OFFLINE = "gateway_offline"
    DEVICE_SILENT = "device_silent"
    BATTERY_LOW = "battery_low"
    DEVICE_CLOCK = "device_clock"
    WAY_FAULTY = "way_faulty"
    """A mailbox, number or browser that does not lead to the person."""
    PROCESS_SILENT = "process_silent"
    PIPELINE_LATE = "pipeline_late"
    WORK_FAILING = "work_failing"
    SENDING_LATE = "sending_late"
    CERTIFICATE_ENDS = "certificate_ends"


KIND_LABELS: Final[dict[Kind, str]] = {
    Kind.GATEWAY_OFFLINE: "Gateway offline",
    Kind.DEVICE_SILENT: "Device gives no measurement",
    Kind.BATTERY_LOW: "Battery low",
    Kind.DEVICE_CLOCK: "Clock of the device is wrong",
    Kind.WAY_FAULTY: "Cannot be reached this way",
    Kind.PROCESS_SILENT: "A process of the service is silent",
    Kind.PIPELINE_LATE: "Measurements wait to be judged",
    Kind.WORK_FAILING: "Work that keeps failing",
    Kind.SENDING_LATE: "Messages are not going out",
    Kind.CERTIFICATE_ENDS: "A certificate is about to expire",
}
"""English msgid of each kind."""

OF_THE_SERVICE: Final = frozenset(
    {Kind.PROCESS_SILENT, Kind.PIPELINE_LATE, Kind.SENDING_LATE, Kind.CERTIFICATE_ENDS}
)
"""What the operator is told of when it is found: no nurse can mend it."""

OF_A_DEVICE: Final = frozenset({Kind.DEVICE_SILENT, Kind.BATTERY_LOW, Kind.DEVICE_CLOCK})
"""Troubles whose subject is a device in somebody's hands."""

OFFLINE_AFTER: Final = timedelta(minutes=15)
"""A gateway that is away for less is restarting, or its line is (proposed)."""
SILENT_AFTER: Final = timedelta(hours=26)
"""A day and two hours without a measurement from a home that has a device (proposed)."""
BATTERY_PERCENT: Final = 20
"""At or below this a battery is to be changed (proposed)."""
DEAD_AFTER: Final = timedelta(seconds=60)
"""A process gives a sign of life every 10 s; after six missed ones it is silent (proposed)."""
LATE_AFTER: Final = timedelta(seconds=60)
"""What waits longer to be judged is late (R5)."""
UNSENT_AFTER: Final = timedelta(minutes=5)
"""A message of an alert that has not gone out for longer (proposed)."""
FAILURES: Final = 3
"""As often as some work fails before it is a trouble (proposed)."""
CERTIFICATE_DAYS: Final = 30
"""As long before its end a certificate is to be renewed (proposed)."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a trouble is: one of a kind and subject is open at a time."""

    kind: Kind
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A trouble as it is found; `detail` holds codes and numbers, never a value of health."""

    name: Name
    organisation: UUID | None = None
    patient: UUID | None = None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a look changes: troubles that begin, those whose detail changed, those that are gone."""

    opened: tuple[Found, ...]
    changed: tuple[Found, ...]
    cleared: tuple[Name, ...]


def reconcile(known: Mapping[Name, Mapping[str, Any]], found: Collection[Found]) -> Changes:
    """Return what changes from the troubles known to be open, with their detail, to those found."""
    now = {one.name: one for one in found}
    return Changes(
        opened=tuple(one for name, one in now.items() if name not in known),
        changed=tuple(
            one for name, one in now.items() if name in known and known[name] != one.detail
        ),
        cleared=tuple(name for name in known if name not in now),
    )


def certificate_trouble(subject: str, ends_at: datetime, now: datetime) -> Found | None:
    """Return the trouble of a certificate that ends within CERTIFICATE_DAYS, or has ended."""
    if ends_at - now > timedelta(days=CERTIFICATE_DAYS):
        return None
    return Found(name=Name(Kind.CERTIFICATE_ENDS, subject), detail={"since": ends_at.isoformat()})
