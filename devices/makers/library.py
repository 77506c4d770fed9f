"""The frames of makers Chevet knows, read from `frames.toml` and checked."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from core.vitals import Quality
from devices.makers.frame import CHECKSUMS, Part, Piece, Protocol


class PartEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A number, as the file describes it."""

    name: str
    bits: tuple[tuple[int, int], ...] = ()
    samples: tuple[int, int] | None = None
    none: frozenset[int] = frozenset()
    unmeasured: frozenset[int] = frozenset()
    against: tuple[str, ...] = ()
    unit: str = ""

    def part(self) -> Part:
        """Return it as the engine takes it; ValueError if it is not one."""
        first, count = self.samples or (0, 0)
        pieces = [Piece(byte, mask) for byte, mask in self.bits]
        pieces += [Piece(first + place, 0xFF) for place in range(count)]
        if not pieces or not all(_is_run(piece.mask) for piece in pieces):
            raise ValueError(f"{self.name}: every mask is one run of ones in a byte")
        against = Quality(0)
        for name in self.against:
            against |= Quality[name.upper()]
        return Part(
            name=self.name,
            pieces=tuple(pieces),
            many=self.samples is not None,
            none=self.none,
            unmeasured=self.unmeasured,
            against=against,
            unit=self.unit,
        )


class ProtocolEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of frame, as the file describes it."""

    id: str
    name: str
    length: int
    marks: tuple[tuple[int, int, int], ...]
    part: tuple[PartEntry, ...]
    source: str
    verified: bool
    checksum: str = ""
    stored: bool = False
    period_ms: int = 0

    def protocol(self) -> Protocol:
        """Return it as the engine takes it; ValueError if a bit has two meanings."""
        parts = tuple(entry.part() for entry in self.part)
        marks = tuple((Piece(byte, mask), value) for byte, mask, value in self.marks)
        last = self.length - bool(self.checksum)
        taken: set[tuple[int, int]] = set()
        for piece in (*(p for p, _ in marks), *(p for part in parts for p in part.pieces)):
            bits = {(piece.byte, bit) for bit in range(8) if piece.mask >> bit & 1}
            if bits & taken or not 0 <= piece.byte < last:
                raise ValueError(f"{self.id}: byte {piece.byte} is outside, or has two meanings")
            taken |= bits
        if self.checksum and self.checksum not in CHECKSUMS:
            raise ValueError(f"{self.id}: no checksum {self.checksum}")
        return Protocol(
            id=self.id,
            name=self.name,
            length=self.length,
            marks=marks,
            parts=parts,
            source=self.source,
            verified=self.verified,
            checksum=self.checksum,
            stored=self.stored,
            period_ms=self.period_ms,
        )


class ProtocolsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    protocol: tuple[ProtocolEntry, ...]


def parse_protocols(text: bytes) -> dict[str, Protocol]:
    """Return the protocols of a file by their id; ValueError for one that cannot be."""
    entries = msgspec.toml.decode(text, type=ProtocolsFile).protocol
    protocols = {entry.id: entry.protocol() for entry in entries}
    if len(protocols) < len(entries):
        raise ValueError("an id stands twice")
    return protocols


@cache
def protocols() -> dict[str, Protocol]:
    """Return the protocols that are shipped."""
    return parse_protocols((files("devices.makers") / "frames.toml").read_bytes())


def _is_run(mask: int) -> bool:
    lowest = mask & -mask
    return 0 < mask <= 0xFF and (mask + lowest) & mask == 0
