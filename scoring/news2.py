"""NEWS2, the National Early Warning Score 2, exactly as its chart gives it, or a refusal.

Source of every band and of the trigger levels: Royal College of Physicians. National Early
Warning Score (NEWS) 2: Standardising the assessment of acute-illness severity in the NHS.
London: RCP, 2017 (chart 1, the scoring system; chart 2, thresholds and triggers).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from math import inf
from typing import Final

from core.vitals import Vital
from scoring.item import round_as_shown
from scoring.plausible import outside
from scoring.refusal import Incomplete, Refused


class Consciousness(StrEnum):
    """ACVPU: alert, new confusion, responds to voice, responds to pain, unresponsive."""

    ALERT = "A"
    CONFUSION = "C"
    VOICE = "V"
    PAIN = "P"
    UNRESPONSIVE = "U"


class Band(StrEnum):
    """The clinical risk of the chart's thresholds."""

    LOW = "low"
    LOW_MEDIUM = "low-medium"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class News2Input:
    """Everything the score may know; None is « not known », and no field has a default meaning.

    Units: /min, %, mmHg, degrees Celsius, years. `spo2_scale` is required like the others: scale
    2 is a clinician's decision, and to guess 1 for someone who needs 2 (or the reverse) moves the
    total by 3. `age` and `pregnant` only refuse; not known, they refuse nothing.
    """

    respiratory_rate: float | None
    spo2: float | None
    supplemental_oxygen: bool | None
    systolic: float | None
    pulse: float | None
    consciousness: Consciousness | None
    temperature: float | None
    spo2_scale: int | None
    age: float | None = None
    pregnant: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News2:
    """A complete score: `total` 0 to 20, its band, and the points of each of the seven parts."""

    total: int
    band: Band
    parts: Mapping[str, int]


LOWEST_AGE: Final = 16
"""Years. Source: RCP 2017, NEWS2 is not for children (under 16) nor in pregnancy."""

SCALES: Final = (1, 2)
"""Source: RCP 2017, chart 1: SpO2 scale 1, and scale 2 for a prescribed target of 88 to 92 %."""

NUMBERS: Final[dict[str, Vital]] = {
    "respiratory_rate": Vital.RESPIRATORY_RATE,
    "spo2": Vital.SPO2,
    "systolic": Vital.SYSTOLIC,
    "pulse": Vital.PULSE,
    "temperature": Vital.TEMPERATURE,
}

REQUIRED: Final = (
    "respiratory_rate",
    "spo2",
    "supplemental_oxygen",
    "systolic",
    "pulse",
    "consciousness",
    "temperature",
    "spo2_scale",
)

FIELDS: Final = tuple(field.name for field in fields(News2Input))

Chart = tuple[tuple[float, int], ...]
"""Rows of a parameter from low to high: (highest value of the row, points)."""

RESPIRATORY_RATE: Final[Chart] = ((8, 3), (11, 1), (20, 0), (24, 2), (inf, 3))
"""Points by breaths a minute. Source: RCP 2017, chart 1."""

SPO2_SCALE_1: Final[Chart] = ((91, 3), (93, 2), (95, 1), (inf, 0))
"""Points by % of saturation. Source: RCP 2017, chart 1, SpO2 scale 1."""

SPO2_SCALE_2_ON_AIR: Final[Chart] = ((83, 3), (85, 2), (87, 1), (inf, 0))
"""Points by % of saturation. Source: RCP 2017, chart 1, SpO2 scale 2, « 93 or more on air »."""

SPO2_SCALE_2_ON_OXYGEN: Final[Chart] = (
    (83, 3),
    (85, 2),
    (87, 1),
    (92, 0),
    (94, 1),
    (96, 2),
    (inf, 3),
)
"""Points by % of saturation. Source: RCP 2017, chart 1, SpO2 scale 2, on oxygen."""

OXYGEN_POINTS: Final = 2
"""Points for any supplemental oxygen. Source: RCP 2017, chart 1, air or oxygen."""

SYSTOLIC: Final[Chart] = ((90, 3), (100, 2), (110, 1), (219, 0), (inf, 3))
"""Points by mmHg. Source: RCP 2017, chart 1."""

PULSE: Final[Chart] = ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (inf, 3))
"""Points by beats a minute. Source: RCP 2017, chart 1."""

NOT_ALERT_POINTS: Final = 3
"""Points for C, V, P or U. Source: RCP 2017, chart 1, consciousness."""

TEMPERATURE: Final[Chart] = ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (inf, 2))
"""Points by degrees Celsius to one decimal. Source: RCP 2017, chart 1."""

MEDIUM_FROM: Final = 5
"""Total of the urgent response threshold. Source: RCP 2017, chart 2."""

HIGH_FROM: Final = 7
"""Total of the emergency response threshold. Source: RCP 2017, chart 2."""

SINGLE_PART_TRIGGER: Final = 3
"""A single part with 3 makes a low total low-medium. Source: RCP 2017, chart 2."""


def score_news2(given: News2Input) -> News2 | Incomplete | Refused:
    """Return the score, or what is missing, or why it is refused.

    A refusal comes before what is missing: no further value would make the score apply. Values
    are rounded half up to the decimals of the chart before banding, for the chart has gaps
    between its bands (35.05 lies between « 35.0 or less » and « 35.1 to 36.0 »).
    """
    reason = _reason_to_refuse(given)
    if reason is not None:
        return Refused(reason=reason)
    missing = tuple(name for name in REQUIRED if getattr(given, name) is None)
    if missing:
        return Incomplete(missing=missing)
    parts = _parts(given)
    total = sum(parts.values())
    return News2(total=total, band=_band(total, max(parts.values())), parts=parts)


def _reason_to_refuse(given: News2Input) -> str | None:
    reason = outside(given, NUMBERS, lowest_age=LOWEST_AGE, name="NEWS2")
    if reason is None and given.spo2_scale not in (None, *SCALES):
        reason = f"spo2_scale: {given.spo2_scale} is not 1 or 2"
    if reason is None and given.pregnant:
        reason = "pregnant: NEWS2 does not apply in pregnancy"
    return reason


def _parts(given: News2Input) -> dict[str, int]:
    shown = {name: round_as_shown(vital, getattr(given, name)) for name, vital in NUMBERS.items()}
    oxygen = given.supplemental_oxygen is True
    alert = given.consciousness is Consciousness.ALERT
    return {
        "respiratory_rate": _points(RESPIRATORY_RATE, shown["respiratory_rate"]),
        "spo2": _points(_spo2_chart(given.spo2_scale, oxygen), shown["spo2"]),
        "supplemental_oxygen": OXYGEN_POINTS if oxygen else 0,
        "systolic": _points(SYSTOLIC, shown["systolic"]),
        "pulse": _points(PULSE, shown["pulse"]),
        "consciousness": 0 if alert else NOT_ALERT_POINTS,
        "temperature": _points(TEMPERATURE, shown["temperature"]),
    }


def _spo2_chart(scale: int | None, oxygen: bool) -> Chart:
    if scale == SCALES[0]:
        return SPO2_SCALE_1
    return SPO2_SCALE_2_ON_OXYGEN if oxygen else SPO2_SCALE_2_ON_AIR


def _points(chart: Chart, shown: float) -> int:
    return next(points for highest, points in chart if shown <= highest)


def _band(total: int, worst_part: int) -> Band:
    if total >= HIGH_FROM:
        return Band.HIGH
    if total >= MEDIUM_FROM:
        return Band.MEDIUM
    return Band.LOW_MEDIUM if worst_part == SINGLE_PART_TRIGGER else Band.LOW
