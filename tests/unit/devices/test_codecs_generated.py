"""Every codec on generated frames: nothing is lost either way, nothing raises but a refusal."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.decode import explain
from devices.device_time import DateTime
from devices.gatt.characteristics import BY_CODE
from devices.gatt.engine import Field, Record, Table, decode, encode
from devices.gatt.kinds import Bits, Clock, Code, Either, Float, Kind, Nibbles, Text, Value, Whole
from devices.makers.frame import MakerRecord, Protocol, decode_frame, encode_frame
from devices.makers.library import protocols
from devices.malformed import MalformedFrame
from devices.medfloat import NotANumber
from devices.observing import Reception, observe, observe_maker

FUZZED = 10_000
HEARD = Reception(
    device="A", received_at=datetime(2026, 11, 22, tzinfo=UTC), zone=ZoneInfo("Europe/Paris")
)
clocks = st.builds(
    DateTime,
    st.just(0) | st.integers(1582, 9999),
    st.integers(0, 12),
    st.integers(0, 31),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
)


def whole_values(kind: Whole) -> st.SearchStrategy[Value]:
    bits = 8 * kind.octets
    lowest = kind.lowest if kind.lowest is not None else -(1 << bits - 1) if kind.signed else 0
    highest = kind.highest if kind.highest is not None else (1 << bits - kind.signed) - 1
    raws = st.integers(lowest, highest)
    return raws.map(
        lambda raw: (
            NotANumber.NAN if raw == kind.unknown else raw if kind.step is None else raw * kind.step
        )
    )


@cache
def values_of(kind: Kind, one: bool = False) -> st.SearchStrategy[Value]:
    match kind:
        case Whole():
            return whole_values(kind)
        case Bits():
            return st.integers(0, (1 << 8 * kind.octets) - 1)
        case Code():
            return st.integers(0, 0xFF)
        case Nibbles():
            return st.tuples(st.integers(0, 15), st.integers(0, 15))
        case Float():
            return st.integers(0, (1 << 8 * kind.format.octets) - 1).map(kind.format.decode)
        case Clock():
            return clocks
        case Text():
            return st.text(max_size=20)
        case Either():
            return values_of(kind.one if one else kind.zero)
        case _:
            return st.binary(max_size=20)


def announced(table: Table, field: Field, word: int, values: dict[str, Value]) -> bool:
    return (field.flag is None or bool(word >> field.flag & 1)) and all(
        values.get(when.name) in when.among for when in field.when
    )


@st.composite
def records(draw: st.DrawFn, table: Table) -> dict[str, Value]:
    """Values of every field that a drawn word of flags announces."""
    values: dict[str, Value] = {}
    word = 0
    if table.flags is not None:
        word = draw(st.integers(0, (1 << 8 * table.flags.octets) - 1))
        values = {t.name: t.on if word >> t.bit & 1 else t.off for t in table.flags.told}
        known = {f.flag for f in table.fields if f.flag is not None}
        known |= {told.bit for told in table.flags.told}
        reserved = word & ~sum(1 << bit for bit in known)
        if table.flags.names is not None:
            values[table.flags.name] = word
        elif reserved:
            values[table.flags.name] = reserved
    for field in table.fields:
        if announced(table, field, word, values):
            one = isinstance(field.kind, Either) and bool(word >> field.kind.bit & 1)
            drawn = values_of(field.kind, one)
            if field.many:
                drawn = st.lists(drawn, min_size=1, max_size=4).map(tuple)  # type: ignore[arg-type]
            values[field.name] = draw(drawn)
    return values


@given(st.data())
@settings(max_examples=100)
def test_what_is_written_is_read_again(data: st.DataObject) -> None:
    table = BY_CODE[data.draw(st.sampled_from(sorted(BY_CODE)))]
    values = data.draw(records(table))
    assert decode(table, encode(table, values)) == Record(table.code, values)


@given(st.data())
@settings(max_examples=50)
def test_what_a_maker_writes_is_read_again(data: st.DataObject) -> None:
    protocol = protocols()[data.draw(st.sampled_from(sorted(protocols())))]
    raw = {
        part.name: tuple(data.draw(st.integers(0, 255)) for _ in part.pieces)
        if part.many
        else data.draw(st.integers(0, (1 << sum(p.width for p in part.pieces)) - 1))
        for part in protocol.parts
    }
    record = MakerRecord(protocol, raw, bytes(protocol.length))
    assert decode_frame(protocol, encode_frame(record)) == record


def fuzzed(chance: random.Random, seeds: list[bytes]) -> Iterator[bytes]:
    """Yield frames of noise, and frames a device could send with two bytes changed, or cut."""
    noise = chance.randbytes(4 * FUZZED)
    for turn in range(FUZZED):
        kind, first, second, length = noise[4 * turn : 4 * turn + 4]
        if kind % 3 == 0:
            yield noise[turn : turn + length % 24]
            continue
        frame = bytearray(seeds[turn % len(seeds)])
        if kind % 3 == 1 and frame:
            frame[first % len(frame)] = second
            frame[second % len(frame)] = length
        yield bytes(frame[: len(frame) - (kind % 5 == 0)])


def seeds_of(table: Table, chance: random.Random) -> list[bytes]:
    """Frames of noise that this table takes, found by trying: small bytes make dates."""
    found: list[bytes] = []
    while len(found) < 40:
        frame = bytes(chance.choices(range(13), k=1 + chance.randrange(20)))
        if isinstance(decode(table, frame), Record):
            found.append(frame)
    return found


@pytest.mark.parametrize("code", sorted(BY_CODE), ids=lambda code: f"{code:04X}")
def test_ten_thousand_frames_raise_nothing_but_a_refusal(code: int) -> None:
    table, chance, taken = BY_CODE[code], random.Random(code), 0
    for turn, frame in enumerate(fuzzed(chance, seeds_of(table, chance))):
        said = decode(table, frame)
        if isinstance(said, MalformedFrame):
            assert said.frame == frame
            assert said.reason.isascii()
            continue
        taken += 1
        if turn % 4 == 0:
            assert encode(table, said.values) == frame
        if turn % 100 == 0:
            observe(said, HEARD)
            explain(table, frame.hex(), HEARD)
    assert taken > 50


def maker_seed(protocol: Protocol) -> bytes:
    raw = {part.name: (0,) * len(part.pieces) if part.many else 0 for part in protocol.parts}
    return encode_frame(MakerRecord(protocol, raw, bytes(protocol.length)))


@pytest.mark.parametrize("name", sorted(protocols()))
def test_ten_thousand_frames_of_a_maker_raise_nothing_but_a_refusal(name: str) -> None:
    protocol, chance, taken = protocols()[name], random.Random(name), 0
    for turn, frame in enumerate(fuzzed(chance, [maker_seed(protocol)])):
        said = decode_frame(protocol, frame)
        if isinstance(said, MalformedFrame):
            assert said.frame == frame
            assert said.reason.isascii()
            continue
        taken += 1
        if turn % 4 == 0:
            assert encode_frame(said) == frame
        if turn % 100 == 0:
            observe_maker(said, HEARD)
            explain(protocol, frame.hex(), HEARD)
    assert taken > 50
