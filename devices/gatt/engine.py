"""Reading and writing a characteristic from its table, without loss in either direction.

A frame whose length does not match its flags is refused whole. Bits reserved for future use are
ignored, as the Bluetooth Core specification asks, but carried in the record, so that what was
read is written again byte by byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Final

from devices.gatt.cursor import Cursor, RefusedError
from devices.gatt.kinds import Kind, Value
from devices.malformed import MalformedFrame

LONGEST: Final = 512
"""Bytes of the longest attribute value (Bluetooth Core, ATT)."""


@dataclass(frozen=True, slots=True)
class Told:
    """A bit of the flags that says something by itself, `off` or `on`."""

    name: str
    bit: int
    off: bool | str = False
    on: bool | str = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """The word at the head of a frame; its other bits announce fields, or are reserved.

    With `names` the word is a value of its own (a list of what is supported), all bits of it.
    """

    octets: int = 1
    told: tuple[Told, ...] = ()
    name: str = "reserved_flags"
    names: type[IntFlag] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A field is there only when one before it has one of these values."""

    name: str
    among: frozenset[int]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `flag` is the bit that announces it; `many`: as often as the frame is long."""

    name: str
    kind: Kind
    flag: int | None = None
    when: tuple[When, ...] = ()
    many: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A characteristic: its 16-bit UUID, its name and its fields in their order."""

    code: int
    name: str
    fields: tuple[Field, ...] = ()
    flags: Flags | None = None
    known_bits: int = field(init=False, default=0)
    names: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        """Sum up what every frame asks: which bits have a meaning, which names there are."""
        bits = {one.flag for one in self.fields if one.flag is not None}
        bits |= {told.bit for told in self.flags.told} if self.flags else set()
        object.__setattr__(self, "known_bits", sum(1 << bit for bit in bits))
        names = {one.name for one in self.fields} | _names_of(self.flags)
        object.__setattr__(self, "names", frozenset(names))

    @property
    def uuid(self) -> str:
        """The UUID as Bluetooth libraries write it."""
        return f"0000{self.code:04x}-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True)
class Record:
    """What a frame of characteristic `code` says, a value for each field that was in it."""

    code: int
    values: Mapping[str, Value]


def decode(table: Table, frame: bytes) -> Record | MalformedFrame:
    """Read one frame, or say why it cannot be one."""
    if len(frame) > LONGEST:
        return MalformedFrame(reason=f"longer than {LONGEST} bytes", frame=frame)
    cursor = Cursor(frame)
    try:
        values = _taken(table, cursor)
    except RefusedError as refusal:
        return MalformedFrame(reason=str(refusal), frame=frame)
    if cursor.left:
        return MalformedFrame(reason=f"{cursor.left} bytes after the last field", frame=frame)
    return Record(table.code, values)


def encode(table: Table, values: Mapping[str, Value]) -> bytes:
    """Write the frame a device would send; ValueError when there is none (never an input)."""
    if strange := values.keys() - table.names:
        raise ValueError(f"{table.name} has no {', '.join(sorted(strange))}")
    word, parts = 0, []
    if table.flags is not None:
        word = _word(table, table.flags, values)
        parts.append(word.to_bytes(table.flags.octets, "little"))
    for part in table.fields:
        if _is_there(part, word, values) != (part.name in values):
            raise ValueError(f"{part.name} does not go with the rest")
        if part.name in values:
            parts.append(_put(part, values[part.name], word))
    frame = b"".join(parts)
    if len(frame) > LONGEST:
        raise ValueError(f"longer than {LONGEST} bytes")
    return frame


def _taken(table: Table, cursor: Cursor) -> dict[str, Value]:
    values: dict[str, Value] = {}
    word = 0
    if table.flags is not None:
        word = cursor.unsigned(table.flags.octets, "flags")
        values |= _said(table, table.flags, word)
    for part in table.fields:
        if _is_there(part, word, values):
            values[part.name] = _take(part, cursor, word)
    return values


def _take(part: Field, cursor: Cursor, word: int) -> Value:
    first = part.kind.take(cursor, part.name, word)
    if not part.many:
        return first
    several = [first]
    while cursor.left:
        several.append(part.kind.take(cursor, part.name, word))
    return tuple(one for one in several if not isinstance(one, tuple))


def _put(part: Field, value: Value, word: int) -> bytes:
    if not part.many:
        return part.kind.put(value, word)
    if not isinstance(value, tuple) or not value:
        raise ValueError(f"{part.name}: at least one is wanted")
    return b"".join(part.kind.put(one, word) for one in value)


def _is_there(part: Field, word: int, values: Mapping[str, Value]) -> bool:
    if part.flag is not None and not word >> part.flag & 1:
        return False
    return not part.when or all(values.get(when.name) in when.among for when in part.when)


def _said(table: Table, flags: Flags, word: int) -> dict[str, Value]:
    """Return what the flags say by themselves, and the bits nobody gave a meaning yet."""
    said: dict[str, Value] = {
        told.name: told.on if word >> told.bit & 1 else told.off for told in flags.told
    }
    if flags.names is not None:
        said[flags.name] = flags.names(word)
    elif reserved := word & ~table.known_bits:
        said[flags.name] = reserved
    return said


def _word(table: Table, flags: Flags, values: Mapping[str, Value]) -> int:
    given = values.get(flags.name, 0)
    if not isinstance(given, int) or not 0 <= given < 1 << 8 * flags.octets:
        raise ValueError(f"{flags.name}: {flags.octets} bytes of flags are wanted")
    word = given & ~table.known_bits
    for told in flags.told:
        value = values.get(told.name, told.off)
        if value not in (told.off, told.on):
            raise ValueError(f"{told.name} is {told.off} or {told.on}")
        word |= (value == told.on) << told.bit
    for part in table.fields:
        if part.flag is not None and part.name in values:
            word |= 1 << part.flag
    return word


def _names_of(flags: Flags | None) -> set[str]:
    return set() if flags is None else {flags.name, *(told.name for told in flags.told)}
