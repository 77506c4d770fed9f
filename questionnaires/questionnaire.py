"""A questionnaire: the subset of FHIR R4 Questionnaire that Chevet asks, as typed values.

Pure vocabulary. `questionnaires.fhir` reads it from JSON and names what is outside the subset;
`questionnaires.filling` checks what was filled in. Words are kept in every language they came in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from core.vitals import Vital
from scoring.level import Level

Value = bool | int | float | str | tuple[str, ...]
"""An answer: yes or no, a number in the item's unit, a code, text, an ISO date, several codes, or
the id of a photo."""

Words = Mapping[str, str]
"""Language (BCP 47) to text."""


class Kind(StrEnum):
    """What an item asks; `display` and `group` ask nothing, `score` is calculated."""

    GROUP = "group"
    DISPLAY = "display"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    PHOTO = "photo"
    SCORE = "score"


ASKED: Final = frozenset(Kind) - {Kind.GROUP, Kind.DISPLAY, Kind.SCORE}
"""Kinds a person answers."""


class Operator(StrEnum):
    """How `enableWhen` compares (http://hl7.org/fhir/R4/valueset-questionnaire-enable-operator)."""

    EXISTS = "exists"
    EQUALS = "="
    NOT_EQUALS = "!="
    GREATER = ">"
    LESS = "<"
    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The item is asked only when the answer to `link_id` compares so with `value`."""

    link_id: str
    operator: Operator
    value: bool | int | float | str


class Urgency(StrEnum):
    """What the patient is told at once when he gives an answer."""

    CALL_15 = "call_15"
    CALL_3114 = "call_3114"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to tick. `level`: what it means for the review (None: nothing by itself)."""

    code: str
    system: str | None
    words: Words
    level: Level | None = None
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question, group, text or score.

    Numbers have a UCUM `unit` and inclusive bounds; `vital` says which time series a number joins,
    `loinc` which observation it is. `expression` is the FHIRPath of a score. `sounds`: the text
    read aloud, a data address a language.
    """

    link_id: str
    kind: Kind
    words: Words
    required: bool = False
    options: tuple[Option, ...] = ()
    unit: str | None = None
    lowest: float | None = None
    highest: float | None = None
    decimals: int = 0
    vital: Vital | None = None
    loinc: str | None = None
    expression: str | None = None
    enable_when: tuple[Condition, ...] = ()
    enable_all: bool = True
    help: Words | None = None
    sounds: Words = field(default_factory=dict)
    items: tuple["Item", ...] = ()

    def option(self, code: str) -> Option | None:
        """Return the option of that code."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """One edition: a change of any word makes another. `digest` is of its canonical JSON.

    `name` is the same in every version (« home-daily »); `licence` and `source` stand on every
    page that shows it. `proposed`: to be validated by a doctor.
    """

    digest: str
    url: str
    name: str
    version: str
    title: Words
    licence: str
    source: str
    proposed: bool
    languages: tuple[str, ...]
    loinc: str | None
    issued: date | None
    items: tuple[Item, ...]

    def flat(self) -> Iterator[Item]:
        """Yield every item, groups before what they hold."""
        yield from _flat(self.items)

    def item(self, link_id: str) -> Item | None:
        """Return the item of that linkId."""
        return next((item for item in self.flat() if item.link_id == link_id), None)


def _flat(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _flat(item.items)


def said(words: Words, locale: str) -> str:
    """Return the text in a language, else in French, else in whatever there is."""
    return words.get(locale) or words.get("fr") or next(iter(words.values()), "")
