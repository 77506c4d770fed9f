"""Says questions and answers in the reader's words, with the edition they belong to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.i18n import say_day, say_number, translator
from core.vitals import VITALS
from questionnaires.questionnaire import ASKED, Item, Kind, Questionnaire, Value, said
from questionnaires.units import unit_word

EXAMPLES: Final[Mapping[str, float]] = {
    "spo2": 96,
    "pulse": 72,
    "respiratory_rate": 16,
    "temperature": 37.2,
    "systolic": 130,
    "diastolic": 80,
    "weight": 71.5,
}
"""A number of each vital sign as it is written, shown when what was typed is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answered question, both in words."""

    item: Item
    question: str
    answer: str


def answered_lines(
    questionnaire: Questionnaire, values: Mapping[str, Value], locale: str
) -> list[Line]:
    """Return what was answered, in the order of the questions; an unknown linkId is left out."""
    return [
        Line(
            item=item,
            question=said(item.words, locale),
            answer=say_answer(item, values[item.link_id], locale),
        )
        for item in questionnaire.flat()
        if item.kind in ASKED | {Kind.SCORE} and item.link_id in values
    ]


def say_answer(item: Item, value: Value, locale: str) -> str:
    """Return an answer in words: the option's text, « 37,2 °C », « oui », the day."""
    tr = translator(locale)
    if isinstance(value, tuple | list):
        return ", ".join(say_answer(item, one, locale) for one in value)
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, int | float):
        return f"{say_number(value, locale, item.decimals)} {unit_said(item, locale)}".strip()
    option = item.option(value)
    if option is not None:
        return said(option.words, locale)
    if item.kind is Kind.DATE:
        return say_day(date.fromisoformat(value), locale)
    if item.kind is Kind.PHOTO:
        return tr("a photo")
    return value


def unit_said(item: Item, locale: str) -> str:
    """Return the unit beside a number in words: « bpm », « °C », « jours »."""
    shown = VITALS[item.vital].unit_shown if item.vital is not None else unit_word(item.unit)
    return translator(locale)(shown) if shown else ""


def example_of(item: Item, locale: str) -> str:
    """Return a number that fits an item, to be given as an example."""
    slug = VITALS[item.vital].slug if item.vital is not None else ""
    middle = ((item.lowest or 0) + (item.highest or 0)) / 2
    return say_number(EXAMPLES.get(slug, middle), locale, item.decimals)
