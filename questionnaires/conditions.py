"""When an item is asked: the conditions among answers, checked once and judged often. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final, assert_never

from questionnaires.fhir_reading import Reader
from questionnaires.outside import Fault
from questionnaires.questionnaire import ASKED, Condition, Item, Kind, Operator, Value

_ORDERED: Final = frozenset({Operator.GREATER, Operator.LESS, Operator.AT_LEAST, Operator.AT_MOST})
_NUMBERS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL})


def holds(condition: Condition, answer: Value | None) -> bool:
    """Say whether an answer (None: not given, or not asked) meets a condition.

    As FHIR R4 words it, one of several answers is enough, and « != » means that none is equal: it
    holds without any answer.
    """
    given = answer if isinstance(answer, tuple | list) else () if answer is None else (answer,)
    wanted = condition.value
    match condition.operator:
        case Operator.EXISTS:
            return bool(given) is wanted
        case Operator.EQUALS:
            return any(one == wanted for one in given)
        case Operator.NOT_EQUALS:
            return all(one != wanted for one in given)
        case Operator.GREATER:
            return any(_compare(one, wanted) > 0 for one in given)
        case Operator.LESS:
            return any(_compare(one, wanted) < 0 for one in given)
        case Operator.AT_LEAST:
            return any(_compare(one, wanted) >= 0 for one in given)
        case Operator.AT_MOST:
            return any(_compare(one, wanted) <= 0 for one in given)
        case _:
            assert_never(condition.operator)


def enabled(item: Item, answers: Mapping[str, Value]) -> bool:
    """Say whether an item's own conditions let it be asked; `answers`: of what is asked alone."""
    met = [holds(one, answers.get(one.link_id)) for one in item.enable_when]
    return not met or (all(met) if item.enable_all else any(met))


def check_conditions(reader: Reader, items: tuple[Item, ...], places: Mapping[str, str]) -> None:
    """Note every condition that cannot be judged, and every circle among conditions."""
    known: dict[str, Item] = {}
    parents: dict[str, str | None] = {}
    _know(items, None, known, parents)
    for item in known.values():
        for index, condition in enumerate(item.enable_when):
            path = f"{places[item.link_id]}.enableWhen[{index}]"
            question = known.get(condition.link_id)
            if question is None or question.kind not in ASKED or question.kind is Kind.PHOTO:
                reader.note(path, Fault.UNKNOWN_QUESTION, condition.link_id)
            else:
                _check(reader, path, condition, question)
    for link_id in _in_circle(known, parents):
        reader.note(places[link_id], Fault.CIRCLE, link_id)


def _compare(answer: object, wanted: object) -> int:
    """Return -1, 0 or 1; numbers as numbers, ISO dates as texts. The check let nothing else in."""
    if isinstance(answer, str) and isinstance(wanted, str):
        return (answer > wanted) - (answer < wanted)
    if isinstance(answer, int | float) and isinstance(wanted, int | float):
        return (answer > wanted) - (answer < wanted)
    raise TypeError(f"{answer!r} and {wanted!r} do not compare")


def _know(
    items: tuple[Item, ...],
    parent: str | None,
    known: dict[str, Item],
    parents: dict[str, str | None],
) -> None:
    for item in items:
        known[item.link_id], parents[item.link_id] = item, parent
        _know(item.items, item.link_id, known, parents)


def _check(reader: Reader, path: str, condition: Condition, question: Item) -> None:
    value, kind = condition.value, question.kind
    if condition.operator is Operator.EXISTS:
        if not isinstance(value, bool):
            reader.note(path, Fault.BAD_COMPARISON, value)
        return
    if condition.operator in _ORDERED and kind not in _NUMBERS | {Kind.DATE}:
        reader.note(path, Fault.BAD_OPERATOR, condition.operator)
        return
    if not _can_be(value, question):
        reader.note(path, Fault.BAD_COMPARISON, value)


def _can_be(value: bool | int | float | str, question: Item) -> bool:
    match question.kind:
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.CHOICE | Kind.CHOICES:
            return isinstance(value, str) and question.option(value) is not None
        case Kind.INTEGER | Kind.DECIMAL:
            return not isinstance(value, bool | str)
        case Kind.DATE:
            return isinstance(value, str) and is_date(value)
        case _:
            return isinstance(value, str)


def is_date(text: str) -> bool:
    """Say whether a text is a whole ISO date: 2026-11-26."""
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _in_circle(known: Mapping[str, Item], parents: Mapping[str, str | None]) -> list[str]:
    """Return the items that depend on themselves: by a condition, or through their group's."""
    needs: dict[str, set[str]] = {}
    for link_id, item in known.items():
        parent = parents[link_id]
        conditions = {one.link_id for one in item.enable_when if one.link_id in known}
        needs[link_id] = conditions | ({parent} if parent else set())
    while True:
        free = {link_id for link_id, wanted in needs.items() if not wanted & set(needs)}
        if not free:
            break
        needs = {link_id: wanted for link_id, wanted in needs.items() if link_id not in free}
    return [link_id for link_id in needs if _reaches_itself(link_id, needs)]


def _reaches_itself(start: str, needs: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for one in needs[waiting.pop()] & set(needs):
            if one == start:
                return True
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return False
