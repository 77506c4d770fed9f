"""A questionnaire as versioned data, and the check of what was filled in.

Pure. `read_form` gives typed values or names each thing that is wrong; nothing is guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Literal

import msgspec

from core.vitals import VITAL_BY_SLUG, VITALS, Vital

_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+$")]


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer to tick. `call_15`: the patient is told at once to call 15.

    Source of the three that do: major severity factors lead to a call to 15 in the French
    ministry of health's COVID-19 orientation algorithm 2020-06-09 (proposed, to be validated).
    """

    code: _Code
    text: _Text
    call_15: bool = False


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question: choices, which need an answer, or an optional number typed by hand."""

    code: _Code
    kind: Literal["choice", "number"]
    text: _Text
    choices: tuple[Choice, ...] = ()
    vital: str | None = None

    def __post_init__(self) -> None:
        """Refuse a question that is neither a choice nor the number of a known vital."""
        if (self.kind == "choice") != (len(self.choices) >= 2):
            raise ValueError(f"{self.code}: a choice has at least two answers, a number none")
        if (self.kind == "number") != (self.vital in VITAL_BY_SLUG):
            raise ValueError(f"{self.code}: a number names a known vital, a choice none")

    @property
    def measured(self) -> Vital:
        """Return the vital of a number."""
        return VITAL_BY_SLUG[self.vital or ""]

    def choice(self, code: str) -> Choice | None:
        """Return the choice of that code."""
        return next((choice for choice in self.choices if choice.code == code), None)


class Instrument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A questionnaire in one version; a change of any word makes a new version."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: _Text
    status: _Text
    source: _Text
    questions: Annotated[tuple[Question, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse two questions of one code."""
        codes = [question.code for question in self.questions]
        if len(set(codes)) != len(codes):
            raise ValueError("a question is given twice")


class InstrumentError(ValueError):
    """The file cannot be used: the message says where and why."""


class ProblemKind(StrEnum):
    """What is wrong with one answer."""

    MISSING = "missing"
    UNKNOWN_CHOICE = "unknown_choice"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_BOUNDS = "out_of_bounds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One answer that cannot be taken; bounds, in the vital's unit, for OUT_OF_BOUNDS only."""

    question: str
    kind: ProblemKind
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """Every needed answer is there: code of the choice, or number in the vital's unit."""

    values: dict[str, str | float]


@dataclass(frozen=True, slots=True)
class Rejected:
    """What is wrong, in the order of the questions."""

    problems: tuple[Problem, ...]


def parse_instrument(text: str | bytes) -> Instrument:
    """Read an instrument from JSON; raises InstrumentError on anything unknown or missing."""
    try:
        return msgspec.json.decode(text, type=Instrument)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InstrumentError(str(error)) from error


_NUMBER: Final = re.compile(r"^[0-9]{1,3}([.,][0-9]{1,2})?$")


def read_form(instrument: Instrument, given: Mapping[str, str]) -> Completed | Rejected:
    """Check what was filled in; a number left empty was not measured and is left out.

    A decimal comma and a point are both understood. Bounds are those of a living person at home
    (`core.vitals`): beyond them the hand has slipped and the person is asked again.
    """
    values: dict[str, str | float] = {}
    problems: list[Problem] = []
    for question in instrument.questions:
        typed = given.get(question.code, "").strip()
        if not typed and question.kind == "number":
            continue
        read = _read_choice(question, typed) if question.choices else _read_number(question, typed)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            values[question.code] = read
    return Rejected(tuple(problems)) if problems else Completed(values)


def _read_choice(question: Question, typed: str) -> str | Problem:
    if not typed:
        return Problem(question=question.code, kind=ProblemKind.MISSING)
    if question.choice(typed) is None:
        return Problem(question=question.code, kind=ProblemKind.UNKNOWN_CHOICE)
    return typed


def _read_number(question: Question, typed: str) -> float | Problem:
    info = VITALS[question.measured]
    bare = typed.replace(" ", "").removesuffix("%").removesuffix("°C").replace("°", "")
    if not _NUMBER.match(bare):
        return Problem(question=question.code, kind=ProblemKind.NOT_A_NUMBER)
    value = round(float(bare.replace(",", ".")), info.decimals)
    if not info.lowest <= value <= info.highest:
        return Problem(
            question=question.code,
            kind=ProblemKind.OUT_OF_BOUNDS,
            lowest=info.lowest,
            highest=info.highest,
        )
    return value


def needs_15(instrument: Instrument, values: Mapping[str, str | float]) -> bool:
    """Say whether an answer is one of those with which to call 15 at once."""
    return any(
        choice.call_15
        for question in instrument.questions
        for choice in question.choices
        if values.get(question.code) == choice.code
    )
