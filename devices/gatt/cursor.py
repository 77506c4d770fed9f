"""Reading little-endian fields one after the other, never past the end."""

from dataclasses import dataclass, field


class TruncatedError(Exception):
    """The frame ended inside a field; stays inside `devices.gatt`."""


@dataclass(slots=True)
class Cursor:
    """A place in a frame that moves forward as fields are taken."""

    frame: bytes
    offset: int = field(default=0)

    def unsigned(self, octets: int, name: str) -> int:
        """Take an unsigned field of `octets` bytes; `name` is told when the frame is too short."""
        end = self.offset + octets
        if end > len(self.frame):
            raise TruncatedError(
                f"{name}: {octets} bytes wanted, {len(self.frame) - self.offset} left"
            )
        taken = self.frame[self.offset : end]
        self.offset = end
        return int.from_bytes(taken, "little")

    @property
    def left(self) -> int:
        """Bytes not yet taken."""
        return len(self.frame) - self.offset
