"""What one value means for one item, its quality included."""

from dataclasses import dataclass
from math import isfinite

from core.vitals import Quality
from scoring.item import AnswerItem, Bound, MeasuredItem, answer_choice, breached_limit
from scoring.level import Level
from scoring.observation import TO_VERIFY, UNUSABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The level of one value; UNKNOWN means it is doubtful and neither alarms nor reassures.

    `met` is the level of the limit or choice met, before doubt lowered it to orange; `bound` and
    `threshold` are those of the limit, `source` is where its number comes from.
    """

    level: Level
    met: Level
    bound: Bound | None
    threshold: float | None
    source: str | None
    to_verify: bool

    @property
    def alarms(self) -> bool:
        """Tell whether the value is orange or red."""
        return self.level >= Level.ORANGE

    @property
    def counts(self) -> bool:
        """Tell whether the value may stand as the latest one: it is not doubtful in any way."""
        return self.level is not Level.UNKNOWN and not self.to_verify


def _without_limit(level: Level) -> Verdict:
    return Verdict(level=level, met=level, bound=None, threshold=None, source=None, to_verify=False)


DOUBTFUL = _without_limit(Level.UNKNOWN)
IN_LIMITS = _without_limit(Level.GREEN)


def judge_value(item: MeasuredItem, value: float, quality: Quality, usual: float | None) -> Verdict:
    """Judge a measured value in the item's unit; `usual` is the person's usual value, if known.

    Unusable is doubtful. Questionable is orange « to verify » beyond a limit, doubtful within.
    """
    if quality & UNUSABLE or not isfinite(value):
        return DOUBTFUL
    limit = breached_limit(item, value, usual)
    questionable = bool(quality & TO_VERIFY)
    if limit is None:
        return DOUBTFUL if questionable else IN_LIMITS
    return Verdict(
        level=Level.ORANGE if questionable else limit.level,
        met=limit.level,
        bound=limit.bound,
        threshold=limit.value,
        source=limit.source,
        to_verify=questionable,
    )


def judge_answer(item: AnswerItem, code: str) -> Verdict:
    """Judge an answer code; one that the item does not know is doubtful."""
    choice = answer_choice(item, code)
    if choice is None:
        return DOUBTFUL
    return Verdict(
        level=choice.level,
        met=choice.level,
        bound=None,
        threshold=None,
        source=choice.source,
        to_verify=False,
    )
