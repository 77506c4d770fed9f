"""Reads when an item of a FHIR R4 Questionnaire is asked. Pure."""

from typing import Final

from questionnaires.fhir_reading import Reader
from questionnaires.outside import Fault
from questionnaires.questionnaire import Condition, Operator
from questionnaires.wire import Json

MOST_CONDITIONS: Final = 20
_ANSWERS: Final[dict[str, type | tuple[type, ...]]] = {
    "answerBoolean": bool,
    "answerInteger": int,
    "answerDecimal": (int, float),
    "answerString": str,
    "answerDate": str,
}


def conditions_of(reader: Reader, here: Json, path: str) -> tuple[Condition, ...]:
    """Return the conditions under which an item is asked; what does not fit is noted."""
    conditions = []
    for place, one in reader.objects(here, "enableWhen", path):
        condition = _condition(reader, one, place)
        if condition is not None:
            conditions.append(condition)
    if len(conditions) > MOST_CONDITIONS:
        reader.note(f"{path}.enableWhen", Fault.TOO_MANY)
    return tuple(conditions)


def _condition(reader: Reader, here: Json, path: str) -> Condition | None:
    reader.only(here, path, frozenset({"question", "operator", "answerCoding", *_ANSWERS}))
    question = reader.text(here, "question", path, needed=True)
    raw = reader.text(here, "operator", path, needed=True)
    given = [name for name in here if name.startswith("answer")]
    if not question or not raw:
        return None
    if raw not in tuple(Operator):
        reader.note(f"{path}.operator", Fault.BAD_OPERATOR, raw)
        return None
    value = _compared(here, given[0]) if len(given) == 1 else None
    if value is None:
        reader.note(path, Fault.BAD_COMPARISON, ", ".join(given))
        return None
    return Condition(link_id=question, operator=Operator(raw), value=value)


def _compared(here: Json, name: str) -> bool | int | float | str | None:
    value = here[name]
    if name == "answerCoding":
        code = value.get("code") if isinstance(value, dict) else None
        return code if isinstance(code, str) else None
    wanted = _ANSWERS.get(name)
    if wanted is None or isinstance(value, bool) != (wanted is bool):
        return None
    if not isinstance(value, wanted):
        return None
    return value if isinstance(value, bool | int | float | str) else None


def are_all_needed(reader: Reader, here: Json, path: str, conditions: int) -> bool:
    """Say whether all conditions must hold, as « enableBehavior » says; needed with several."""
    raw = here.get("enableBehavior")
    if raw not in (None, "all", "any") or (raw is None and conditions > 1):
        reader.note(f"{path}.enableBehavior", Fault.NO_BEHAVIOUR, raw or "")
    return raw != "any"
