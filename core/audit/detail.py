"""What an event may say beyond its columns: identifiers and codes, never a value or a sentence.

Pure. The trail is read by more people than a record and kept longer: a measurement, a name or a
reason typed by somebody has no place in it. A detail that could hold one refuses the act.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

_CODE: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9_.:/+-]{0,99}|[0-9a-f]{8,64}|\d{4}-\d\d-\d\d[T0-9:.+-]*"
)
_KEY: Final = re.compile(r"[a-z][a-z_]{0,39}")


class DetailError(ValueError):
    """The detail of an event could hold a value or a sentence."""


def check_detail(detail: Mapping[str, object]) -> None:
    """Raise DetailError unless every part of the detail is an identifier, a code or a count."""
    for key, value in detail.items():
        if not _KEY.fullmatch(key):
            raise DetailError(f"not a key of an audit detail: {key!r}")
        for part in _parts(value):
            if not _is_plain(part):
                raise DetailError(f"{key!r} of an audit detail is no identifier, code or count")


def entity_of(permission: str, detail: Mapping[str, object]) -> tuple[str, str | None]:
    """Return kind and id of what was touched: the one identifier in the detail, if there is one."""
    named = [(key, str(value)) for key, value in detail.items() if _is_id(value)]
    return named[0] if len(named) == 1 else (permission.partition(":")[0], None)


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _parts(inner)
    else:
        yield value


def _is_plain(part: object) -> bool:
    if part is None or isinstance(part, bool | int | UUID):
        return True
    return isinstance(part, str) and (part == "" or _is_id(part) or bool(_CODE.fullmatch(part)))


def _is_id(value: object) -> bool:
    if isinstance(value, UUID):
        return True
    if not (isinstance(value, str) and len(value) == 36):
        return False
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False
