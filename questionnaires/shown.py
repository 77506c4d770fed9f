"""An answer in words, by its own edition: what a page, a print or a comparison shows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from questionnaires.extracting import given_options, level_of
from questionnaires.questionnaire import Item, Kind, Questionnaire, Urgency, Value, said
from questionnaires.showing import say_answer
from scoring.level import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answered question in words.

    `own_words`: typed by the person, shown as he wrote it. `level` is what the edition says the
    answer means, None when it says nothing. `photo` is the id of a photograph.
    """

    link_id: str
    question: str
    answer: str
    own_words: bool = False
    level: Level | None = None
    urgency: Urgency | None = None
    photo: UUID | None = None


def lines_of(
    edition: Questionnaire,
    values: Mapping[str, object],
    scores: Mapping[str, float],
    locale: str,
) -> tuple[Line, ...]:
    """Return what was answered and calculated, in the order of the questions."""
    lines = []
    for item in edition.flat():
        value = scores.get(item.link_id) if item.kind is Kind.SCORE else values.get(item.link_id)
        if value is not None and value != "":
            lines.append(line_of(item, value, locale))
    return tuple(lines)


def line_of(item: Item, value: object, locale: str) -> Line:
    """Return one answer in words; a code the edition does not know is shown as it is."""
    options = given_options(item, value)
    alarming = [option for option in options if level_of(option) > Level.GREEN]
    return Line(
        link_id=item.link_id,
        question=said(item.words, locale),
        answer=say_answer(item, cast(Value, value), locale),
        own_words=item.kind is Kind.TEXT,
        level=max((level_of(option) for option in alarming), default=None),
        urgency=next((option.urgency for option in options if option.urgency), None),
        photo=UUID(str(value)) if item.kind is Kind.PHOTO else None,
    )
