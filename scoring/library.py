"""Every score by its name: what it is given and what answers. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from scoring.baseline import SaturationInput, score_saturation
from scoring.cat import score_cat
from scoring.mmrc import score_mmrc
from scoring.mortality_4c import Mortality4cInput, score_mortality_4c
from scoring.news2 import News2Input, score_news2
from scoring.news2_home import score_news2_home
from scoring.orientation_answers import OrientationInput, score_orientation
from scoring.priest import score_priest
from scoring.pro_ctcae import ProCtcaeInput, score_pro_ctcae
from scoring.qsofa import QsofaInput, score_qsofa
from scoring.rox import RoxInput, score_rox
from scoring.weight import WeightInput, score_weight


@dataclass(frozen=True, slots=True, kw_only=True)
class CatInput:
    """The eight items of the form, 0 to 5, in their order; None: not answered."""

    items: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MmrcInput:
    """The grade, 0 to 4; None: not answered."""

    grade: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriestInput:
    """Nothing: the score is not given."""


@dataclass(frozen=True, slots=True)
class Score:
    """The dataclass a score is given, and what answers it."""

    given: type[Any]
    answer: Callable[[Any], Any]


SCORES: Final[dict[str, Score]] = {
    "news2": Score(News2Input, score_news2),
    "news2-home": Score(News2Input, score_news2_home),
    "qsofa": Score(QsofaInput, score_qsofa),
    "rox": Score(RoxInput, score_rox),
    "mortality-4c": Score(Mortality4cInput, score_mortality_4c),
    "mmrc": Score(MmrcInput, lambda given: score_mmrc(given.grade)),
    "cat": Score(CatInput, lambda given: score_cat(given.items)),
    "pro-ctcae": Score(ProCtcaeInput, score_pro_ctcae),
    "weight": Score(WeightInput, score_weight),
    "spo2-baseline": Score(SaturationInput, score_saturation),
    "orientation": Score(OrientationInput, score_orientation),
    "priest": Score(PriestInput, score_priest),
}
