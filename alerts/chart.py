"""Chart of the vital signs of a patient, as values. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.vitals import Quality, Vital

PointSource = Literal["spot", "minute", "sample"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """One point of a chart; `low` and `high` differ from `value` only for a minute's median."""

    at: datetime
    value: float
    low: float
    high: float
    source: PointSource
    quality: Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The points of one vital in order of time; `unit` is UCUM."""

    vital: Vital
    unit: str
    points: tuple[ChartPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """SpO2 and pulse between two instants; `raw` says that samples are shown, not medians."""

    start: datetime
    end: datetime
    raw: bool
    spo2: Series
    pulse: Series
