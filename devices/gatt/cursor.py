"""Reading fields one after the other, never past the end."""

from dataclasses import dataclass, field


class RefusedError(Exception):
    """The frame cannot be what it claims to be; stays inside the codecs."""


@dataclass(slots=True)
class Cursor:
    """A place in a frame that moves forward as fields are taken."""

    frame: bytes
    offset: int = field(default=0)

    def octets(self, count: int, name: str) -> bytes:
        """Take `count` bytes; `name` is told when the frame is too short."""
        if count > self.left:
            raise RefusedError(f"{name}: {count} bytes wanted, {self.left} left")
        taken = self.frame[self.offset : self.offset + count]
        self.offset += count
        return taken

    def unsigned(self, octets: int, name: str) -> int:
        """Take an unsigned little-endian field."""
        return int.from_bytes(self.octets(octets, name), "little")

    @property
    def left(self) -> int:
        """Bytes not yet taken."""
        return len(self.frame) - self.offset
