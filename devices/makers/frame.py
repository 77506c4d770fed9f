"""Reading and writing a maker's frame from its description, without loss in either direction.

A frame has a fixed length, bits that are always the same (`marks`), perhaps a checksum in its last
byte, and numbers pieced together from bits. Bits nobody has explained yet are carried along in
`rest`, so that what was read is written again byte by byte.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from core.vitals import Quality
from devices.malformed import MalformedFrame

Raw: TypeAlias = int | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Bits of one byte; `mask` is one run of ones."""

    byte: int
    mask: int

    @property
    def shift(self) -> int:
        """How far the run stands above the lowest bit."""
        return (self.mask & -self.mask).bit_length() - 1

    @property
    def width(self) -> int:
        """How many bits it has."""
        return self.mask.bit_count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A number of `pieces`, the most significant first, or `many` bytes of samples.

    `none` are the values that say « no value » by the maker's word, `unmeasured` those that say
    it in practice; `against` is what a number that is not 0 holds against the measurement.
    """

    name: str
    pieces: tuple[Piece, ...]
    many: bool = False
    none: frozenset[int] = frozenset()
    unmeasured: frozenset[int] = frozenset()
    against: Quality = field(default=Quality(0))
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """One kind of frame. `stored`: it comes from the memory of the device, without its time."""

    id: str
    name: str
    length: int
    marks: tuple[tuple[Piece, int], ...]
    parts: tuple[Part, ...]
    source: str
    verified: bool
    checksum: str = ""
    stored: bool = False
    period_ms: int = 0


@dataclass(frozen=True, slots=True)
class MakerRecord:
    """The numbers of one frame as they were sent, and the bits without a meaning."""

    protocol: Protocol
    raw: Mapping[str, Raw]
    rest: bytes

    def value(self, name: str) -> Raw | None:
        """Return a number, or None when the device says that it has none."""
        raw = self.raw[name]
        return None if raw in self._part(name).none else raw

    def measured(self, name: str) -> int | None:
        """Return a number that was measured; None also for what only fills the place of one."""
        raw = self.raw[name]
        part = self._part(name)
        return None if raw in part.none | part.unmeasured or isinstance(raw, tuple) else raw

    @property
    def quality(self) -> Quality:
        """What the device holds against its own measurement."""
        quality = Quality(0)
        for part in self.protocol.parts:
            if self.raw[part.name]:
                quality |= part.against
        return quality

    def _part(self, name: str) -> Part:
        return next(part for part in self.protocol.parts if part.name == name)


def decode_frame(protocol: Protocol, frame: bytes) -> MakerRecord | MalformedFrame:
    """Read one frame, or say why it cannot be one."""
    reason = _refusal(protocol, frame)
    if reason is not None:
        return MalformedFrame(reason=reason, frame=frame)
    raw = {part.name: _read(part, frame) for part in protocol.parts}
    known = _known(protocol)
    rest = bytes(byte & ~mask for byte, mask in zip(frame, known, strict=True))
    return MakerRecord(protocol, raw, rest)


def encode_frame(record: MakerRecord) -> bytes:
    """Write the frame a device would send; ValueError when there is none (never an input)."""
    protocol = record.protocol
    if len(record.rest) != protocol.length:
        raise ValueError(f"{protocol.length} bytes are wanted")
    known = _known(protocol)
    frame = bytearray(byte & ~mask for byte, mask in zip(record.rest, known, strict=True))
    for piece, value in protocol.marks:
        frame[piece.byte] |= value
    for part in protocol.parts:
        _write(part, record.raw[part.name], frame)
    if protocol.checksum:
        frame[-1] = CHECKSUMS[protocol.checksum](frame[:-1])
    return bytes(frame)


def frames_in(
    protocols: Sequence[Protocol], stream: bytes
) -> Iterator[tuple[MakerRecord | MalformedFrame, int]]:
    """Yield what a stream of bytes holds, each with the place after it.

    Bytes that begin no frame are refused together, once the next frame shows where they end;
    what may still grow into a frame is not yielded: keep it and add to it.
    """
    place, lost = 0, 0
    shortest = min(protocol.length for protocol in protocols)
    while len(stream) - place >= shortest:
        found = _frame_at(protocols, stream, place)
        if found is None:
            place += 1
            continue
        if lost < place:
            yield MalformedFrame(reason="no frame begins here", frame=stream[lost:place]), place
        place += found.protocol.length
        lost = place
        yield found, place


def crc8_maxim(octets: Sequence[int]) -> int:
    """Return the CRC-8/MAXIM: polynomial 0x31 reflected, initial 0, no final inversion."""
    crc = 0
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (0x8C if crc & 1 else 0)
    return crc


def sum_of_seven_bits(octets: Sequence[int]) -> int:
    """Return the sum of all bytes, its lowest seven bits."""
    return sum(octets) & 0x7F


CHECKSUMS: Final[Mapping[str, Callable[[Sequence[int]], int]]] = {
    "crc8-maxim": crc8_maxim,
    "sum7": sum_of_seven_bits,
}


def _frame_at(protocols: Sequence[Protocol], stream: bytes, place: int) -> MakerRecord | None:
    for protocol in protocols:
        decoded = decode_frame(protocol, stream[place : place + protocol.length])
        if isinstance(decoded, MakerRecord):
            return decoded
    return None


def _refusal(protocol: Protocol, frame: bytes) -> str | None:
    if len(frame) != protocol.length:
        return f"{protocol.length} bytes wanted, {len(frame)} there"
    for piece, value in protocol.marks:
        if frame[piece.byte] & piece.mask != value:
            return f"byte {piece.byte + 1}: not the mark of this frame"
    if protocol.checksum and CHECKSUMS[protocol.checksum](frame[:-1]) != frame[-1]:
        return "checksum does not match"
    return None


def _read(part: Part, frame: bytes) -> Raw:
    values = [(frame[piece.byte] & piece.mask) >> piece.shift for piece in part.pieces]
    if part.many:
        return tuple(values)
    number = 0
    for piece, value in zip(part.pieces, values, strict=True):
        number = number << piece.width | value
    return number


def _write(part: Part, raw: Raw, frame: bytearray) -> None:
    values = raw if isinstance(raw, tuple) else _split(part, raw)
    for piece, value in zip(part.pieces, values, strict=True):
        if not 0 <= value < 1 << piece.width:
            raise ValueError(f"{part.name} does not fit its bits")
        frame[piece.byte] |= value << piece.shift


def _split(part: Part, number: int) -> tuple[int, ...]:
    values = []
    for piece in reversed(part.pieces[1:]):
        values.append(number & ((1 << piece.width) - 1))
        number >>= piece.width
    return (number, *reversed(values))


def _known(protocol: Protocol) -> list[int]:
    masks = [0] * protocol.length
    for piece in (
        *(piece for piece, _ in protocol.marks),
        *(piece for part in protocol.parts for piece in part.pieces),
    ):
        masks[piece.byte] |= piece.mask
    if protocol.checksum:
        masks[-1] = 0xFF
    return masks
