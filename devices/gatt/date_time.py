"""Date Time (0x2A08): the wall clock of a device, without zone, any date part possibly unknown."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from devices.gatt.cursor import Cursor

_BOUNDS = {
    "month": (0, 12),
    "day": (0, 31),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
}


class ImpossibleDateError(Exception):
    """A part is outside the range the specification gives; stays inside `devices.gatt`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTime:
    """Year, month and day are 0 where the device does not know them (GSS, Date Time)."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int

    @classmethod
    def take(cls, cursor: Cursor) -> "DateTime":
        """Take seven bytes; TruncatedError or ImpossibleDateError when they are not a Date Time."""
        year = cursor.unsigned(2, "year")
        if year != 0 and not 1582 <= year <= 9999:
            raise ImpossibleDateError(f"year {year} outside 1582-9999")
        parts = {name: cursor.unsigned(1, name) for name in _BOUNDS}
        for name, (lowest, highest) in _BOUNDS.items():
            if not lowest <= parts[name] <= highest:
                raise ImpossibleDateError(f"{name} {parts[name]} outside {lowest}-{highest}")
        return cls(year=year, **parts)

    def __bytes__(self) -> bytes:
        """Return the seven bytes of the characteristic."""
        clock = (self.month, self.day, self.hour, self.minute, self.second)
        return self.year.to_bytes(2, "little") + bytes(clock)

    @classmethod
    def of(cls, local: datetime) -> "DateTime":
        """Return the Date Time of a wall-clock time, sub-seconds cut off."""
        return cls(
            year=local.year,
            month=local.month,
            day=local.day,
            hour=local.hour,
            minute=local.minute,
            second=local.second,
        )

    def instant(self, zone: tzinfo) -> datetime | None:
        """Return the UTC instant read on a wall in `zone`, or None when there is no such day."""
        try:
            return datetime(
                self.year,
                self.month,
                self.day,
                self.hour,
                self.minute,
                self.second,
                tzinfo=zone,
            ).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
