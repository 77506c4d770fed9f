"""What the clock of a device is worth, and when a measurement was really made.

A device stamps with a wall clock without zone that may never have been set, may lack its year,
may run in another zone or minutes off. When it also tells its time *now* (Current Time, Date
Time), both clocks were seen in one moment, which places every stamp by its distance from it: the
coincident time stamp of the HL7 Personal Health Device guide
(https://hl7.org/fhir/uv/phd/ CoincidentTimeStampObservation). Otherwise the stamp is read on a
wall in the zone of the home, and believed only as far as it can be.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

# A device clock ahead of ours by more than this is not believed (reliability rule: a reading dated
# in the future would hide every later one). Proposed.
CLOCK_AHEAD_LIMIT: Final = timedelta(minutes=5)
# A clock that was never set begins anew with each battery: only what is this recent by the same
# clock is surely of the same run. Proposed.
SAME_RUN_LIMIT: Final = timedelta(minutes=10)

_BOUNDS: Final = {
    "month": (0, 12),
    "day": (0, 31),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
}


@dataclass(frozen=True, slots=True)
class DateTime:
    """A wall clock; year, month and day are 0 where the device does not know them (GSS)."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int

    def __post_init__(self) -> None:
        """ValueError for a part outside the range the specification gives."""
        if self.year != 0 and not 1582 <= self.year <= 9999:
            raise ValueError(f"year {self.year} outside 1582-9999")
        for name, (lowest, highest) in _BOUNDS.items():
            part: int = getattr(self, name)
            if not lowest <= part <= highest:
                raise ValueError(f"{name} {part} outside {lowest}-{highest}")

    @classmethod
    def of(cls, local: datetime) -> "DateTime":
        """Return the Date Time of a wall-clock time, sub-seconds cut off."""
        return cls(local.year, local.month, local.day, local.hour, local.minute, local.second)

    def on_wall(self) -> datetime | None:
        """Return what the wall clock shows, without zone; None: there is no such day."""
        try:
            return datetime(  # noqa: DTZ001 (a wall clock has no zone)
                self.year, self.month, self.day, self.hour, self.minute, self.second
            )
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coincident:
    """The device showed `device` at the instant `at` of our own clock (UTC)."""

    device: datetime
    at: datetime


class Basis(StrEnum):
    """What the time of a measurement stands on."""

    RECEPTION = "reception"
    DEVICE_CLOCK = "device_clock"
    COINCIDENT = "coincident"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """When it was measured; `raw_at` is the stamp read in the home's zone; both UTC.

    `fault`: a true time of measurement may be hidden, so a person must look.
    """

    at: datetime
    raw_at: datetime | None
    basis: Basis
    fault: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a device says of the time of one measurement.

    `stored`: it comes from the memory of the device; `offset` moves the stamp (a clock that was
    changed in between: Time Offset of Glucose Measurement), None when the device cannot tell it.
    """

    shown: DateTime | None = None
    clock_not_set: bool = False
    stored: bool = False
    offset: timedelta | None = timedelta(0)


def coincident_of(shown: DateTime, at: datetime) -> Coincident | None:
    """Pair what the device shows now with our own time; None when it does not know the day."""
    device = shown.on_wall()
    return None if device is None else Coincident(device=device, at=at)


def correct_time(
    stamp: Stamp, *, received_at: datetime, zone: tzinfo, coincident: Coincident | None = None
) -> Corrected:
    """Decide when a measurement was made; a time that cannot be trusted becomes reception."""
    wall = _wall(stamp)
    if wall is None:
        fault = stamp.shown is not None or stamp.stored or stamp.clock_not_set
        return Corrected(at=received_at, raw_at=None, basis=Basis.RECEPTION, fault=fault)
    raw_at = _read_on_wall(wall, received_at, zone)
    if coincident is not None:
        return _by_distance(stamp, wall, raw_at, received_at, coincident)
    if raw_at is None or stamp.clock_not_set or raw_at > received_at + CLOCK_AHEAD_LIMIT:
        return Corrected(at=received_at, raw_at=raw_at, basis=Basis.RECEPTION, fault=True)
    return Corrected(at=min(raw_at, received_at), raw_at=raw_at, basis=Basis.DEVICE_CLOCK)


def _wall(stamp: Stamp) -> datetime | None:
    if stamp.shown is None or stamp.offset is None:
        return None
    wall = stamp.shown.on_wall()
    try:
        return None if wall is None else wall + stamp.offset
    except OverflowError:
        return None


def _by_distance(
    stamp: Stamp,
    wall: datetime,
    raw_at: datetime | None,
    received_at: datetime,
    coincident: Coincident,
) -> Corrected:
    """Place a stamp by how long before the coincident moment the device's clock showed it."""
    before = coincident.device - wall
    try:
        at = coincident.at - before
    except OverflowError:
        at = None
    if at is None or at > received_at + CLOCK_AHEAD_LIMIT:
        # Later than the clock can have shown: it was turned back since, nobody knows how far.
        return Corrected(at=received_at, raw_at=raw_at, basis=Basis.RECEPTION, fault=True)
    return Corrected(
        at=min(at, received_at),
        raw_at=raw_at,
        basis=Basis.COINCIDENT,
        fault=stamp.clock_not_set and before > SAME_RUN_LIMIT,
    )


def _read_on_wall(wall: datetime, received_at: datetime, zone: tzinfo) -> datetime | None:
    """Return the instant a wall clock in `zone` shows `wall`; None beyond the calendar.

    In the hour that is lived twice, in autumn, it is the later one unless that is yet to come.
    """
    try:
        first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        return None
    return second if first < second <= received_at else first
