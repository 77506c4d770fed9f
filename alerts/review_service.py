"""The review: judging what nobody has judged yet, one patient and one transaction at a time."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What one pass did: patients reviewed, alerts raised or worsened, patients that failed."""

    patients: int
    alerts: int
    failed: int


def review(now: datetime) -> Reviewed:
    """Judge every patient with due rows, as many as one pass may hold; any number at once."""
    raise NotImplementedError
