"""What is said of a risk: the band, the reasons, and what would calm it. Pure.

Apart from the model that finds it, so that pages say it without the libraries that compute it.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.vitals import Vital


class RiskBand(StrEnum):
    """From which share of the events on, on patients the model was not grown on."""

    LOW = "low"
    RAISED = "raised"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A vital, its newest value in its unit, and by how many log-odds it moves the risk.

    `worst` of the last two days where the newest value is calm and that one was not, else None.
    """

    vital: Vital
    value: float
    worst: float | None
    moved: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """The risk would be low if this vital's readings had stayed within these bounds.

    `value` is its newest one; None in lines kept before it was noted.
    """

    vital: Vital
    lowest: float
    highest: float
    risk: float
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """The risk of the first target (0 to 1), its band, and its argument; the model's version."""

    version: str
    risk: float
    band: RiskBand
    reasons: tuple[Reason, ...]
    instead: Instead | None
    missing: tuple[Vital, ...]
