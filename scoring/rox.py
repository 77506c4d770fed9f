"""The ROX index of somebody on high-flow oxygen, or a refusal. Shown, never alerting at home.

Source of formula and cut-offs: Roca O et al., An index combining respiratory rate and oxygenation
to predict outcome of nasal high-flow therapy, Am J Respir Crit Care Med 2019;199:1368
(doi 10.1164/rccm.201803-0589OC): 4.88 or more after 2, 6 or 12 h goes with a lower risk of
intubation; below 2.85 (2 h), 3.47 (6 h), 3.85 (12 h) with failure. It was made for pneumonia under
nasal high-flow therapy in hospital and says nothing of anybody else.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.vitals import Vital
from scoring.oxygen import fraction_outside
from scoring.plausible import outside
from scoring.refusal import Incomplete, Refused

LOWER_RISK_FROM: Final = 4.88
"""Source: Roca 2019."""
FAILURE_BELOW: Final = {2: 2.85, 6: 3.47, 12: 3.85}
"""By hours of high-flow therapy. Source: Roca 2019."""
LOWEST_AGE: Final = 18
"""Years. Source: Roca 2019 studied adults."""
_VITALS: Final = {"spo2": Vital.SPO2, "respiratory_rate": Vital.RESPIRATORY_RATE}


class Course(StrEnum):
    """What the index says of the therapy at its hour."""

    LOWER_RISK = "lower_risk"
    UNDECIDED = "undecided"
    FAILURE = "failure"
    NO_HOUR = "no_hour"
    """The therapy has not lasted 2, 6 or 12 h, or nobody said: no cut-off applies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoxInput:
    """%, fraction of inspired oxygen (0.21 to 1.00), breaths a minute; None: not known.

    `hours` of high-flow therapy: 2, 6 or 12, else no cut-off applies. `age` in years only refuses.
    """

    spo2: float | None
    fio2: float | None
    respiratory_rate: float | None
    hours: int | None = None
    age: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rox:
    """The index to two decimals, as it is shown, and what that number says at that hour."""

    index: float
    course: Course


def score_rox(given: RoxInput) -> Rox | Incomplete | Refused:
    """Return (SpO2 in % / fraction of oxygen) / respiratory rate, or why not."""
    reason = outside(given, _VITALS, lowest_age=LOWEST_AGE, name="ROX")
    reason = reason or fraction_outside(given.fio2)
    if reason is not None:
        return Refused(reason=reason)
    spo2, fio2, rate = given.spo2, given.fio2, given.respiratory_rate
    if spo2 is None or fio2 is None or rate is None:
        values = {"spo2": spo2, "fio2": fio2, "respiratory_rate": rate}
        return Incomplete(missing=tuple(name for name, value in values.items() if value is None))
    index = round(spo2 / fio2 / rate, 2)
    return Rox(index=index, course=_course(index, given.hours))


def _course(index: float, hours: int | None) -> Course:
    if hours not in FAILURE_BELOW:
        return Course.NO_HOUR
    if index >= LOWER_RISK_FROM:
        return Course.LOWER_RISK
    return Course.FAILURE if index < FAILURE_BELOW[hours] else Course.UNDECIDED
