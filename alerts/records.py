"""Values of the room as plain JSON and back: enums by code, times in ISO 8601 with their zone.

A level is written as its word (« red »), the same as in the database's columns. Pure.
"""

from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from scoring.level import LEVEL_BY_CODE, Level

Value = TypeVar("Value")
_HINTS: dict[type, dict[str, Any]] = {}
_OPTIONAL: dict[type, set[str]] = {}


def to_json(value: object) -> Any:
    """Return `value` as numbers, strings, lists and dicts that `from_json` reads back equal."""
    if isinstance(value, Level):
        return value.code
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [to_json(part) for part in value]
    if isinstance(value, dict):
        return {str(to_json(key)): to_json(part) for key, part in value.items()}
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    return value


def from_json(kind: type[Value], data: Any) -> Value:
    """Return the dataclass `kind` written as `data`; raises KeyError or ValueError for another.

    A field with a default may be absent: what was written before there was such a field is read.
    """
    hints = _HINTS.get(kind)
    if hints is None:
        hints = _HINTS[kind] = get_type_hints(kind)
        _OPTIONAL[kind] = {
            field.name for field in fields(cast(Any, kind)) if field.default is not MISSING
        }
    made = {
        name: _read(hint, data[name])
        for name, hint in hints.items()
        if name in data or name not in _OPTIONAL[kind]
    }
    return kind(**made)


def _read(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return None if data is None else _read(_without_none(kind), data)
    if origin is tuple:
        return tuple(_read_each(get_args(kind), data))
    if origin in (dict, Literal):
        return data
    return _read_plain(kind, data)


def _read_each(kinds: tuple[Any, ...], data: Any) -> list[Any]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return [_read(kinds[0], part) for part in data]
    return [_read(kind, part) for kind, part in zip(kinds, data, strict=True)]


def _read_plain(kind: Any, data: Any) -> Any:
    if kind is Level:
        return LEVEL_BY_CODE[data]
    if kind is datetime:
        return datetime.fromisoformat(data)
    if is_dataclass(kind) and isinstance(kind, type):
        return from_json(kind, data)
    if kind in (bool, str, Any):
        return data
    return kind(data)


def _without_none(kind: Any) -> Any:
    parts = [part for part in get_args(kind) if part is not NoneType]
    if len(parts) != 1:
        raise ValueError(f"{kind} could be read in several ways")
    return parts[0]
