"""What is inside the envelope: members one after the other, each with a name. Streams both ways.

A frame is one letter, a length, and so many bytes: `M` begins a member and names it, `D` is data
of it, `E` ends it, `Z` ends all. No length of a member need be known before it is written.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from core.errors import BackupError

_HEAD = 5


@dataclass(frozen=True, slots=True)
class Begin:
    """A member begins."""

    name: str


@dataclass(frozen=True, slots=True)
class Data:
    """More of the member."""

    data: bytes


@dataclass(frozen=True, slots=True)
class End:
    """The member is whole."""


Part = Begin | Data | End


def write_member(put: Callable[[bytes], None], name: str, data: Iterable[bytes]) -> None:
    """Write one member."""
    put(_frame(b"M", name.encode()))
    for piece in data:
        put(_frame(b"D", piece))
    put(_frame(b"E", b""))


def write_end(put: Callable[[bytes], None]) -> None:
    """Write that nothing follows."""
    put(_frame(b"Z", b""))


def _frame(kind: bytes, data: bytes) -> bytes:
    return kind + len(data).to_bytes(4, "big") + data


def read_parts(chunks: Iterable[bytes]) -> Iterator[Part]:
    """Yield the parts of all members; BackupError when the stream ends before it says so."""
    source, held = iter(chunks), bytearray()

    def take(count: int) -> bytes:
        while len(held) < count:
            more = next(source, None)
            if more is None:
                raise BackupError("the backup ends in the middle")
            held.extend(more)
        taken = bytes(held[:count])
        del held[:count]
        return taken

    while True:
        head = take(_HEAD)
        kind, data = head[:1], take(int.from_bytes(head[1:], "big"))
        if kind == b"Z":
            break
        if kind == b"M":
            yield Begin(data.decode())
        elif kind == b"D":
            yield Data(data)
        elif kind == b"E":
            yield End()
        else:
            raise BackupError("a frame of the backup is of no known kind")
    if held or any(source):
        raise BackupError("the backup goes on after its end")
