"""Opening a record, searching a patient, listing one's own: in a region of 100,000 patients.

The baseline of each is the bare statement that gives the same rows, as the superuser whom no
policy binds and no trail follows: the ratio is the price of both locks and of the audit trail.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import psycopg
from psycopg.rows import TupleRow

from app.bench.population import Region
from app.bench.region import inhabited
from app.bench.verdict import Goal
from coordination.service import followed_patients
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext
from core.sqlfile import load_queries
from identity.search import ByTraits
from identity.search_service import Found, find_patients
from identity.service import patient_traits

_SQL = load_queries("app.bench")
ROW = "{:<38} {:>6} {:>9} {:>9} {:>12} {:>7}"
Say = Callable[[str], None]
Ask = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Milliseconds of one thing done again and again, and of its baseline."""

    what: str
    most_ms: float
    ours: list[float]
    bare: list[float]

    @property
    def p95(self) -> float:
        """The time that 95 of 100 stay within."""
        return sorted(self.ours)[round(0.95 * (len(self.ours) - 1))]

    def row(self) -> str:
        """Return the line of the table."""
        times = (f"{median(self.ours):.1f}", f"{self.p95:.1f}", f"{median(self.bare):.2f}")
        return ROW.format(self.what, len(self.ours), *times, f"{self.ratio:.1f}")

    @property
    def ratio(self) -> float:
        """How many times the median of the baseline."""
        return median(self.ours) / median(self.bare)

    def goal(self) -> Goal:
        """Judge the 95th percentile."""
        found = f"p95 {self.p95:.1f} ms, median {self.ratio:.1f} times the bare statement"
        lack = f"{self.p95 / self.most_ms - 1:.0%}" if self.p95 > self.most_ms else ""
        return Goal(words=f"{self.what} within {self.most_ms:.0f} ms", found=found, shortfall=lack)


def run_access(say: Say, region: Region | None = None, times: int = 300) -> list[Goal]:
    """Measure; print a table; return the goals."""
    region = region or Region()
    with inhabited(region) as (bare, counts):
        say(
            f"{counts.patients} patients, {counts.professionals} professionals, "
            f"{counts.memberships} memberships; seed {region.seed}"
        )
        say(ROW.format("what", "times", "p50 ms", "p95 ms", "bare p50 ms", "ratio"))
        found = [measured for measured in _measure(bare, region, times, say)]
    return [one.goal() for one in found]


def _measure(
    bare: psycopg.Connection[TupleRow], region: Region, times: int, say: Say
) -> Iterator[Times]:
    lists = (("10", region.few, 1), ("2,000", region.many, 2), ("20,000", region.of_a_centre, 3))
    todo: list[tuple[str, float, int, Ask, Ask]] = [
        ("opening a record, audited", 50, times, *_opening(bare, region)),
        ("searching a patient, audited", 50, times, *_searching(bare, region)),
        *(
            (f"first page of my {name} patients", 100, times // 3, *_listing(bare, region, n, size))
            for name, size, n in lists
        ),
    ]
    for what, most, count, ours, base in todo:
        result = Times(
            what=what, most_ms=most, ours=time_each(ours, count), bare=time_each(base, count)
        )
        say(result.row())
        yield result


def time_each(ask: Ask, times: int) -> list[float]:
    """Return the milliseconds of each, after three that warm up."""
    taken = []
    for turn in range(-3, times):
        began = clock.monotonic()
        ask(turn + 3)
        if turn >= 0:
            taken.append((clock.monotonic() - began) * 1000)
    return taken


def _opening(bare: psycopg.Connection[TupleRow], region: Region) -> tuple[Ask, Ask]:
    """A general practitioner and a nurse of a centre in turn, each a record never opened before."""

    def whom(turn: int) -> tuple[Actor, int]:
        if turn % 2:
            return region.professional(2), 1 + turn * 13 % region.many
        return region.professional(3), 5 * (1 + turn * 17 % (region.of_a_centre - 1))

    def ours(turn: int) -> None:
        actor, patient = whom(turn)
        opened = open_record(actor, region.patient(patient), Permission.IDENTITY_READ)
        assert isinstance(opened, CareContext)
        assert patient_traits(opened) is not None

    def base(turn: int) -> None:
        _, patient = whom(turn)
        assert _rows(bare, "bare_traits", patient=region.patient(patient)) == 1

    return ours, base


def _searching(bare: psycopg.Connection[TupleRow], region: Region) -> tuple[Ask, Ask]:
    """Another general practitioner each time: a person's searches are bounded."""
    patients = [region.patient(1 + n * 97 % region.patients) for n in range(region.patients // 97)]
    traits = bare.execute(_SQL["bare_names"], {"patients": patients}).fetchall()

    def ours(turn: int) -> None:
        name, first_name, born = traits[turn % len(traits)]
        asked = ByTraits(name=name, first_name=first_name, birth_date=born)
        doctors = region.professionals // 3
        found = find_patients(region.professional(2 + 3 * (turn % doctors)), asked)
        assert isinstance(found, Found)
        assert found.patients

    def base(turn: int) -> None:
        name, first_name, born = traits[turn % len(traits)]
        assert _rows(bare, "bare_search", name=name, first_name=first_name, born=born)

    return ours, base


def _listing(
    bare: psycopg.Connection[TupleRow], region: Region, number: int, size: int
) -> tuple[Ask, Ask]:
    actor = region.professional(number)

    def ours(_: int) -> None:
        assert followed_patients(actor).total == size

    def base(_: int) -> None:
        assert _rows(bare, "bare_list", person=actor.person, post=actor.post) == min(size, 100)

    return ours, base


def _rows(conn: psycopg.Connection[TupleRow], query: str, **params: Any) -> int:
    with conn.transaction():
        return len(conn.execute(_SQL[query], params).fetchall())
