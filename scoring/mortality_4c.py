"""The 4C mortality score of somebody in hospital with COVID-19, or a refusal.

Source of every point and band: Knight SR et al., Risk stratification of patients admitted to
hospital with covid-19 using the ISARIC WHO Clinical Characterisation Protocol, BMJ 2020;370:m3339
(table 2, PMC7116472). Its authors call it unsuitable outside hospital: it needs urea and
CRP. Shown, never alerting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf, nextafter
from typing import Final

from core.vitals import Vital
from scoring.item import round_as_shown
from scoring.plausible import outside
from scoring.refusal import Incomplete, Refused

Rows = tuple[tuple[float, int], ...]
"""Rows from low to high: (lowest value of the next row, points of what is below it)."""

AGE: Final[Rows] = ((50, 0), (60, 2), (70, 4), (80, 6), (inf, 7))
"""Points by years: under 50, 50 to 59, 60 to 69, 70 to 79, 80 and over. Source: Knight 2020."""
MALE_POINTS: Final = 1
"""Source: Knight 2020."""
COMORBIDITIES: Final[Rows] = ((1, 0), (2, 1), (inf, 2))
"""Points by number: none, one, two or more. Source: Knight 2020."""
RESPIRATORY_RATE: Final[Rows] = ((20, 0), (30, 1), (inf, 2))
"""Points by breaths a minute: under 20, 20 to 29, 30 or more. Source: Knight 2020."""
LOW_SPO2: Final = 92
"""% on room air. Source: Knight 2020."""
LOW_SPO2_POINTS: Final = 2
"""Below 92 % on room air. Source: Knight 2020."""
LOWEST_GLASGOW: Final = 3
"""Source: the Glasgow Coma Scale, 3 to 15."""
FULL_GLASGOW: Final = 15
"""Source: the Glasgow Coma Scale, 3 to 15."""
LOW_GLASGOW_POINTS: Final = 2
"""A Glasgow Coma Scale below 15. Source: Knight 2020."""
UREA: Final[Rows] = ((7, 0), (nextafter(14, inf), 1), (inf, 3))
"""Points by mmol/L: under 7, 7 to 14 (14 itself has 1 point), above 14. Source: Knight 2020."""
CRP: Final[Rows] = ((50, 0), (100, 1), (inf, 2))
"""Points by mg/L: under 50, 50 to 99, 100 or more. Source: Knight 2020."""
LOWEST_AGE: Final = 18
"""Years. Source: Knight 2020 studied adults."""
HIGHEST: Final = {"comorbidities": 30, "glasgow": 15, "urea": 200, "crp": 1000}
"""Above it a value is a typing error. Source: proposed, bounds of plausibility."""
_VITALS: Final = {"respiratory_rate": Vital.RESPIRATORY_RATE, "spo2": Vital.SPO2}


class Risk(StrEnum):
    """The bands of the paper, by death in hospital: about 1, 10, 31 and 62 in a hundred."""

    LOW = "low"
    INTERMEDIATE = "intermediate"
    HIGH = "high"
    VERY_HIGH = "very_high"


BANDS: Final = ((3, Risk.LOW), (8, Risk.INTERMEDIATE), (14, Risk.HIGH), (21, Risk.VERY_HIGH))
"""(highest total, band). Source: Knight 2020."""
DEATHS_PERCENT: Final = {
    Risk.LOW: 1,
    Risk.INTERMEDIATE: 10,
    Risk.HIGH: 31,
    Risk.VERY_HIGH: 62,
}
"""Deaths in hospital of a hundred, in the first wave in Britain. Source: Knight 2020."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mortality4cInput:
    """Years, sex at birth, number of comorbidities of the paper's list, /min, % on room air, GCS,
    mmol/L, mg/L; None: not known."""

    age: float | None
    male: bool | None
    comorbidities: int | None
    respiratory_rate: float | None
    spo2: float | None
    glasgow: int | None
    urea: float | None
    crp: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mortality4c:
    """A complete score, 0 to 21, its band, deaths of a hundred in it, points of each part."""

    total: int
    risk: Risk
    deaths_percent: int
    parts: Mapping[str, int]


FIELDS: Final = (
    "age",
    "male",
    "comorbidities",
    "respiratory_rate",
    "spo2",
    "glasgow",
    "urea",
    "crp",
)


def score_mortality_4c(given: Mortality4cInput) -> Mortality4c | Incomplete | Refused:
    """Return the score, or what is missing, or why it is refused."""
    reason = outside(given, _VITALS, lowest_age=LOWEST_AGE, name="4C") or _implausible(given)
    if reason is not None:
        return Refused(reason=reason)
    missing = tuple(name for name in FIELDS if getattr(given, name) is None)
    if missing:
        return Incomplete(missing=missing)
    parts = _parts(given)
    total = sum(parts.values())
    risk = next(risk for highest, risk in BANDS if total <= highest)
    return Mortality4c(total=total, risk=risk, deaths_percent=DEATHS_PERCENT[risk], parts=parts)


def _implausible(given: Mortality4cInput) -> str | None:
    for name, highest in HIGHEST.items():
        value = getattr(given, name)
        lowest = LOWEST_GLASGOW if name == "glasgow" else 0
        if value is not None and not lowest <= value <= highest:
            shown = value if isinstance(value, int) else f"{value:g}"  # no float holds any int
            return f"{name}: {shown} is outside {lowest} to {highest}"
    return None


def _parts(given: Mortality4cInput) -> dict[str, int]:
    rate = round_as_shown(Vital.RESPIRATORY_RATE, _known(given.respiratory_rate))
    spo2 = round_as_shown(Vital.SPO2, _known(given.spo2))
    return {
        "age": _points(AGE, _known(given.age)),
        "male": MALE_POINTS if given.male else 0,
        "comorbidities": _points(COMORBIDITIES, _known(given.comorbidities)),
        "respiratory_rate": _points(RESPIRATORY_RATE, rate),
        "spo2": LOW_SPO2_POINTS if spo2 < LOW_SPO2 else 0,
        "glasgow": LOW_GLASGOW_POINTS if _known(given.glasgow) < FULL_GLASGOW else 0,
        "urea": _points(UREA, _known(given.urea)),
        "crp": _points(CRP, _known(given.crp)),
    }


def _known(value: float | None) -> float:
    assert value is not None, "asked for points of what is missing"
    return value


def _points(rows: Rows, value: float) -> int:
    return next(points for below, points in rows if value < below)
