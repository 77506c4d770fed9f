"""What is judged: a measured value or an answer, with its event time and its quality."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from core.vitals import Quality, Vital

GOOD: Final = Quality(0)
"""Nothing is known against the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value, in the vital's UCUM unit (`core.vitals.VITALS`).

    A sampled stretch gives one `Reading` a sample, all with the id of the stretch: the pair
    (reading_id, measured_at) names a point. Times carry a zone.
    """

    reading_id: int
    vital: Vital
    value: float
    measured_at: datetime
    quality: Quality = GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answered question: the item's code and the answer's code, never its wording."""

    answer_id: UUID
    item: str
    code: str
    answered_at: datetime


UNUSABLE: Final = Quality.INVALID | Quality.IMPLAUSIBLE | Quality.DEMONSTRATION
"""The number is not a measurement of this patient: it never counts, and is named as doubtful."""

TO_VERIFY: Final = Quality.QUESTIONABLE | Quality.EARLY_ESTIMATE | Quality.TIME_FAULT
"""The device, or its clock, doubts: an abnormal value asks for a check (orange, to verify), a
normal one reassures nobody. LOW_PERFUSION is in neither set: poor perfusion is also a sign of a
patient who gets worse, so the value counts in full and the flag is shown with it (proposed)."""
