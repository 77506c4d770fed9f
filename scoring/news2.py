"""NEWS2, the National Early Warning Score 2, exactly as its chart gives it, or a refusal.

Source of every band and of the trigger levels: Royal College of Physicians. National Early
Warning Score (NEWS) 2: Standardising the assessment of acute-illness severity in the NHS.
London: RCP, 2017 (chart 1, the scoring system; chart 2, thresholds and triggers).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from typing import Final

from core.vitals import Vital
from scoring.item import round_as_shown
from scoring.news2_advice import (
    EMERGENCY,
    NURSE_DECIDES,
    ROUTINE,
    TEAM_REVIEWS,
    URGENT,
    Advice,
)
from scoring.oxygen import on_oxygen
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

    Oxygen may be said in three ways (`scoring.oxygen`): `supplemental_oxygen`, litres of oxygen a
    minute, the fraction inspired. Any one is enough, and what contradicts itself is refused.
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
    oxygen_flow_l_min: float | None = None
    fio2: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News2:
    """A complete score: `total` 0 to 20, its band, the points of each part, the chart's advice."""

    total: int
    band: Band
    parts: Mapping[str, int]
    advice: Advice


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

SPO2_CHARTS: Final[dict[tuple[int, bool], Chart]] = {
    (1, True): SPO2_SCALE_1,
    (1, False): SPO2_SCALE_1,
    (2, True): SPO2_SCALE_2_ON_OXYGEN,
    (2, False): SPO2_SCALE_2_ON_AIR,
}
"""By scale and whether on oxygen. Source: RCP 2017, chart 1."""

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

ADVICE: Final[dict[Band, Advice]] = {
    Band.LOW: NURSE_DECIDES,
    Band.LOW_MEDIUM: TEAM_REVIEWS,
    Band.MEDIUM: URGENT,
    Band.HIGH: EMERGENCY,
}
"""What the chart asks for in each band; a total of 0 is ROUTINE. Source: RCP 2017, chart 4."""


def score_news2(given: News2Input) -> News2 | Incomplete | Refused:
    """Return the score, or what is missing, or why it is refused.

    A refusal comes before what is missing: no further value would make the score apply. Values
    are rounded half up to the decimals of the chart before banding, for the chart has gaps
    between its bands (35.05 lies between « 35.0 or less » and « 35.1 to 36.0 »).
    """
    reason = _reason_to_refuse(given)
    if reason is not None:
        return Refused(reason=reason)
    settled = settle_oxygen(given)
    if isinstance(settled, Refused):
        return settled
    given = settled
    missing = tuple(name for name in REQUIRED if getattr(given, name) is None)
    if missing:
        return Incomplete(missing=missing)
    parts = known_parts(given)
    total = sum(parts.values())
    band = _band(total, max(parts.values()))
    advice = ADVICE[band] if total else ROUTINE
    return News2(total=total, band=band, parts=parts, advice=advice)


def settle_oxygen(given: News2Input) -> News2Input | Refused:
    """Return the input with `supplemental_oxygen` as flow and fraction say, where they do."""
    oxygen = on_oxygen(given.supplemental_oxygen, given.oxygen_flow_l_min, given.fio2)
    if isinstance(oxygen, Refused):
        return oxygen
    return replace(given, supplemental_oxygen=oxygen)


def known_parts(given: News2Input) -> dict[str, int]:
    """Return the points of each part that is certain, in the order of the chart.

    `supplemental_oxygen` says what is known of oxygen. SpO2 has points where every scale it may
    have to be read on gives the same.
    """
    parts = {
        "respiratory_rate": _points(RESPIRATORY_RATE, given.respiratory_rate, "respiratory_rate"),
        "spo2": _spo2(given),
        "supplemental_oxygen": _yes(given.supplemental_oxygen, OXYGEN_POINTS, 0),
        "systolic": _points(SYSTOLIC, given.systolic, "systolic"),
        "pulse": _points(PULSE, given.pulse, "pulse"),
        "consciousness": _consciousness(given.consciousness),
        "temperature": _points(TEMPERATURE, given.temperature, "temperature"),
    }
    return {name: points for name, points in parts.items() if points is not None}


def _reason_to_refuse(given: News2Input) -> str | None:
    reason = outside(given, NUMBERS, lowest_age=LOWEST_AGE, name="NEWS2")
    if reason is None and given.spo2_scale not in (None, *SCALES):
        reason = f"spo2_scale: {given.spo2_scale} is not 1 or 2"
    if reason is None and given.pregnant:
        reason = "pregnant: NEWS2 does not apply in pregnancy"
    return reason


def _spo2(given: News2Input) -> int | None:
    """Return the points on the scale that counts, or on all that may, where they agree."""
    possible = {
        _points(chart, given.spo2, "spo2")
        for (scale, oxygen), chart in SPO2_CHARTS.items()
        if given.spo2_scale in (None, scale) and given.supplemental_oxygen in (None, oxygen)
    }
    return possible.pop() if len(possible) == 1 else None


def _points(chart: Chart, value: float | None, name: str) -> int | None:
    if value is None:
        return None
    shown = round_as_shown(NUMBERS[name], value)
    return next(points for highest, points in chart if shown <= highest)


def _yes(value: bool | None, yes: int, no: int) -> int | None:
    if value is None:
        return None
    return yes if value else no


def _consciousness(value: Consciousness | None) -> int | None:
    alert = None if value is None else value is Consciousness.ALERT
    return _yes(alert, 0, NOT_ALERT_POINTS)


def _band(total: int, worst_part: int) -> Band:
    if total >= HIGH_FROM:
        return Band.HIGH
    if total >= MEDIUM_FROM:
        return Band.MEDIUM
    return Band.LOW_MEDIUM if worst_part == SINGLE_PART_TRIGGER else Band.LOW
