"""Calculates the scores of a questionnaire by FHIRPath, on the answers alone.

Pure. A score is given only when every answer its expression names is there: a sum over what is
missing would read as a lower score.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import fhirpathpy
from fhirpathpy.models import models

from questionnaires.questionnaire import Item, Kind, Questionnaire, Value

LONGEST: Final = 2000
ALLOWED: Final = frozenset(
    {
        *("where", "exists", "empty", "not", "count", "first", "last", "single", "sum", "iif"),
        *("select", "all", "toInteger", "toDecimal", "toString", "abs", "round", "floor"),
        *("ceiling", "value", "ofType", "is", "and", "or", "xor", "implies", "in", "contains"),
        *("div", "mod"),
    }
)
"""Functions an expression may call: none that loops, matches patterns, asks the time or a server.

Source of the list: FHIRPath 2.0 (http://hl7.org/fhirpath), what sums, means and bands need.
"""
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'")
_CALL = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*\(")
_VARIABLE = re.compile(r"%`?([A-Za-z_][A-Za-z0-9_-]*)")
_DELIMITED = re.compile(r"[`@$]")
_Compiled = Callable[[dict[str, Any], dict[str, Any]], list[Any]]


def is_calculable(expression: str) -> bool:
    """Say whether an expression is FHIRPath, calls plain functions only and names an answer."""
    if len(expression) > LONGEST or not named(expression):
        return False
    bare = _STRING.sub("''", expression)
    if "'" in bare.replace("''", "") or _DELIMITED.search(bare.replace("$this", "")):
        return False
    if set(_CALL.findall(bare)) - ALLOWED or set(_VARIABLE.findall(bare)) - {"resource"}:
        return False
    try:
        _compile(expression)
    except Exception:
        # The parser raises whatever its grammar stumbles on; all of it means the same here.
        return False
    return True


def named(expression: str) -> frozenset[str]:
    """Return every text in quotes: among them, the linkIds of the answers it needs."""
    return frozenset(_STRING.findall(expression))


def calculate(questionnaire: Questionnaire, values: Mapping[str, Value]) -> dict[str, float]:
    """Return each score by its linkId; one that needs an answer nobody gave is left out."""
    scores: dict[str, float] = {}
    response = None
    asked = {item.link_id: item for item in questionnaire.flat()}
    for item in questionnaire.flat():
        if item.kind is not Kind.SCORE or item.expression is None:
            continue
        needed = named(item.expression) & set(asked)
        if not needed <= set(values):
            continue
        response = response or response_of(asked, values)
        score = _evaluate(item, response)
        if score is not None:
            scores[item.link_id] = score
    return scores


def response_of(asked: Mapping[str, Item], values: Mapping[str, Value]) -> dict[str, Any]:
    """Return the answers as the items of a QuestionnaireResponse, flat, in the order asked."""
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "item": [
            {"linkId": link_id, "answer": _answers(item, values[link_id])}
            for link_id, item in asked.items()
            if link_id in values
        ],
    }


def _answers(item: Item, value: Value) -> list[dict[str, Any]]:
    match item.kind:
        case Kind.CHOICE | Kind.CHOICES:
            codes = value if isinstance(value, tuple | list) else (value,)
            return [{"valueCoding": {"code": code}} for code in codes]
        case Kind.BOOLEAN:
            return [{"valueBoolean": value}]
        case Kind.INTEGER:
            return [{"valueInteger": value}]
        case Kind.DECIMAL:
            return [{"valueDecimal": value}]
        case Kind.DATE:
            return [{"valueDate": value}]
        case _:
            return [{"valueString": str(value)}]


def _evaluate(item: Item, response: dict[str, Any]) -> float | None:
    try:
        found = _compile(item.expression or "")(response, {"resource": response})
    except Exception:
        # An expression that fails on these answers gives no score, and never a wrong one.
        return None
    if len(found) != 1 or isinstance(found[0], bool) or not isinstance(found[0], int | float):
        try:
            number = float(found[0]) if len(found) == 1 and not isinstance(found[0], str) else None
        except (TypeError, ValueError):
            return None
    else:
        number = float(found[0])
    if number is None or isinstance(found[0], bool):
        return None
    rounded = round(number, item.decimals)
    return int(rounded) if item.decimals == 0 else rounded


@lru_cache(maxsize=256)
def _compile(expression: str) -> _Compiled:
    compiled: _Compiled = fhirpathpy.compile(expression, models["r4"])
    return compiled
