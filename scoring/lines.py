"""Scores as JSON lines: one line in, one line out, and a bad line never stops the stream."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, fields
from enum import StrEnum
from math import inf
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_type_hints

import msgspec

from scoring.library import SCORES
from scoring.refusal import Incomplete, Refused

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Given = TypeVar("Given", bound="DataclassInstance")

_WANTED: Final[dict[type, str]] = {bool: "true or false", int: "a whole number", float: "a number"}


def answer_line(score: str, line: bytes) -> str:
    """Score one JSON object (UTF-8) and return one JSON object, without line end.

    What the score found by its fields, or `{"refused", "missing"}` where `missing` is empty unless
    something is missing. Raises KeyError for a score there is not.
    """
    known, given = SCORES[score], _read(line)
    if not isinstance(given, Refused):
        given = parse(known.given, given)
    return json.dumps(said(given if isinstance(given, Refused) else known.answer(given)))


def said(result: Any) -> dict[str, object]:
    """Return what a score answered as plain data."""
    match result:
        case Incomplete(missing=missing):
            return {"refused": f"missing: {', '.join(missing)}", "missing": list(missing)}
        case Refused(reason=reason):
            return {"refused": reason, "missing": []}
        case _:
            plain: dict[str, object] = msgspec.to_builtins(asdict(result))
            return plain


def _read(line: bytes) -> Mapping[str, Any] | Refused:
    try:
        given = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        return Refused(reason=f"not a JSON line: {error}")
    return given if isinstance(given, dict) else Refused(reason="not a JSON object")


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    given = dict(pairs)
    if len(given) != len(pairs):
        raise ValueError("a field is given twice")
    return given


def parse(kind: type[Given], given: Mapping[str, Any]) -> Given | Refused:
    """Read an input by field name; None is not known, an unknown name or wrong type is refused.

    A truth value is never taken for a number, nor text for either.
    """
    hints = get_type_hints(kind)
    unknown = sorted(set(given) - set(hints))
    if unknown:
        return Refused(reason=f"unknown field: {', '.join(unknown)}")
    values: dict[str, Any] = {}
    for field in fields(kind):
        name, hint = field.name, hints[field.name]
        if name not in given and field.default is not MISSING:
            continue
        value = given.get(name)
        if _type_of(hint) is float and type(value) is int:
            value = _as_float(value)
        try:
            values[name] = msgspec.convert(value, hint)
        except msgspec.ValidationError as error:
            shown = _short(given.get(name))
            return Refused(reason=f"{name}: {shown} is not {_wanted(hint, error)}")
    return kind(**values)


def _type_of(hint: Any) -> Any:
    """Return the type of a field besides None."""
    known = [one for one in get_args(hint) if one is not NoneType]
    return known[0] if known and get_args(hint)[-1] is NoneType else hint


def _wanted(hint: Any, error: msgspec.ValidationError) -> str:
    """Return what a field wants."""
    kind = _type_of(hint)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return f"one of {', '.join(kind)}"
    return _WANTED.get(kind, f"what it should be: {error}")


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
