"""What could not be used: kept as it came, with a reason, until a person has looked at it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from devices.envelope import MAX_ENVELOPE_BYTES


class Reason(StrEnum):
    """Why something stands in quarantine."""

    MALFORMED_MESSAGE = "malformed_message"
    MALFORMED_ITEM = "malformed_item"
    RETAINED = "retained"
    UNKNOWN_GATEWAY = "unknown_gateway"
    UNKNOWN_DEVICE = "unknown_device"
    FOREIGN_DEVICE = "foreign_device"
    NOT_ASSIGNED = "not_assigned"
    TWO_PATIENTS = "two_patients"
    IN_THE_FUTURE = "in_the_future"
    TOO_OLD = "too_old"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A payload or an item that could not be used; `detail` is for people, without any value."""

    source: str
    reason: Reason
    payload: bytes
    detail: str = ""
    epoch: str | None = None
    item_number: int | None = None
    device: str | None = None
    patient_key: int | None = None
    measured_at: datetime | None = None

    @property
    def kept(self) -> bytes:
        """The payload as far as it is kept; whatever was cut could not have been an envelope."""
        return self.payload[:MAX_ENVELOPE_BYTES]

    @property
    def printable_detail(self) -> str:
        """`detail` as the database can hold it."""
        return "".join(letter if letter.isprintable() else "?" for letter in self.detail)

    @property
    def digest(self) -> bytes:
        """SHA-256 of what it is, by which a second arrival of the same is told."""
        name = f"{self.epoch}/{self.item_number}/".encode()
        return hashlib.sha256(name + self.payload).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineEntry:
    """An item in quarantine as a person sees it in a list."""

    id: UUID
    received_at: datetime
    source: str
    reason: str
    detail: str
    device: str | None
    measured_at: datetime | None
