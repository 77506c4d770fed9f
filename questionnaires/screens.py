"""A questionnaire as a phone asks it: one question a screen, in one language. Pure.

Texts that ask nothing stand on the screen of the question that follows; what an answer means for
the review stays here, and only whom to call at once goes to the screen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from questionnaires.questionnaire import (
    ASKED,
    Item,
    Kind,
    Option,
    Questionnaire,
    Urgency,
    said,
)
from scoring.level import Level

_CALLS = {Urgency.CALL_15: "15", Urgency.CALL_3114: "3114"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to tick. `call`: « 15 » or « 3114 » at once, « closed »: 15 while nobody reads."""

    code: str
    text: str
    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intro:
    """A text that stands before a question, with its own conditions."""

    text: str
    when: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One question. `when` lists groups of conditions that must all hold.

    `sound`: the question read aloud in the language it is shown in, a data address or nothing.
    """

    link_id: str
    kind: Kind
    text: str
    help: str
    group: str
    required: bool
    choices: tuple[Choice, ...]
    lowest: float | None
    highest: float | None
    decimals: int
    intros: tuple[Intro, ...]
    when: list[dict[str, Any]]
    sound: str


def screens(questionnaire: Questionnaire, locale: str) -> tuple[list[Screen], list[Intro]]:
    """Return the questions in their order, and the texts that follow the last one."""
    made: list[Screen] = []
    waiting: list[Intro] = []
    for item, groups in _walk(questionnaire.items, ()):
        when = [_condition(one) for one in (*groups, item) if one.enable_when]
        if item.kind is Kind.DISPLAY:
            waiting.append(Intro(text=said(item.words, locale), when=when))
        elif item.kind in ASKED:
            group = next((said(one.words, locale) for one in reversed(groups)), "")
            made.append(_screen(item, locale, group=group, intros=tuple(waiting), when=when))
            waiting = []
    return made, waiting


def _walk(items: tuple[Item, ...], groups: tuple[Item, ...]) -> Iterator[tuple[Item, Any]]:
    for item in items:
        yield item, groups
        yield from _walk(item.items, (*groups, item))


def _condition(item: Item) -> dict[str, Any]:
    return {
        "all": item.enable_all,
        "conditions": [
            {"item": one.link_id, "operator": str(one.operator), "value": one.value}
            for one in item.enable_when
        ],
    }


def _screen(
    item: Item, locale: str, *, group: str, intros: tuple[Intro, ...], when: list[dict[str, Any]]
) -> Screen:
    return Screen(
        link_id=item.link_id,
        kind=item.kind,
        text=said(item.words, locale),
        help=said(item.help, locale) if item.help else "",
        group=group,
        required=item.required,
        choices=tuple(
            Choice(code=one.code, text=said(one.words, locale), call=_call(one))
            for one in item.options
        ),
        lowest=item.lowest,
        highest=item.highest,
        decimals=item.decimals,
        intros=intros,
        when=when,
        sound=_aloud(item, locale),
    )


def _aloud(item: Item, locale: str) -> str:
    """Return the sound in the language the text is shown in, never in another."""
    shown = locale in item.sounds or locale not in item.words
    return said(item.sounds, locale) if shown else ""


def _call(option: Option) -> str:
    if option.urgency is not None:
        return _CALLS[option.urgency]
    return "closed" if option.level is Level.RED else ""
