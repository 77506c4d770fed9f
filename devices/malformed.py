"""The refusal of bytes that cannot be what they claim to be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """Why a message was refused; `reason` is printable ASCII and holds no health value."""

    reason: str
