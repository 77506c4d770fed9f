"""Reading what came over the wire: everything a stranger may send ends as a value.

JSON is read strictly before it is typed: a name used twice, NaN and Infinity spoil the object
they stand in, and only that one; depth, size and encoding spoil the payload.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from devices.envelope import (
    MAX_ENVELOPE_BYTES,
    MAX_ITEMS,
    MAX_NUMBER,
    Ack,
    Instant,
    Item,
    Status,
    check_utc,
)
from devices.malformed import Malformed

MAX_REASON_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BadItem:
    """An item that cannot be used; `raw` is its JSON written again, for the quarantine.

    `raw` is empty when the item is nested too deep to be written.
    """

    n: int | None
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A parsed envelope: the items that can be used, in order, and the others with a reason."""

    boot: UUID
    seq: int
    sent_at: datetime
    items: tuple[Item, ...]
    bad: tuple[BadItem, ...]


def parse_envelope(payload: bytes) -> Envelope | Malformed:
    """Parse an `up` message."""
    frame = _typed(payload, _Frame)
    if isinstance(frame, Malformed):
        return frame
    items: list[Item] = []
    bad: list[BadItem] = []
    numbers: set[int] = set()
    for tree in frame.items:
        item = _item(tree)
        if not isinstance(item, BadItem) and item.n in numbers:
            item = _bad(tree, "number used twice in one envelope")
        if isinstance(item, BadItem):
            bad.append(item)
        else:
            numbers.add(item.n)
            items.append(item)
    return Envelope(
        boot=frame.boot,
        seq=frame.seq,
        sent_at=frame.sent_at,
        items=tuple(items),
        bad=tuple(bad),
    )


def parse_ack(payload: bytes) -> Ack | Malformed:
    """Parse an `ack` message."""
    ack = _typed(payload, Ack)
    if isinstance(ack, Ack) and any(first > last for first, last in ack.ranges):
        return Malformed(reason="a range ends before it begins")
    return ack


def parse_status(payload: bytes) -> Status | Malformed:
    """Parse a `status` message."""
    return _typed(payload, Status)


def parse_item(line: bytes, *, n: int) -> Item | Malformed:
    """Parse one item written without its number, as a recording holds it."""
    tree = _tree(line)
    if isinstance(tree, Malformed):
        return tree
    if not isinstance(tree, dict) or "n" in tree:
        return Malformed(reason="not an item without number")
    item = _item({**tree, "n": n})
    return Malformed(reason=item.reason) if isinstance(item, BadItem) else item


class _Frame(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    v: int
    boot: UUID
    seq: int
    sent_at: Instant
    items: list[Any]

    def __post_init__(self) -> None:
        check_utc("sent_at", self.sent_at)
        if self.v != 1:
            raise ValueError("unknown version")
        if not 0 <= self.seq <= MAX_NUMBER:
            raise ValueError("seq out of range")
        if len(self.items) > MAX_ITEMS:
            raise ValueError(f"more than {MAX_ITEMS} items")


class _Spoilt:
    """Stands in the tree where strict JSON was broken; no type accepts it."""

    def __init__(self, reason: str, written: object) -> None:
        self.reason, self.written = reason, written


T = TypeVar("T", bound=Struct)


def _typed(payload: bytes, kind: type[T]) -> T | Malformed:
    tree = _tree(payload)
    if isinstance(tree, Malformed):
        return tree
    if isinstance(tree, _Spoilt):
        return _malformed(tree.reason)
    if not isinstance(tree, dict):
        return Malformed(reason="not a JSON object")
    try:
        return msgspec.convert(tree, kind)
    except (msgspec.ValidationError, OverflowError, UnicodeEncodeError) as refusal:
        return _malformed(str(refusal))


def _tree(payload: bytes) -> Any:
    if len(payload) > MAX_ENVELOPE_BYTES:
        return Malformed(reason=f"more than {MAX_ENVELOPE_BYTES} bytes")
    if not payload.startswith(b"{"):
        return Malformed(reason="unknown encoding: the first byte is not {")
    try:
        return _DECODER.decode(payload.decode())
    except RecursionError:
        return Malformed(reason="nested too deep")
    except UnicodeDecodeError:
        return Malformed(reason="not UTF-8")
    except ValueError as refusal:  # not JSON, or a number of thousands of digits
        return _malformed(str(refusal))


def _item(tree: object) -> Item | BadItem:
    if isinstance(tree, _Spoilt):
        return _bad(tree, tree.reason)
    try:
        item: Item = msgspec.convert(tree, Item)
    except (msgspec.ValidationError, OverflowError, UnicodeEncodeError) as refusal:
        spoilt = next((v for v in _values(tree) if isinstance(v, _Spoilt)), None)
        return _bad(tree, str(refusal) if spoilt is None else spoilt.reason)
    return item


def _values(tree: object) -> list[object]:
    if not isinstance(tree, dict):
        return []
    return [leaf for v in tree.values() for leaf in (v if isinstance(v, list) else [v])]


def _bad(tree: object, reason: str) -> BadItem:
    return BadItem(n=_number(tree), reason=_malformed(reason).reason, raw=_written(tree))


def _written(tree: object) -> bytes:
    try:
        return json.dumps(tree, default=lambda spoilt: spoilt.written).encode()
    except RecursionError:  # what is spoilt is written as pairs, deeper than it was read
        return b""


def _number(tree: object) -> int | None:
    if not isinstance(tree, dict):
        return None
    n = tree.get("n")
    return n if type(n) is int and 1 <= n <= MAX_NUMBER else None


def _malformed(reason: str) -> Malformed:
    printable = reason.encode("ascii", "backslashreplace").decode()
    return Malformed(reason=printable[:MAX_REASON_CHARACTERS])


def _object(pairs: list[tuple[str, Any]]) -> object:
    tree = dict(pairs)
    return tree if len(tree) == len(pairs) else _Spoilt("a name is used twice", pairs)


def _constant(name: str) -> _Spoilt:
    return _Spoilt(f"{name} is not JSON", name)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
