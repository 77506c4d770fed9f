"""Who lends a device, whose readings it gives, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A device was a patient's from `starts_at` until before `ends_at`; None: no end in sight.

    Without a patient it says only that the device is known; `organisation` lends it, and only
    gateways of that organisation speak for it.
    """

    device: str
    organisation: UUID
    patient_key: int | None
    starts_at: datetime | None
    ends_at: datetime | None

    def covers(self, at: datetime) -> bool:
        """Say whether the device was in this patient's hands at `at`."""
        if self.patient_key is None or self.starts_at is None or at < self.starts_at:
            return False
        return self.ends_at is None or at < self.ends_at


def patient_at(assignments: Sequence[Assignment], at: datetime) -> int | None:
    """Return the key of the patient who had the device at `at`."""
    return next((a.patient_key for a in assignments if a.covers(at)), None)
