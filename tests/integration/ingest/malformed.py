"""Thousands of payloads that are no envelope, each different, all from one seed."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.envelopes import envelope, spot

BOOT = UUID("018f3d9e-0000-7000-8000-000000000001")
AT = datetime(2026, 1, 1, tzinfo=UTC)


def hostile_payloads() -> list[bytes]:
    """Return the worst that is worth a name of its own."""
    good = envelope(BOOT, [spot(1, AT)], AT)
    return [
        b"",
        b"\x00",
        b"{",
        good.replace(b'"oximeter-1"', b'"\\ud800"')[:-2],
        b"null",
        b"[]",
        b"\xa1\x61\x76\x01",
        good[:-1],
        good + b"}",
        good.replace(b'"v": 1', b'"v": 1, "v": 1'),
        good.replace(b'"v": 1', b'"v": NaN'),
        good.replace(b'"v": 1', b'"v": 1e999'),
        good.replace(b'"v": 1', b'"v": "1"'),
        good.replace(b'"seq": 1', b'"seq": ' + b"9" * 5000),
        good.replace(str(BOOT).encode(), b"\xff\xfe\xfd"),
        good.replace(str(BOOT).encode(), b"\\ud800"),
        b'{"v":1,"boot":' + b"[" * 100_000,
        b'{"v":' * 20_000,
        b"{" + b" " * 1_000_000 + b"}",
        b'{"a":"' + b"x" * 1_000_000 + b'"}',
        bytes(range(256)) * 64,
    ]


def malformed_payloads(seed: int, count: int) -> Iterator[bytes]:
    """Yield `count` mutilated envelopes."""
    chance = random.Random(seed)
    for number in range(count):
        frame = json.loads(envelope(BOOT, [spot(1, AT)], AT, seq=number))
        yield chance.choice(_MUTILATIONS)(frame, chance)


def malformed_items(seed: int, count: int) -> list[dict[str, Any]]:
    """Return numbered items, each with one thing wrong in it."""
    chance = random.Random(seed)
    items = []
    for n in range(1, count + 1):
        item = spot(n, AT)
        name = chance.choice([key for key in item if key not in {"n", "raw_at"}])
        item[name] = chance.choice(_WRONG_VALUES)
        items.append(item)
    return items


_WRONG_VALUES: tuple[Any, ...] = (
    [], {}, True, "\x00", "\ud800", "é", [[[[]]]],
    {"a": {"b": None}}, -1e300, 10**30, "9999-99-99T00:00:00Z",
)  # fmt: skip


def _truncate(frame: dict[str, Any], chance: random.Random) -> bytes:
    whole = json.dumps(frame).encode()
    return whole[: chance.randrange(1, len(whole))]


def _drop(frame: dict[str, Any], chance: random.Random) -> bytes:
    del frame[chance.choice(list(frame))]
    return json.dumps(frame).encode()


def _retype(frame: dict[str, Any], chance: random.Random) -> bytes:
    frame[chance.choice(list(frame))] = chance.choice(["", {}, True, -1.5, None, [1]])
    frame["seq"] = frame.get("seq", 0) if frame.get("v") != 1 else -1
    return json.dumps(frame).encode()


def _double(frame: dict[str, Any], chance: random.Random) -> bytes:
    name = chance.choice(list(frame))
    return json.dumps(frame).encode()[:-1] + f', "{name}": 0}}'.encode()


def _spoil_bytes(frame: dict[str, Any], chance: random.Random) -> bytes:
    whole = bytearray(json.dumps(frame).encode())
    for at in chance.sample(range(len(whole)), 8):
        whole[at] = chance.choice((0x80, 0xC0, 0xFF, 0xFE))
    return bytes(whole)


def _add_unknown(frame: dict[str, Any], chance: random.Random) -> bytes:
    frame[f"x{chance.randrange(1000)}"] = chance.choice([None, 1, "\u0000", "𝄞"])
    return json.dumps(frame).encode()


def _nest(frame: dict[str, Any], chance: random.Random) -> bytes:
    depth = chance.randrange(500, 3000)
    frame["items"] = "@"
    whole = json.dumps(frame).encode()
    return whole.replace(b'"@"', b"[" * depth + b"]" * depth) + b"]"


_MUTILATIONS = (_truncate, _drop, _retype, _double, _spoil_bytes, _add_unknown, _nest)
