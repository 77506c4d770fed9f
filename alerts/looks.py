"""Words of looks at the model in use, as they are read and kept. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class NewestLook:
    """When somebody last looked, at which version, and what came of it."""

    at: datetime
    version: str
    verdict: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """What a model said of a patient at an instant; `risk` from 0 to 1."""

    patient_key: int
    asked_at: datetime
    risk: float
    band: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One measured value, in the vital's unit."""

    patient_key: int
    vital: int
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class EndRow:
    """How many alerts had an outcome, of those before which the model had said a band."""

    band: str
    outcome: str | None
    alerts: int


@dataclass(frozen=True, slots=True)
class CardRow:
    """The model in use and its card."""

    version: str
    card: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """One look: what it looked at, what it came to, what it found."""

    at: datetime
    version: str
    lines_from: datetime
    lines_until: datetime
    lines: int
    patients: int
    verdict: str
    findings: Mapping[str, Any]
    reason: str
