"""What a whole questionnaire comes to, for the people who care for the patient. Pure."""

from collections.abc import Mapping
from typing import Final, assert_never

from core.i18n import translator
from questionnaires import orientation
from questionnaires.questionnaire import Questionnaire, Value, said
from scoring.cat import ITEMS, Cat, Impact, score_cat
from scoring.mmrc import Mmrc, score_mmrc
from scoring.orientation import Ending
from scoring.refusal import Incomplete, Refused

IMPACT_WORDS: Final[dict[Impact, str]] = {
    Impact.LOW: "CAT {total} of 40: low impact",
    Impact.MEDIUM: "CAT {total} of 40: medium impact",
    Impact.HIGH: "CAT {total} of 40: high impact",
    Impact.VERY_HIGH: "CAT {total} of 40: very high impact",
}
MMRC_WORDS: Final[dict[bool, str]] = {
    True: "mMRC {grade}: more symptoms (2 or above)",
    False: "mMRC {grade}: fewer symptoms (below 2)",
}


def meaning_of(
    questionnaire: Questionnaire, values: Mapping[str, Value], locale: str
) -> str | None:
    """Return the result of a questionnaire that has one; None while something is missing."""
    tr = translator(locale)
    match questionnaire.name:
        case "cat":
            result = score_cat([_code(values, f"cat{place}") for place in range(1, ITEMS + 1)])
            return _cat(result, locale)
        case "mmrc":
            grade = score_mmrc(_code(values, "mmrc"))
            if not isinstance(grade, Mmrc):
                return None
            return tr(MMRC_WORDS[grade.more_symptoms]).format(grade=grade.grade)
        case orientation.NAME:
            ending = orientation.ending_of(values)
            if not isinstance(ending, Ending):
                return None
            return f"{ending} – {said(orientation.message_of(ending), locale)}"
        case _:
            return None


def advice_for(
    questionnaire: Questionnaire, values: Mapping[str, Value], locale: str
) -> str | None:
    """Return what a whole questionnaire tells the patient to do, where it says so itself."""
    if questionnaire.name != orientation.NAME:
        return None
    ending = orientation.ending_of(values)
    return said(orientation.message_of(ending), locale) if isinstance(ending, Ending) else None


def _cat(result: Cat | Incomplete | Refused, locale: str) -> str | None:
    match result:
        case Cat():
            words = IMPACT_WORDS[result.impact]
            return translator(locale)(words).format(total=result.total)
        case Incomplete() | Refused():
            return None
        case _:
            assert_never(result)


def _code(values: Mapping[str, Value], link_id: str) -> int | None:
    """Return the number that is the code of an option."""
    value = values.get(link_id)
    return int(value) if isinstance(value, str) and value.isdecimal() else None
