"""JSON as it comes from outside, read strictly, and the one way in which a digest is made of it.

Pure. What two readers could understand differently is refused: a name given twice, NaN, a number
too great, a text PostgreSQL cannot store, nesting without end.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from questionnaires.outside import Fault, Finding

LARGEST: Final = 900 * 1000
"""Bytes of a questionnaire at most (proposed: 600 kB of sounds in base64; the longest shipped one
has about 20 kB, and a form of ours may have 1 MiB)."""
DEEPEST: Final = 24
"""Levels of nesting: items in items, with room for extensions in extensions."""
GREATEST: Final = 2**53
"""Beyond it a number is no longer the same in every reader (RFC 8259 §6)."""

Json = Mapping[str, Any]


class _RefusedError(ValueError):
    """Carries the fault out of the parser's hooks."""

    def __init__(self, fault: Fault, found: str = "") -> None:
        super().__init__(fault)
        self.fault, self.found = fault, found


def read_json(raw: str | bytes) -> dict[str, Any] | Finding:
    """Return the object in a JSON text, or why it is not read."""
    if len(raw) > LARGEST:
        return Finding(path="", fault=Fault.TOO_LARGE)
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        if _depth(text) > DEEPEST:
            return Finding(path="", fault=Fault.TOO_DEEP)
        read = json.loads(
            text,
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_int=_whole,
            parse_float=_decimal,
        )
        _storable(read)
    except _RefusedError as refused:
        return Finding(path="", fault=refused.fault, found=cut(refused.found))
    except (ValueError, RecursionError):
        return Finding(path="", fault=Fault.NOT_JSON)
    if not isinstance(read, dict):
        return Finding(path="", fault=Fault.NOT_A_QUESTIONNAIRE)
    return read


def canonical(resource: Json) -> str:
    """Return the one JSON text of a resource: names sorted, no spaces, 37.0 written 37.

    After RFC 8785: the same whatever reader or database it went through.
    """
    return json.dumps(
        _plain(resource), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest_of(resource: Json) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(resource).encode()).hexdigest()


def cut(found: object, most: int = 80) -> str:
    """Return what stands somewhere, short enough for a report."""
    text = str(found)
    return text if len(text) <= most else text[: most - 1] + "…"


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < GREATEST:
        return int(value)
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _depth(text: str) -> int:
    """Return how deep brackets are nested outside strings, without recursion."""
    deepest = depth = 0
    in_string = escaped = False
    for letter in text:
        if in_string:
            in_string = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            in_string = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        names = [name for name, _ in pairs]
        raise _RefusedError(Fault.TWICE, next(name for name in names if names.count(name) > 1))
    return read


def _no_number(word: str) -> Any:
    raise _RefusedError(Fault.NO_NUMBER, word)


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > GREATEST:
        raise _RefusedError(Fault.NO_NUMBER, digits)
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits)
    if abs(value) > GREATEST:
        raise _RefusedError(Fault.NO_NUMBER, digits)
    return value


def _storable(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise _RefusedError(Fault.BAD_TEXT, ascii(value))
    elif isinstance(value, dict):
        for name, inner in value.items():
            _storable(name)
            _storable(inner)
    elif isinstance(value, list):
        for inner in value:
            _storable(inner)
