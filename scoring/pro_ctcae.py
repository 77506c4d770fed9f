"""The composite grade of a symptom by PRO-CTCAE, from its one to three attributes, or a refusal.

Source: Basch E et al., Composite grading algorithm for the National Cancer Institute's Patient-
Reported Outcomes version of the CTCAE, Clin Trials 2021;18:104 (online 2020); the whole table of
the NCI as published in the R package ProAE (github.com/cran/ProAE). Each attribute is answered 0
to 4 for the last 7 days; one is asked only if the one before it is above 0.
"""

from dataclasses import dataclass
from typing import Final

from scoring.refusal import Incomplete, Refused

HIGHEST: Final = 4
"""Source: Basch 2020, answers 0 to 4."""
ATTRIBUTES: Final = ("frequency", "severity", "interference")

Row = tuple[int, ...]
_ALONE: Final[dict[str, Row]] = {
    "frequency": (0, 1, 1, 2, 3),
    "severity": (0, 1, 2, 3, 3),
    "interference": (0, 1, 1, 2, 2),
}
"""Grade by the answer of the one attribute. Source: ProAE."""

_PAIRS: Final[dict[tuple[str, str], tuple[Row, ...]]] = {
    ("frequency", "severity"): (
        (1, 1, 1, 2, 2),
        (1, 1, 2, 2, 2),
        (1, 1, 2, 3, 3),
        (1, 1, 2, 3, 3),
    ),
    ("frequency", "interference"): (
        (1, 1, 1, 2, 2),
        (1, 1, 1, 2, 2),
        (1, 1, 2, 3, 3),
        (1, 1, 2, 3, 3),
    ),
    ("severity", "interference"): (
        (1, 1, 1, 2, 2),
        (1, 1, 2, 2, 3),
        (1, 2, 2, 3, 3),
        (2, 2, 2, 3, 3),
    ),
}
"""Rows: first attribute 1 to 4; columns: second 0 to 4. Source: ProAE."""

_THREE: Final[tuple[tuple[Row, ...], ...]] = (
    ((0, 1, 1, 2, 2), (1, 1, 1, 2, 2), (1, 2, 2, 2, 3), (2, 2, 2, 3, 3), (2, 2, 3, 3, 3)),
    ((0, 1, 1, 2, 2), (1, 1, 1, 2, 2), (2, 2, 2, 3, 3), (2, 2, 2, 3, 3), (2, 2, 3, 3, 3)),
    ((1, 1, 1, 2, 2), (1, 1, 1, 2, 2), (2, 2, 2, 3, 3), (2, 2, 3, 3, 3), (2, 2, 3, 3, 3)),
    ((1, 1, 1, 2, 2), (1, 1, 2, 2, 3), (2, 2, 2, 3, 3), (2, 2, 3, 3, 3), (2, 2, 3, 3, 3)),
)
"""Blocks: frequency 1 to 4; rows: severity 0 to 4; columns: interference 0 to 4. Source: ProAE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProCtcaeInput:
    """The answers, 0 to 4, of the attributes `asked` of a symptom; None: not answered."""

    asked: tuple[str, ...]
    frequency: int | None = None
    severity: int | None = None
    interference: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProCtcae:
    """A grade from 0 to 3."""

    grade: int


def score_pro_ctcae(given: ProCtcaeInput) -> ProCtcae | Incomplete | Refused:
    """Return the composite grade. What follows a 0 is not asked, and taken as 0."""
    reason = _reason_to_refuse(given)
    if reason is not None:
        return Refused(reason=reason)
    answers: dict[str, int] = {}
    for place, name in enumerate(given.asked):
        value = getattr(given, name)
        if value is None and 0 in answers.values():
            value = 0
        if value is None:
            rest = given.asked[place:]
            return Incomplete(missing=tuple(n for n in rest if getattr(given, n) is None))
        answers[name] = value
    return ProCtcae(grade=_grade(answers))


def _reason_to_refuse(given: ProCtcaeInput) -> str | None:
    if not given.asked or given.asked != tuple(n for n in ATTRIBUTES if n in given.asked):
        return f"asked: some of {', '.join(ATTRIBUTES)}, in this order, each once"
    for name in ATTRIBUTES:
        value = getattr(given, name)
        if value is not None and name not in given.asked:
            return f"{name}: answered but not asked"
        if value is not None and not 0 <= value <= HIGHEST:
            return f"{name}: {value} is outside 0 to {HIGHEST}"
    return None


def _grade(answers: dict[str, int]) -> int:
    values = tuple(answers.values())
    if values[0] == 0:
        return 0
    if len(values) == 1:
        return _ALONE[next(iter(answers))][values[0]]
    if len(values) == 2:
        first, second = answers
        return _PAIRS[first, second][values[0] - 1][values[1]]
    return _THREE[values[0] - 1][values[1]][values[2]]
