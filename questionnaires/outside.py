"""What an imported questionnaire holds that Chevet does not ask: where, and what to do about it.

Pure. Messages are English msgids: pages say them in the reader's language.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """Why a questionnaire, or one thing in it, cannot be taken as it is."""

    NOT_JSON = "not_json"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TWICE = "twice"
    NO_NUMBER = "no_number"
    BAD_TEXT = "bad_text"
    NOT_A_QUESTIONNAIRE = "not_a_questionnaire"
    WRONG_TYPE = "wrong_type"
    MISSING = "missing"
    UNKNOWN_ELEMENT = "unknown_element"
    UNKNOWN_EXTENSION = "unknown_extension"
    MODIFIER = "modifier"
    BAD_NAME = "bad_name"
    BAD_LANGUAGE = "bad_language"
    NOT_IN_FORCE = "not_in_force"
    BAD_LINK_ID = "bad_link_id"
    LINK_ID_TWICE = "link_id_twice"
    UNKNOWN_KIND = "unknown_kind"
    REPEATS = "repeats"
    NOT_AN_OPTION = "not_an_option"
    FEW_OPTIONS = "few_options"
    OPTION_TWICE = "option_twice"
    OPTIONS_HERE = "options_here"
    CHILDREN_HERE = "children_here"
    BAD_UNIT = "bad_unit"
    BAD_BOUNDS = "bad_bounds"
    BAD_VITAL = "bad_vital"
    BAD_WORD = "bad_word"
    UNKNOWN_QUESTION = "unknown_question"
    BAD_OPERATOR = "bad_operator"
    BAD_COMPARISON = "bad_comparison"
    NO_BEHAVIOUR = "no_behaviour"
    CIRCLE = "circle"
    BAD_EXPRESSION = "bad_expression"
    NOTHING_ASKED = "nothing_asked"
    TOO_MANY = "too_many"
    BAD_SOUND = "bad_sound"


FAULT_WORDS: Final[dict[Fault, str]] = {
    Fault.NOT_JSON: "This is not JSON: export the questionnaire again as FHIR R4 JSON.",
    Fault.TOO_LARGE: "The file is too large: 900 kB at most.",
    Fault.TOO_DEEP: "The file is nested too deeply: 24 levels at most.",
    Fault.TWICE: "The same name is given twice in one object: keep one.",
    Fault.NO_NUMBER: "This is no number that can be stored: write a plain decimal number.",
    Fault.BAD_TEXT: "The text holds a character that cannot be stored: write it anew.",
    Fault.NOT_A_QUESTIONNAIRE: "This is not a FHIR R4 Questionnaire: choose another file.",
    Fault.WRONG_TYPE: "The value has not the type FHIR R4 gives it here: correct it.",
    Fault.MISSING: "This is needed and missing: add it.",
    Fault.UNKNOWN_ELEMENT: "Chevet does not use this element: remove it.",
    Fault.UNKNOWN_EXTENSION: "Chevet does not know this extension: remove it, or say it in words.",
    Fault.MODIFIER: "A modifier extension changes the meaning and is never ignored: remove it.",
    Fault.BAD_NAME: "The name holds letters, digits and hyphens, and begins with a letter.",
    Fault.BAD_LANGUAGE: "Write a language such as « fr » or « en »; each one once.",
    Fault.NOT_IN_FORCE: "Its status says it is no longer used: import one that is draft or active.",
    Fault.BAD_LINK_ID: "A linkId holds letters, digits, and / . _ - , 64 characters at most.",
    Fault.LINK_ID_TWICE: "This linkId is used twice: give each item its own.",
    Fault.UNKNOWN_KIND: (
        "Chevet does not ask this type: use boolean, choice, integer, decimal, text, date, "
        "attachment, display or group."
    ),
    Fault.REPEATS: "Only a choice may have several answers: remove « repeats ».",
    Fault.NOT_AN_OPTION: "An option is a valueCoding with a code and a display.",
    Fault.FEW_OPTIONS: "A choice needs at least two options, written in the questionnaire itself.",
    Fault.OPTION_TWICE: "Two options of one question have the same code.",
    Fault.OPTIONS_HERE: "Only a choice has options: remove them.",
    Fault.CHILDREN_HERE: "Only a group holds items; under a question, only a help text.",
    Fault.BAD_UNIT: "The unit is not a UCUM code that Chevet knows.",
    Fault.BAD_BOUNDS: "A number needs minValue and maxValue, the least below the greatest.",
    Fault.BAD_VITAL: "The vital sign, its unit and its limits do not agree.",
    Fault.BAD_WORD: "This is none of the words allowed here.",
    Fault.UNKNOWN_QUESTION: "The condition names a question that does not exist or asks nothing.",
    Fault.BAD_OPERATOR: "This comparison does not fit the question it looks at.",
    Fault.BAD_COMPARISON: "The answer compared with is not one the question can have.",
    Fault.NO_BEHAVIOUR: "With several conditions, enableBehavior says « all » or « any ».",
    Fault.CIRCLE: "The conditions go round in a circle: no item may depend on itself.",
    Fault.BAD_EXPRESSION: (
        "The expression is not FHIRPath that Chevet calculates: it names each answer it needs by "
        "linkId and uses only plain functions."
    ),
    Fault.NOTHING_ASKED: "The questionnaire asks nothing.",
    Fault.TOO_MANY: "There is too much: 200 items, 60 options and 20 conditions an item at most.",
    Fault.BAD_SOUND: (
        "A sound is mp3, ogg, mp4 or wav, inside the file (base64, no address), on a question, "
        "one a language: 60 kB each and 600 kB in all at most."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing outside the subset; `path` as in FHIRPath, `found` what stands there, cut short."""

    path: str
    fault: Fault
    found: str = ""


@dataclass(frozen=True, slots=True)
class OutsideSubset:
    """The questionnaire is not taken: every reason found, in the order of the file."""

    findings: tuple[Finding, ...]
