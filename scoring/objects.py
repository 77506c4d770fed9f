"""Scores of one JSON object or of a list of them: the very answers of `scoring.lines`. Pure.

An object that can be read at once takes a short way; any other goes the way of `scoring.lines`,
which finds the words of its refusal.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, Final

import msgspec

from scoring.library import SCORES
from scoring.lines import parse, said
from scoring.refusal import Incomplete, Refused

MOST_OBJECTS: Final = 1000
"""Of one list: some tens of milliseconds of one processor. Source: proposed."""

_NOT_AN_OBJECT: Final = Refused(reason="not a JSON object")


@dataclass(frozen=True, slots=True, kw_only=True)
class TooMany:
    """The list is longer than MOST_OBJECTS."""

    count: int


Answered = dict[str, object]


def answer_body(score: str, body: bytes) -> Answered | list[Answered] | Refused | TooMany:
    """Score a JSON object, or each of a list of them in its order.

    Refused when the body is neither, or when its one object cannot be read. In a list what cannot
    be read is a refusal in its own place. Raises KeyError for a score there is not.
    """
    known, given = SCORES[score], _read(body)
    if isinstance(given, Refused):
        return given
    if not isinstance(given, list):
        one = _given(known.given, given)
        return one if isinstance(one, Refused) else _said(known.answer(one))
    if len(given) > MOST_OBJECTS:
        return TooMany(count=len(given))
    many = (_given(known.given, one) for one in given)
    return [_said(one if isinstance(one, Refused) else known.answer(one)) for one in many]


def _read(body: bytes) -> object | Refused:
    try:
        given = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        return Refused(reason=f"not JSON: {error}")
    if isinstance(given, dict | list):
        return given
    return Refused(reason="neither a JSON object nor a list of them")


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    given = dict(pairs)
    if len(given) != len(pairs):
        raise ValueError("a field is given twice")
    return given


def _given(kind: Any, given: object) -> Any:
    """Return what a score is given, or why it cannot be read."""
    if not isinstance(given, Mapping):
        return _NOT_AN_OBJECT
    not_known = _optional(kind)
    if given.keys() <= not_known.keys():
        try:
            return msgspec.convert({**not_known, **given}, kind)
        except msgspec.ValidationError:
            pass
    return parse(kind, given)


@cache
def _optional(kind: Any) -> Mapping[str, object]:
    """Return each field with what it is when nobody gives it."""
    return {
        field.name: None if field.default is MISSING else field.default for field in fields(kind)
    }


def _said(result: Any) -> Answered:
    if isinstance(result, Refused | Incomplete):
        return said(result)
    plain: Answered = msgspec.to_builtins(result)
    return plain
