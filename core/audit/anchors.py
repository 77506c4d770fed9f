"""Heads of the chain outside the database: one JSON line each, forced to the disk.

A chain alone shows an edit; only a head kept elsewhere shows that its end was cut off. The head is
written at each seal, and again after ten minutes without one: the interval is the window in which
a cut can go unseen.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

LONGEST_SILENCE: Final = timedelta(minutes=10)
"""Source: promise S10, the head leaves the database at least every ten minutes."""
_TAIL_BYTES: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The head of the chain as it was at an instant."""

    at: datetime
    chain: int
    before_xid: str
    digest: str
    """Hexadecimal."""


def write_anchor(places: list[Path], anchor: Anchor) -> list[OSError]:
    """Append the head to the file in each place; return what went wrong, place by place."""
    line = json.dumps(
        {
            "at": anchor.at.isoformat(),
            "chain": anchor.chain,
            "before_xid": anchor.before_xid,
            "digest": anchor.digest,
        }
    )
    failures = []
    for place in places:
        try:
            _append(place, line)
        except OSError as error:
            failures.append(error)
    return failures


def _append(place: Path, line: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    new = not place.exists()
    with place.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read_anchors(place: Path) -> Iterator[Anchor]:
    """Yield the heads of a file, oldest first; ValueError on a line that is none.

    A last line without its end is a write that was cut short, and says nothing. What is appended
    after the first was asked for is left out: whoever compares looked at the database then.
    """
    with place.open("rb") as file:
        left = place.stat().st_size
        for number, line in enumerate(file, 1):
            left -= len(line)
            if left < 0 or not line.endswith(b"\n"):
                return
            try:
                yield _parse(line.decode())
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"line {number} of {place.name} is not an anchor") from error


def last_anchor(place: Path) -> Anchor | None:
    """Return the latest head of a file, or None when it has none."""
    if not place.is_file():
        return None
    with place.open("rb") as file:
        file.seek(max(0, place.stat().st_size - _TAIL_BYTES))
        lines = [line for line in file.read().split(b"\n")[:-1] if line.startswith(b"{")]
    try:
        return _parse(lines[-1].decode()) if lines else None
    except (ValueError, KeyError, TypeError):
        return None


def _parse(line: str) -> Anchor:
    said = json.loads(line)
    return Anchor(
        at=datetime.fromisoformat(said["at"]),
        chain=int(said["chain"]),
        before_xid=str(said["before_xid"]),
        digest=str(said["digest"]),
    )
