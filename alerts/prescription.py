"""A monitoring prescription: all that is watched in one patient, in one signed text. Pure.

Read strictly: an unknown field, level or item is refused with the place it stands at. The text that
is signed is canonical (keys in order, no blanks), so the same content always has the same digest.
"""

from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Final, Literal

import msgspec

Level = Literal["orange", "red"]
_Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+$", max_length=60)]
_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$", max_length=60)]
_Hours = Annotated[int, msgspec.Meta(ge=1, le=24 * 30)]
_Minutes = Annotated[int, msgspec.Meta(ge=1, le=24 * 60)]
_RepeatMinutes = Annotated[int, msgspec.Meta(ge=1, le=60)]
_Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
_Count = Annotated[int, msgspec.Meta(ge=1, le=20)]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The four absolute limits, in the vital's unit, each met by the number itself; None: none."""

    red_low: float | None = None
    orange_low: float | None = None
    orange_high: float | None = None
    red_high: float | None = None

    def given(self) -> list[tuple[str, float]]:
        """Return the limits that are set, from the lowest to the highest."""
        named = [(name, getattr(self, name)) for name in LIMITS]
        return [(name, value) for name, value in named if value is not None]


LIMITS: Final = ("red_low", "orange_low", "orange_high", "red_high")


class Sustain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An orange breach calls only once it has lasted `minutes`, or `breaches` of `readings`."""

    minutes: _Minutes | None = None
    breaches: _Count | None = None
    readings: _Count | None = None


class ChangeRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fall or a rise of at least `by` within some hours."""

    way: Literal["fall", "rise"]
    by: float
    within_hours: _Hours
    level: Level


class UsualRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A distance of at least `by` below (`fall`) or above (`rise`) the person's usual value."""

    way: Literal["fall", "rise"]
    by: float
    level: Level


class SilenceRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without a value that counts for so long, somebody is called."""

    after_hours: _Hours
    level: Level


class Parameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One vital sign; a value is expected every `every_hours` and is too old after that.

    `repeat_minutes`: how long a first orange value waits for a new measure of the patient. Left
    out of the text where it is not set: what was signed before there was such a field keeps its
    text.
    """

    item: _Code
    loinc: str
    unit: str
    every_hours: _Hours
    essential: bool = False
    limits: Limits = Limits()
    sustain: Sustain | None = None
    changes: tuple[ChangeRule, ...] = ()
    usual: float | None = None
    from_usual: tuple[UsualRule, ...] = ()
    silence: SilenceRule | None = None
    repeat_minutes: _RepeatMinutes | msgspec.UnsetType = msgspec.UNSET

    @property
    def repeat(self) -> int | None:
        """Return the minutes a first orange value waits, None where it calls at once."""
        return self.repeat_minutes if isinstance(self.repeat_minutes, int) else None


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question of the template, with the level of each of its answers."""

    item: _Code
    every_hours: _Hours
    essential: bool = False
    choices: dict[str, Literal["green", "orange", "red"]]


class TogetherRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Items all out of their limits within some hours: one of the combinations by name."""

    code: _Code
    within_hours: _Hours
    level: Level


class ServiceHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the team reads: ISO days of the week, and from when to when in the patient's zone."""

    days: tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...]
    start: _Clock
    end: _Clock


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything one version prescribes.

    `template`, `ladder`: id and version of those shipped, so that a later edition changes nothing.
    `ends_on`: the last day; `notice_days` before it the team is told.
    """

    schema: Literal[1] = 1
    template: tuple[_Name, int]
    ladder: tuple[_Name, int]
    parameters: tuple[Parameter, ...]
    questions: tuple[Question, ...] = ()
    combinations: tuple[TogetherRule, ...] = ()
    service_hours: ServiceHours | None = None
    spo2_scale: Literal[1, 2] = 1
    ends_on: date | None = None
    notice_days: Annotated[int, msgspec.Meta(ge=0, le=60)] = 7


class PrescriptionError(ValueError):
    """The text is no prescription: the message names the place and what is wrong with it."""


class Wrong(StrEnum):
    """What may be wrong with what is written in a prescription."""

    UNKNOWN_VITAL = "unknown_vital"
    UNIT = "unit"
    CODE = "code"
    TWICE = "twice"
    ORDER = "order"
    OUT_OF_RANGE = "out_of_range"
    NOT_POSITIVE = "not_positive"
    SUSTAIN = "sustain"
    REPEAT = "repeat"
    NO_REPEAT = "no_repeat"
    UNKNOWN_QUESTION = "unknown_question"
    UNKNOWN_ANSWER = "unknown_answer"
    ANSWER_MISSING = "answer_missing"
    UNKNOWN_COMBINATION = "unknown_combination"
    NOT_PRESCRIBED = "not_prescribed"
    HOURS = "hours"
    ENDED = "ended"
    NOTHING = "nothing"
    NUMBER = "number"
    WHOLE_HOURS = "whole_hours"
    WHOLE_MINUTES = "whole_minutes"
    REPEAT_MINUTES = "repeat_minutes"
    WHOLE_COUNT = "whole_count"
    WHOLE_DAYS = "whole_days"
    CHOICE = "choice"
    DATE = "date"
    CLOCK = "clock"


WRONG_SENTENCES: Final = {
    Wrong.UNKNOWN_VITAL: "This is no parameter that can be watched.",
    Wrong.UNIT: "The unit is not the one of this parameter.",
    Wrong.CODE: "The LOINC code is not the one of this parameter.",
    Wrong.TWICE: "This stands in the prescription twice.",
    Wrong.ORDER: "Limits must rise: red low, orange low, orange high, red high.",
    Wrong.OUT_OF_RANGE: "No living person at home can show this value.",
    Wrong.NOT_POSITIVE: "A difference must be more than zero.",
    Wrong.SUSTAIN: "Give either minutes, or how many of the last readings.",
    Wrong.REPEAT: "A breach that has to last is not measured again: give the one or the other.",
    Wrong.NO_REPEAT: "There is no guide for the patient to measure this again.",
    Wrong.UNKNOWN_QUESTION: "The template has no such question.",
    Wrong.UNKNOWN_ANSWER: "The question has no such answer.",
    Wrong.ANSWER_MISSING: "Every answer of the question needs a level.",
    Wrong.UNKNOWN_COMBINATION: "There is no such combination.",
    Wrong.NOT_PRESCRIBED: "The combination names what is not prescribed.",
    Wrong.HOURS: "Service hours need at least one day, and must end after they begin.",
    Wrong.ENDED: "The end date must lie in the future.",
    Wrong.NOTHING: "Nothing is prescribed.",
    Wrong.NUMBER: "This is not a number.",
    Wrong.WHOLE_HOURS: "Whole hours, from 1 to 720.",
    Wrong.WHOLE_MINUTES: "Whole minutes, from 1 to 1440.",
    Wrong.REPEAT_MINUTES: "Whole minutes, from 1 to 60.",
    Wrong.WHOLE_COUNT: "A whole number, from 1 to 20.",
    Wrong.WHOLE_DAYS: "Whole days, from 0 to 60.",
    Wrong.CHOICE: "Choose one of those there are.",
    Wrong.DATE: "A date, such as 31/12/2026.",
    Wrong.CLOCK: "A time, such as 08:30.",
}
"""English msgid of each; they stand beside the field they are about."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong, and where: « spo2.limits.orange_low »."""

    place: str
    wrong: Wrong

    @property
    def sentence(self) -> str:
        """Return its English msgid."""
        return WRONG_SENTENCES[self.wrong]


def parse_content(text: str | bytes) -> Content:
    """Read a prescription; raises PrescriptionError naming the place of what cannot be read."""
    try:
        return msgspec.json.decode(text, type=Content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PrescriptionError(str(error)) from error


def canonical(content: Content) -> str:
    """Return the one text of a content: what is signed, stored and digested.

    It is read back once, so that 92 and 92.0 are the same number and the same text.
    """
    read = parse_content(msgspec.json.encode(content))
    return msgspec.json.encode(read, order="deterministic").decode()


def digest_of(text: str) -> str:
    """Return the SHA-256 of a canonical text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()
