"""Checks what was filled in against a questionnaire: typed values, or what is wrong with each.

Pure; nothing is guessed. What is not asked, because its conditions do not hold, is dropped.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, assert_never
from uuid import UUID

from questionnaires.conditions import enabled, is_date
from questionnaires.expression import calculate
from questionnaires.questionnaire import ASKED, Item, Kind, Questionnaire, Urgency, Value

_TYPED: Final = frozenset({Kind.TEXT, Kind.INTEGER, Kind.DECIMAL})
LONGEST_TEXT: Final = 2000
"""Letters of one free text (proposed)."""

_NUMBER: Final = re.compile(r"^-?[0-9]{1,7}([.,][0-9]{1,3})?$")
_SIGNS: Final = re.compile(r"[\s  ]|%|°C?|kg$|bpm$", re.IGNORECASE)


class ProblemKind(StrEnum):
    """What is wrong with one answer."""

    MISSING = "missing"
    UNKNOWN_CHOICE = "unknown_choice"
    SEVERAL = "several"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    OUT_OF_BOUNDS = "out_of_bounds"
    NOT_A_DATE = "not_a_date"
    TOO_LONG = "too_long"
    NOT_A_PHOTO = "not_a_photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One answer that cannot be taken; bounds, in the item's unit, for OUT_OF_BOUNDS only."""

    link_id: str
    kind: ProblemKind
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """Every needed answer is there, by linkId; scores by the linkId of their item."""

    values: dict[str, Value]
    scores: dict[str, float]


@dataclass(frozen=True, slots=True)
class Rejected:
    """What is wrong, in the order of the questions."""

    problems: tuple[Problem, ...]


Given = Mapping[str, Any]
"""linkId to what a form or a phone sent: a text, several, or a JSON boolean or number."""


def fill(
    questionnaire: Questionnaire, given: Given, *, partial: bool = False
) -> Completed | Rejected:
    """Return the values and scores of a filled-in form, or all that is wrong with it.

    A decimal comma and a point are both understood. Beyond the bounds the hand has slipped and the
    person is asked again. `partial`: saved half-way, nothing is missing yet.
    """
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    judged = _Judged(questionnaire, given)
    for item in questionnaire.flat():
        if item.kind not in ASKED or not judged.is_asked(item.link_id):
            continue
        read = judged.read(item)
        if isinstance(read, Problem):
            problems.append(read)
        elif read is not None:
            values[item.link_id] = read
        elif item.required and not partial:
            problems.append(Problem(link_id=item.link_id, kind=ProblemKind.MISSING))
    if problems:
        return Rejected(tuple(problems))
    return Completed(values, {} if partial else calculate(questionnaire, values))


def fill_what_can(questionnaire: Questionnaire, given: Given) -> dict[str, Value]:
    """Return what was typed into a form that cannot be stored, to be shown to who typed it.

    What is no number or too long stays the text it is; an option that is none is left out.
    """
    judged = _Judged(questionnaire, given)
    values: dict[str, Value] = {}
    for item in questionnaire.flat():
        read = judged.read(item) if item.kind in ASKED and judged.is_asked(item.link_id) else None
        if isinstance(read, Problem):
            read = _text(given.get(item.link_id)) if item.kind in _TYPED else None
        if read is not None:
            values[item.link_id] = read
    return values


def asked_items(questionnaire: Questionnaire, values: Mapping[str, Value]) -> list[Item]:
    """Return every item that is shown with these answers: groups and texts as well."""
    judged = _Judged(questionnaire, values)
    return [item for item in questionnaire.flat() if judged.is_asked(item.link_id)]


def urgency_of(questionnaire: Questionnaire, values: Mapping[str, Value]) -> tuple[Urgency, ...]:
    """Return what the patient is told at once for these answers, « call 15 » first."""
    told = {
        option.urgency
        for item in questionnaire.flat()
        for option in item.options
        if option.urgency is not None and option.code in _several(values.get(item.link_id))
    }
    return tuple(one for one in Urgency if one in told)


class _Judged:
    """Which items are asked, each decided once: an item hangs on answers that are asked alone."""

    def __init__(self, questionnaire: Questionnaire, given: Given) -> None:
        self.given = given
        self.items = {item.link_id: item for item in questionnaire.flat()}
        self.parents = {
            child.link_id: item.link_id for item in questionnaire.flat() for child in item.items
        }
        self.asked: dict[str, bool] = {}
        self.answers: dict[str, Value | Problem | None] = {}

    def is_asked(self, link_id: str) -> bool:
        """Say whether an item is asked; the parser has refused conditions that go in a circle."""
        if link_id not in self.asked:
            item, parent = self.items[link_id], self.parents.get(link_id)
            shown = parent is None or self.is_asked(parent)
            self.asked[link_id] = shown and enabled(item, self._answers_for(item))
        return self.asked[link_id]

    def read(self, item: Item) -> Value | Problem | None:
        """Return the answer to an item, None when there is none, or what is wrong with it."""
        if item.link_id not in self.answers:
            self.answers[item.link_id] = read_answer(item, self.given.get(item.link_id))
        return self.answers[item.link_id]

    def _answers_for(self, item: Item) -> dict[str, Value]:
        answers: dict[str, Value] = {}
        for condition in item.enable_when:
            question = self.items[condition.link_id]
            if self.is_asked(question.link_id):
                answer = self.read(question)
                if answer is not None and not isinstance(answer, Problem):
                    answers[question.link_id] = answer
        return answers


def read_answer(item: Item, given: Any) -> Value | Problem | None:
    """Return one answer in its type, None when nothing was given, or what is wrong with it."""
    texts = [text for text in map(_text, _several(given)) if text]
    if not texts:
        return None
    if item.kind is Kind.CHOICES:
        return _choices(item, texts)
    if len(texts) > 1:
        return Problem(link_id=item.link_id, kind=ProblemKind.SEVERAL)
    return _single(item, texts[0])


def _single(item: Item, text: str) -> Value | Problem:
    match item.kind:
        case Kind.BOOLEAN:
            read = {"true": True, "false": False}.get(text)
            return _or(item, read, ProblemKind.UNKNOWN_CHOICE)
        case Kind.CHOICE:
            return _or(item, text if item.option(text) else None, ProblemKind.UNKNOWN_CHOICE)
        case Kind.INTEGER | Kind.DECIMAL:
            return _number(item, text)
        case Kind.TEXT:
            return _or(item, text if len(text) <= LONGEST_TEXT else None, ProblemKind.TOO_LONG)
        case Kind.DATE:
            return _or(item, text if is_date(text) else None, ProblemKind.NOT_A_DATE)
        case Kind.PHOTO:
            return _or(item, _photo(text), ProblemKind.NOT_A_PHOTO)
        case Kind.CHOICES | Kind.GROUP | Kind.DISPLAY | Kind.SCORE:
            raise ValueError(f"{item.link_id} takes no single answer")
        case _:
            assert_never(item.kind)


def _or(item: Item, read: Value | None, otherwise: ProblemKind) -> Value | Problem:
    return Problem(link_id=item.link_id, kind=otherwise) if read is None else read


def _choices(item: Item, texts: Sequence[str]) -> Value | Problem:
    if any(item.option(text) is None for text in texts):
        return Problem(link_id=item.link_id, kind=ProblemKind.UNKNOWN_CHOICE)
    return tuple(option.code for option in item.options if option.code in texts)


def _number(item: Item, text: str) -> Value | Problem:
    bare = _SIGNS.sub("", text)
    if not _NUMBER.match(bare) or not bare.isascii():
        return Problem(link_id=item.link_id, kind=ProblemKind.NOT_A_NUMBER)
    exact = float(bare.replace(",", "."))
    if item.kind is Kind.INTEGER and item.vital is None and not exact.is_integer():
        return Problem(link_id=item.link_id, kind=ProblemKind.NOT_WHOLE)
    value = round(exact, item.decimals)
    if (item.lowest is not None and value < item.lowest) or (
        item.highest is not None and value > item.highest
    ):
        return Problem(
            link_id=item.link_id,
            kind=ProblemKind.OUT_OF_BOUNDS,
            lowest=item.lowest,
            highest=item.highest,
        )
    return int(value) if item.kind is Kind.INTEGER else value


def _photo(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _several(given: Any) -> Sequence[Any]:
    if given is None:
        return ()
    return given if isinstance(given, tuple | list) else (given,)


def _text(one: Any) -> str:
    if isinstance(one, bool):
        return "true" if one else "false"
    return one.strip() if isinstance(one, str) else str(one) if isinstance(one, int | float) else ""
