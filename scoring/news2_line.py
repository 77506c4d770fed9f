"""NEWS2 as JSON lines: one line in, one line out, and a bad line never stops the stream."""

import json
from collections.abc import Mapping, Sequence
from math import inf
from typing import Any, assert_never

from scoring.news2 import (
    FIELDS,
    NUMBERS,
    Consciousness,
    News2,
    News2Input,
    score_news2,
)
from scoring.refusal import Incomplete, Refused

_FLAGS = ("supplemental_oxygen", "pregnant")


def answer_line(line: bytes) -> str:
    """Score one JSON object (UTF-8) and return one JSON object, without line end.

    `{"total", "band", "parts"}`, or `{"refused", "missing"}` where `missing` is empty unless
    something is missing.
    """
    given = _read(line)
    result = given if isinstance(given, Refused) else score_news2(given)
    match result:
        case News2(total=total, band=band, parts=parts):
            answer: dict[str, object] = {"total": total, "band": band, "parts": dict(parts)}
        case Incomplete(missing=missing):
            answer = {"refused": f"missing: {', '.join(missing)}", "missing": list(missing)}
        case Refused(reason=reason):
            answer = {"refused": reason, "missing": []}
        case _:
            assert_never(result)
    return json.dumps(answer)


def _read(line: bytes) -> News2Input | Refused:
    try:
        fields = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        return Refused(reason=f"not a JSON line: {error}")
    if not isinstance(fields, dict):
        return Refused(reason="not a JSON object")
    return parse_news2(fields)


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field is given twice")
    return fields


def parse_news2(fields: Mapping[str, Any]) -> News2Input | Refused:
    """Read the input by field name; None is not known, an unknown name or wrong type is refused.

    A truth value is never taken for a number, nor text for either.
    """
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        return Refused(reason=f"unknown field: {', '.join(unknown)}")
    values: dict[str, Any] = {}
    for name in FIELDS:
        value = fields.get(name)
        wanted = None if value is None else _wanted(name, value)
        if wanted is not None:
            return Refused(reason=f"{name}: {_short(value)} is not {wanted}")
        values[name] = value
    for name in (*NUMBERS, "age"):
        values[name] = None if values[name] is None else _as_float(values[name])
    if values["consciousness"] is not None:
        values["consciousness"] = Consciousness(values["consciousness"])
    return News2Input(**values)


def _wanted(name: str, value: object) -> str | None:
    """Return what the field wants when `value` is not that, else None."""
    if name in _FLAGS:
        return None if isinstance(value, bool) else "true or false"
    if name == "consciousness":
        known = isinstance(value, str) and value in [state.value for state in Consciousness]
        return None if known else "one of A, C, V, P, U"
    if name == "spo2_scale":
        return None if isinstance(value, int) and not isinstance(value, bool) else "1 or 2"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if number else "a number"


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
