"""How a patient's own values went, in plain words: no colour of danger, no score. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from statistics import fmean
from typing import Final

from core.vitals import Vital

WEEK: Final = timedelta(days=7)
VITAL_LABELS: Final[dict[Vital, str]] = {
    Vital.SPO2: "SpO2 (saturation)",
    Vital.PULSE: "Pulse",
    Vital.RESPIRATORY_RATE: "Breaths a minute",
    Vital.TEMPERATURE: "Temperature",
    Vital.SYSTOLIC: "Blood pressure, upper value",
    Vital.DIASTOLIC: "Blood pressure, lower value",
    Vital.WEIGHT: "Weight",
}
"""English msgid of each vital as patients say it."""
WORTH_SAYING: Final[dict[Vital, float]] = {
    Vital.SPO2: 2,
    Vital.PULSE: 10,
    Vital.RESPIRATORY_RATE: 3,
    Vital.TEMPERATURE: 0.5,
    Vital.SYSTOLIC: 10,
    Vital.DIASTOLIC: 5,
    Vital.WEIGHT: 1,
}
"""By how much the mean of a week differs before it is said, in the vital's unit (proposed)."""


class Way(StrEnum):
    """How the last seven days compare with the seven before."""

    SAME = "same"
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayValues:
    """What was measured of one vital on one day, in its unit."""

    vital: int
    day: date
    low: float
    high: float
    times: int
    last: float
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The lowest and highest value of some days."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One vital: its last value, the last seven days, the seven before; `way` None: not known."""

    vital: Vital
    last: float
    last_at: datetime
    week: Stretch | None
    before: Stretch | None
    way: Way | None
    days: tuple[DayValues, ...]


def trends(rows: Iterable[DayValues], today: date) -> list[Trend]:
    """Return what can be said of each vital, in the order of the rows."""
    return [
        _trend(Vital(vital), list(days), today)
        for vital, days in groupby(rows, key=lambda row: row.vital)
    ]


def _trend(vital: Vital, days: Sequence[DayValues], today: date) -> Trend:
    week = [one for one in days if today - WEEK < one.day <= today]
    before = [one for one in days if today - 2 * WEEK < one.day <= today - WEEK]
    last = max(days, key=lambda one: one.last_at)
    return Trend(
        vital=vital,
        last=last.last,
        last_at=last.last_at,
        week=_stretch(week),
        before=_stretch(before),
        way=_way(vital, week, before),
        days=tuple(reversed(days)),
    )


def _stretch(days: Sequence[DayValues]) -> Stretch | None:
    if not days:
        return None
    return Stretch(low=min(one.low for one in days), high=max(one.high for one in days))


def _way(vital: Vital, week: Sequence[DayValues], before: Sequence[DayValues]) -> Way | None:
    if not week or not before:
        return None
    change = _middle(week) - _middle(before)
    if abs(change) < WORTH_SAYING[vital]:
        return Way.SAME
    return Way.HIGHER if change > 0 else Way.LOWER


def _middle(days: Sequence[DayValues]) -> float:
    return fmean((one.low + one.high) / 2 for one in days)
