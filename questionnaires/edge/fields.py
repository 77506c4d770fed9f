"""Forms of questionnaires over HTTP: what was sent, and the words the fields are shown with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fastapi import Request

from questionnaires.filling import LONGEST_TEXT
from questionnaires.questionnaire import Item, Words, said
from questionnaires.showing import example_of, unit_said

LONGEST: Final = LONGEST_TEXT + 1
"""One letter more than a text may have: a longer one is cut, and still seen to be too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """What templates need to say an edition in one language."""

    say: Callable[[Words], str]
    options: Callable[[Item], list[tuple[str, str]]]
    unit: Callable[[Item], str]
    example: Callable[[Item], str]


def field_words(locale: str) -> FieldWords:
    """Return the words of fields in a language."""
    return FieldWords(
        say=lambda words: said(words, locale),
        options=lambda item: [(one.code, said(one.words, locale)) for one in item.options],
        unit=lambda item: unit_said(item, locale),
        example=lambda item: example_of(item, locale),
    )


async def form_of(request: Request) -> dict[str, str | list[str]]:
    """Return the text fields of a form that was sent, several answers of one name together."""
    sent = await request.form()
    fields: dict[str, str | list[str]] = {}
    for name in sent:
        values = [one[:LONGEST] for one in sent.getlist(name) if isinstance(one, str)]
        if values:
            fields[name] = values[0] if len(values) == 1 else values
    return fields
