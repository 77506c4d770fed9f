"""What a home profile looks at: measured items with limits, and answers with a level.

Pure vocabulary: the numbers live in versioned data files, each with its source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, assert_never

from core.vitals import VITALS, Vital
from scoring.level import Level


class Bound(StrEnum):
    """How a limit is compared with a value; every word is an inequality, so nothing falls between.

    FALL_FROM_USUAL compares (the person's usual value - value) and needs that usual value;
    RISE_FROM_USUAL the other way round. FALL_WITHIN and RISE_WITHIN compare with other values of
    the last hours or days: one value alone never meets them, `alerts.lasting` judges them.
    """

    AT_MOST = "at_most"
    BELOW = "below"
    AT_LEAST = "at_least"
    FALL_FROM_USUAL = "fall_from_usual_at_least"
    RISE_FROM_USUAL = "rise_from_usual_at_least"
    FALL_WITHIN = "fall_within_at_least"
    RISE_WITHIN = "rise_within_at_least"


OVER_TIME: Final = frozenset({Bound.FALL_WITHIN, Bound.RISE_WITHIN})
"""Bounds that one value alone cannot meet."""

BOUND_LABELS: Final[dict[Bound, str]] = {
    Bound.AT_MOST: "{limit} or less",
    Bound.BELOW: "below {limit}",
    Bound.AT_LEAST: "{limit} or more",
    Bound.FALL_FROM_USUAL: "{limit} or more below the usual value",
    Bound.RISE_FROM_USUAL: "{limit} or more above the usual value",
    Bound.FALL_WITHIN: "a fall of {limit} or more within the prescribed time",
    Bound.RISE_WITHIN: "a rise of {limit} or more within the prescribed time",
}
"""English msgid of each bound; `{limit}` is the number with its unit."""

BOUND_SIGNS: Final[dict[Bound, str]] = {
    Bound.AT_MOST: "≤",
    Bound.BELOW: "<",
    Bound.AT_LEAST: "≥",
    Bound.FALL_FROM_USUAL: "≥",
    Bound.RISE_FROM_USUAL: "≥",
    Bound.FALL_WITHIN: "≥",
    Bound.RISE_WITHIN: "≥",
}
"""The sign of each bound, where there is room for a sign only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit of a measured item, in the vital's UCUM unit, with the source of its number."""

    level: Level
    bound: Bound
    value: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredItem:
    """A vital sign with its limits, worst first.

    `max_age`: an older value is stale and counts as missing. `essential`: without a usable value
    of it the state is never green.
    """

    code: str
    title: str
    vital: Vital
    limits: tuple[Limit, ...]
    max_age: timedelta
    essential: bool

    @property
    def unit(self) -> str:
        """Return the UCUM unit of the values and limits."""
        return VITALS[self.vital].ucum


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer code, its English msgid and the level it means.

    `words`: the answer as it was read by whoever gave it, by language, where a questionnaire says.
    """

    code: str
    title: str
    level: Level
    source: str
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerItem:
    """A question with coded answers, each with its level; `words` as those of its choices."""

    code: str
    title: str
    choices: tuple[Choice, ...]
    max_age: timedelta
    essential: bool
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A question and its answer in the words of the questionnaire, by language."""

    question: dict[str, str]
    answer: dict[str, str]

    def question_in(self, locale: str) -> str:
        """Return the question in a language, else in French, else in any there is."""
        return _in_language(self.question, locale)

    def answer_in(self, locale: str) -> str:
        """Return the answer, likewise."""
        return _in_language(self.answer, locale)

    def sentence(self, locale: str) -> str:
        """Return « question : answer »; a question that ends in a question mark needs no colon."""
        question = self.question_in(locale)
        colon = " " if question.endswith("?") else COLON.get(locale, ": ")
        return f"{question}{colon}{self.answer_in(locale)}"


def _in_language(words: Mapping[str, str], locale: str) -> str:
    return words.get(locale) or words.get("fr") or next(iter(words.values()), "")


COLON: Final = {"fr": "\N{NO-BREAK SPACE}: "}
"""How a language writes a colon; all others as English does."""


Item = MeasuredItem | AnswerItem


def round_as_shown(vital: Vital, value: float) -> float:
    """Round half up to the decimals the vital is shown with: what is judged is what is read.

    Works on the decimal text of the float, because 35.05 is stored just below itself and binary
    rounding would give 35.0 where any person reading « 35,05 » writes 35.1.
    """
    step = Decimal(1).scaleb(-VITALS[vital].decimals)
    return float(Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP))


def breached_limit(item: MeasuredItem, value: float, usual: float | None) -> Limit | None:
    """Return the worst limit that `value` meets, rounded as shown, or None.

    `usual` is the person's own usual value in the same unit; None leaves fall limits out.
    """
    shown = round_as_shown(item.vital, value)
    met = [limit for limit in item.limits if _meets(limit, shown, usual)]
    return max(met, key=lambda limit: limit.level, default=None)


def _meets(limit: Limit, shown: float, usual: float | None) -> bool:
    match limit.bound:
        case Bound.AT_MOST:
            return shown <= limit.value
        case Bound.BELOW:
            return shown < limit.value
        case Bound.AT_LEAST:
            return shown >= limit.value
        case Bound.FALL_FROM_USUAL:
            return usual is not None and usual - shown >= limit.value
        case Bound.RISE_FROM_USUAL:
            return usual is not None and shown - usual >= limit.value
        case Bound.FALL_WITHIN | Bound.RISE_WITHIN:
            return False
        case _:
            assert_never(limit.bound)


def answer_choice(item: AnswerItem, code: str) -> Choice | None:
    """Return the choice of that code, or None for a code the item does not know."""
    return next((choice for choice in item.choices if choice.code == code), None)


def what_was_said(item: "Item", code: str | None) -> Said | None:
    """Return question and answer in the questionnaire's words; None where it has none."""
    if not isinstance(item, AnswerItem) or not item.words or code is None:
        return None
    choice = answer_choice(item, code)
    return Said(question=dict(item.words), answer=dict(choice.words if choice else {}))
