"""The refusal of bytes that cannot be what they claim to be."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """Why a message was refused; `reason` is printable ASCII and holds no health value."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedFrame(Malformed):
    """Why the bytes of a device were refused, and the bytes, which are never printed by chance."""

    frame: bytes = field(repr=False)
