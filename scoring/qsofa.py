"""qSOFA, the quick sepsis score, or a refusal.

Source of the three criteria and of the threshold: Seymour CW et al., Assessment of clinical
criteria for sepsis, JAMA 2016;315:762; Singer M et al. (Sepsis-3), JAMA 2016;315:801: respiratory
rate 22 or more, systolic pressure 100 or less, altered mentation; positive from two. Some printed
summaries have « more than 22 » and « less than 100 »: an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.vitals import Vital
from scoring.item import round_as_shown
from scoring.plausible import outside
from scoring.refusal import Incomplete, Refused

RESPIRATORY_RATE_FROM: Final = 22
"""Breaths a minute. Source: Seymour 2016."""
SYSTOLIC_UP_TO: Final = 100
"""mmHg. Source: Seymour 2016."""
POSITIVE_FROM: Final = 2
"""Criteria. Source: Singer 2016."""
LOWEST_AGE: Final = 18
"""Years. Source: Seymour 2016 derived and validated it in adults."""

_VITALS: Final = {
    "respiratory_rate": Vital.RESPIRATORY_RATE,
    "systolic": Vital.SYSTOLIC,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QsofaInput:
    """Breaths a minute, mmHg, whether the person is confused or less than awake; None: not known.

    `age` in years only refuses.
    """

    respiratory_rate: float | None
    systolic: float | None
    altered_mentation: bool | None
    age: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Qsofa:
    """A complete score, 0 to 3, whether it is positive, and the point of each criterion."""

    total: int
    positive: bool
    parts: Mapping[str, int]


def score_qsofa(given: QsofaInput) -> Qsofa | Incomplete | Refused:
    """Return the score, or what is missing, or why it is refused.

    A positive score says who is at risk of a bad course; a negative one rules no sepsis out.
    """
    reason = outside(given, _VITALS, lowest_age=LOWEST_AGE, name="qSOFA")
    if reason is not None:
        return Refused(reason=reason)
    rate, systolic, altered = given.respiratory_rate, given.systolic, given.altered_mentation
    if rate is None or systolic is None or altered is None:
        values = {"respiratory_rate": rate, "systolic": systolic, "altered_mentation": altered}
        return Incomplete(missing=tuple(name for name, value in values.items() if value is None))
    parts = {
        "respiratory_rate": int(_shown("respiratory_rate", rate) >= RESPIRATORY_RATE_FROM),
        "systolic": int(_shown("systolic", systolic) <= SYSTOLIC_UP_TO),
        "altered_mentation": int(altered),
    }
    total = sum(parts.values())
    return Qsofa(total=total, positive=total >= POSITIVE_FROM, parts=parts)


def _shown(name: str, value: float) -> float:
    return round_as_shown(_VITALS[name], value)
