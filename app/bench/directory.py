"""Searching the directory: 6,000 professionals and 1,500 practices beside 100,000 records.

The baseline is the bare statement that compares the words with every entry, as the superuser: the
ratio is what the index gains, ranking, distances and places included in ours.
"""

from collections.abc import Callable, Iterator
from statistics import median

import psycopg
from psycopg.rows import TupleRow

from app.bench.access import ROW, Times
from app.bench.population import Region, populate_directory
from app.bench.region import inhabited
from app.bench.verdict import Goal
from core import clock
from core.sqlfile import load_queries
from identity.finding import service
from identity.finding.entry import Asked, Commune, Typed, read_asked

_SQL = load_queries("app.bench")
MOST_MS = 50.0
NEAR = Commune(code="01150", name="Saint-Aubin 150")
Say = Callable[[str], None]


def run_directory(say: Say, region: Region | None = None, times: int = 200) -> list[Goal]:
    """Measure; print a table; return the goals."""
    region = region or Region()
    with inhabited(region) as (bare, counts):
        entries = populate_directory(bare, region)
        say(f"{counts.patients} records, {entries} entries of the directory; seed {region.seed}")
        say(ROW.format("what", "times", "p50 ms", "p95 ms", "bare p50 ms", "ratio"))
        found = []
        for what, asked in _searches(bare, times):
            measured = _measured(bare, region, what, asked)
            say(measured.row())
            found.append(measured)
    return [one.goal() for one in found]


def _searches(bare: psycopg.Connection[TupleRow], times: int) -> Iterator[tuple[str, list[Typed]]]:
    names = [
        (str(family), str(given))
        for family, given in bare.execute(_SQL["some_names"], {"most": times}).fetchall()
    ]
    yield "a name", [Typed(words=f"{family} {given}") for family, given in names]
    yield (
        "a name with a slip",
        [Typed(words=slipped(family)) for family, _ in names if len(family) >= 5],
    )
    yield "four letters, while typing", [Typed(words=family[:4]) for family, _ in names]
    yield "a name and a town", [Typed(words=family, place="Beaumont") for family, _ in names]
    yield "a profession, nearest first", [Typed(profession="70") for _ in names]


def slipped(name: str) -> str:
    """Return a name with its third and fourth letters in the wrong order."""
    return name[:2] + name[3:4] + name[2:3] + name[4:]


def _measured(
    bare: psycopg.Connection[TupleRow], region: Region, what: str, searches: list[Typed]
) -> Times:
    reader, ours, plain = region.professional(2), list[float](), list[float]()
    for turn, typed in enumerate([*searches[:3], *searches]):
        asked = read_asked(typed)
        assert isinstance(asked, Asked)
        began = clock.monotonic()
        service.search(reader, asked, NEAR)
        between = clock.monotonic()
        bare.execute(
            _SQL["bare_entries"], {"words": asked.words or ["kinesitherapeute"]}
        ).fetchall()
        if turn >= 3:
            ours.append((between - began) * 1000)
            plain.append((clock.monotonic() - between) * 1000)
    assert median(plain) > 0
    return Times(what=what, most_ms=MOST_MS, ours=ours, bare=plain)
