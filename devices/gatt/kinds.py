"""The kinds of fields a characteristic is made of; each reads and writes its bytes.

`flags` is the word of flags of the same frame: the kind of some fields follows one of its bits.
Reading raises RefusedError for what cannot be, writing ValueError for what cannot be written.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, IntFlag
from typing import Protocol, TypeAlias

from devices.device_time import DateTime
from devices.gatt.cursor import Cursor, RefusedError
from devices.medfloat import Format, Medfloat, NotANumber, Number

Scalar: TypeAlias = int | str | bytes | Decimal | Number | NotANumber | DateTime
Value: TypeAlias = Scalar | tuple[Scalar, ...]


class Kind(Protocol):
    """How one field is read and written."""

    def take(self, cursor: Cursor, name: str, flags: int) -> Scalar | tuple[int, int]:
        """Read the field called `name`."""

    def put(self, value: object, flags: int) -> bytes:
        """Write it."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, or a multiple of `step`; the word `unknown` says that there is none."""

    octets: int
    signed: bool = False
    step: Decimal | None = None
    unknown: int | None = None
    lowest: int | None = None
    highest: int | None = None

    def take(self, cursor: Cursor, name: str, flags: int) -> int | Decimal | NotANumber:
        """Read it; the bounds are those the specification sets."""
        raw = int.from_bytes(cursor.octets(self.octets, name), "little", signed=self.signed)
        if raw == self.unknown:
            return NotANumber.NAN
        if not self._within(raw):
            raise RefusedError(f"{name}: outside {self.lowest} to {self.highest}")
        return raw if self.step is None else raw * self.step

    def put(self, value: object, flags: int) -> bytes:
        """Write it; a value between two steps cannot be written."""
        raw = self.unknown if value is NotANumber.NAN else self._raw(value)
        if raw is None or (raw != self.unknown and not self._within(raw)):
            raise ValueError("the value is not one this field can hold")
        return _bytes(raw, self.octets, signed=self.signed)

    def _raw(self, value: object) -> int | None:
        if not isinstance(value, int | Decimal):
            return None
        steps = value if self.step is None else Decimal(value) / self.step
        raw = int(steps)
        return raw if raw == steps and raw != self.unknown else None

    def _within(self, raw: int) -> bool:
        low = self.lowest is None or raw >= self.lowest
        return low and (self.highest is None or raw <= self.highest)


@dataclass(frozen=True, slots=True)
class Bits:
    """Flags with names; those without a name (reserved) are carried along."""

    octets: int
    names: type[IntFlag]

    def take(self, cursor: Cursor, name: str, flags: int) -> IntFlag:
        """Read them."""
        return self.names(cursor.unsigned(self.octets, name))

    def put(self, value: object, flags: int) -> bytes:
        """Write them."""
        return _bytes(_integer(value), self.octets)


@dataclass(frozen=True, slots=True)
class Code:
    """One of several meanings; a code without a name (reserved) stays a number."""

    names: type[IntEnum]

    def take(self, cursor: Cursor, name: str, flags: int) -> int:
        """Read it."""
        return named(self.names, cursor.unsigned(1, name))

    def put(self, value: object, flags: int) -> bytes:
        """Write it."""
        return _bytes(_integer(value), 1)


@dataclass(frozen=True, slots=True)
class Nibbles:
    """Two codes of four bits in one byte, the low one first."""

    low: type[IntEnum]
    high: type[IntEnum]

    def take(self, cursor: Cursor, name: str, flags: int) -> tuple[int, int]:
        """Read both."""
        byte = cursor.unsigned(1, name)
        return named(self.low, byte & 0xF), named(self.high, byte >> 4)

    def put(self, value: object, flags: int) -> bytes:
        """Write both."""
        if not isinstance(value, tuple) or not all(0 <= _integer(half) <= 0xF for half in value):
            raise ValueError("two codes of four bits are wanted")
        low, high = value
        return _bytes(low | high << 4, 1)


@dataclass(frozen=True, slots=True)
class Float:
    """An IEEE 11073 float."""

    format: Format

    def take(self, cursor: Cursor, name: str, flags: int) -> Medfloat:
        """Read it; every word means something."""
        return self.format.decode(cursor.unsigned(self.format.octets, name))

    def put(self, value: object, flags: int) -> bytes:
        """Write it."""
        if not isinstance(value, Number | NotANumber):
            raise ValueError(f"a {self.format.name} is wanted")
        return self.format.encode(value).to_bytes(self.format.octets, "little")


@dataclass(frozen=True, slots=True)
class Clock:
    """Date Time (0x2A08), seven bytes."""

    def take(self, cursor: Cursor, name: str, flags: int) -> DateTime:
        """Read it; a part out of its range is refused."""
        year = cursor.unsigned(2, "year")
        parts = [cursor.unsigned(1, part) for part in ("month", "day", "hour", "minute", "second")]
        try:
            return DateTime(year, *parts)
        except ValueError as impossible:
            raise RefusedError(str(impossible)) from None

    def put(self, value: object, flags: int) -> bytes:
        """Write it."""
        if not isinstance(value, DateTime):
            raise ValueError("a date and time is wanted")
        clock = (value.month, value.day, value.hour, value.minute, value.second)
        return value.year.to_bytes(2, "little") + bytes(clock)


@dataclass(frozen=True, slots=True)
class Text:
    """UTF-8 to the end of the frame."""

    def take(self, cursor: Cursor, name: str, flags: int) -> str:
        """Read it."""
        try:
            return cursor.octets(cursor.left, name).decode()
        except UnicodeDecodeError:
            raise RefusedError(f"{name}: not UTF-8") from None

    def put(self, value: object, flags: int) -> bytes:
        """Write it."""
        if not isinstance(value, str):
            raise ValueError("a text is wanted")
        return value.encode()


@dataclass(frozen=True, slots=True)
class Opaque:
    """Bytes to the end of the frame, kept as they are."""

    def take(self, cursor: Cursor, name: str, flags: int) -> bytes:
        """Read them."""
        return cursor.octets(cursor.left, name)

    def put(self, value: object, flags: int) -> bytes:
        """Write them."""
        if not isinstance(value, bytes):
            raise ValueError("bytes are wanted")
        return value


@dataclass(frozen=True, slots=True)
class Either:
    """One kind where a bit of the flags is 0, another where it is 1."""

    bit: int
    zero: Kind
    one: Kind

    def take(self, cursor: Cursor, name: str, flags: int) -> Scalar | tuple[int, int]:
        """Read it as the flags say."""
        return self._chosen(flags).take(cursor, name, flags)

    def put(self, value: object, flags: int) -> bytes:
        """Write it as the flags say."""
        return self._chosen(flags).put(value, flags)

    def _chosen(self, flags: int) -> Kind:
        return self.one if flags >> self.bit & 1 else self.zero


def named(names: type[IntEnum], code: int) -> int:
    """Return the member of `names` for `code`, or the code itself when it has no name."""
    try:
        return names(code)
    except ValueError:
        return code


def _integer(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError("a whole number is wanted")
    return value


def _bytes(value: int, octets: int, *, signed: bool = False) -> bytes:
    try:
        return value.to_bytes(octets, "little", signed=signed)
    except OverflowError:
        raise ValueError(f"{octets} bytes cannot hold the value") from None
