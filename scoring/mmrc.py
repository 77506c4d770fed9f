"""Breathlessness by the modified scale of the Medical Research Council (mMRC), or a refusal.

Source: Fletcher CM, Proc R Soc Med 1952;45:577; Bestall JC et al., Thorax 1999;54:581; « more
symptoms » from grade 2: GOLD, as quoted in ERS Monograph (err.ersjournals.com). Grades 0 to 4:
breathless on strenuous exercise only; when hurrying or on a slight hill; slower than others of the
same age on the level, or stops at one's own pace; stops after about 100 m or a few minutes; too
breathless to leave the house, or when dressing.
"""

from dataclasses import dataclass
from typing import Final

from scoring.refusal import Incomplete, Refused

HIGHEST: Final = 4
"""Source: Bestall 1999."""
MORE_SYMPTOMS_FROM: Final = 2
"""Source: GOLD: mMRC 2 or more is « more symptoms »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mmrc:
    """A grade from 0 to 4, and whether it counts as more symptoms."""

    grade: int
    more_symptoms: bool


def score_mmrc(grade: int | None) -> Mmrc | Incomplete | Refused:
    """Return the grade with what it means."""
    if grade is None:
        return Incomplete(missing=("grade",))
    if not 0 <= grade <= HIGHEST:
        return Refused(reason="grade")
    return Mmrc(grade=grade, more_symptoms=grade >= MORE_SYMPTOMS_FROM)
