"""Numbered readings: each has an instant of its own, by which it is found again in the table."""

import json
import os
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from tests.envelopes import spot
from tests.homes import DEVICE

STEP = timedelta(milliseconds=100)


def first_instant() -> datetime:
    """Return an instant two hours ago, from which numbered readings are measured."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)


def numbered_lines(first: datetime, count: int) -> list[bytes]:
    """Return `count` recorded lines, as the gateway replays them."""
    lines = []
    for number in range(count):
        item = spot(1, first + number * STEP, device=DEVICE, value=float(90 + number % 10))
        del item["n"]
        lines.append(json.dumps(item).encode() + b"\n")
    return lines


@dataclass(frozen=True)
class Comparison:
    """What was sent against what is in the table, as sets of instants."""

    sent: int
    stored: int
    missing: int
    duplicate: int
    stowaway: int

    @property
    def perfect(self) -> bool:
        """Whether each reading is there exactly once, and nothing else."""
        return self.missing == self.duplicate == self.stowaway == 0 and self.stored == self.sent

    def __str__(self) -> str:
        return (
            f"sent {self.sent}; stored {self.stored}; missing {self.missing}; "
            f"duplicate {self.duplicate}; stowaway {self.stowaway}"
        )


def compare(owner_dsn: str, first: datetime, count: int) -> Comparison:
    """Compare the first `count` numbered readings with every reading in the table."""
    with psycopg.connect(owner_dsn) as conn:
        rows = conn.execute("select measured_at, value from vitals.reading").fetchall()
    expected = {(first + n * STEP, float(90 + n % 10)) for n in range(count)}
    found = Counter(rows)
    return Comparison(
        sent=count,
        stored=sum(found.values()),
        missing=len(expected - found.keys()),
        duplicate=sum(times - 1 for times in found.values()),
        stowaway=len(found.keys() - expected),
    )


def seed() -> int:
    """Return the seed of this run: CHEVET_SEED, else one of its own."""
    return int(os.environ.get("CHEVET_SEED") or secrets.randbelow(10**6))
