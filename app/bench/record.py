"""The timeline of a record and the first page of a professional, in a region of 100,000 records.

Five million things stand in the timelines: fifty a record, and two thousand in a few that have a
long life. The baseline is the bare statement that gives the same rows of notes, as the superuser
whom no policy binds and no trail follows.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import psycopg
from psycopg.rows import TupleRow

from app.bench.access import ROW, Ask, Times, time_each
from app.bench.population import Region
from app.bench.region import inhabited
from app.bench.verdict import Goal
from coordination.homes.homes_service import home_page
from coordination.service import followed_patients
from coordination.timeline.timeline_service import Asked, read
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import CareContext
from core.sqlfile import load_queries

_SQL = load_queries("app.bench")
WITHIN_MS: Final = 100
A_RECORD: Final = 50
A_LONG_LIFE: Final = 2_000
LONG_LIVES: Final = 20
Say = Callable[[str], None]


def run_record(
    say: Say, region: Region | None = None, times: int = 200, *, long_life: int = A_LONG_LIFE
) -> list[Goal]:
    """Measure; print a table; return the goals."""
    region = region or Region()
    with inhabited(region) as (bare, counts):
        made = fill_things(bare, region, long_life)
        say(f"{counts.patients} patients, {made} things in their timelines; seed {region.seed}")
        say(ROW.format("what", "times", "p50 ms", "p95 ms", "bare p50 ms", "ratio"))
        found = list(_measure(bare, region, times, say))
    return [one.goal() for one in found]


def fill_things(bare: psycopg.Connection[TupleRow], region: Region, long_life: int) -> int:
    """Fill the timelines of a region; return how many things stand in them."""
    params = {
        "seed": region.seed,
        "patients": region.patients,
        "each": A_RECORD,
        "long": long_life,
        "lives": LONG_LIVES,
        "now": clock.now(),
    }
    with bare.transaction():
        bare.execute("set local session_replication_role = replica")
        for step in ("fill_items", "fill_notes", "fill_alerts", "fill_events", "fill_answers"):
            bare.execute(_SQL[step], params)
        bare.execute(_SQL["fill_readings"], params)
    bare.execute("vacuum analyze")
    row = bare.execute(_SQL["count_things"]).fetchone()
    return int(row[0]) if row else 0


def _measure(
    bare: psycopg.Connection[TupleRow], region: Region, times: int, say: Say
) -> Iterator[Times]:
    pages = (
        ("timeline, the last thirty days", ""),
        ("timeline since my last visit", "new"),
        ("timeline, one month", f"{clock.now():%Y-%m}"),
        ("timeline, one year", f"{clock.now():%Y}"),
        ("timeline, all years", "years"),
    )
    todo: list[tuple[str, int, Ask, Ask]] = [
        (what, times // 2, *_timeline(bare, region, span, long=False)) for what, span in pages
    ]
    todo += [
        (f"{what}, a long life", times // 8, *_timeline(bare, region, span, long=True))
        for what, span in pages
    ]
    todo += [
        (f"first page, {name} patients", times // 4, *_home(bare, region, number))
        for name, number in (("10", 1), (f"{region.many:,}", 2))
    ]
    for what, count, ours, base in todo:
        measured = Times(
            what=what,
            most_ms=WITHIN_MS,
            ours=time_each(ours, max(count, 3)),
            bare=time_each(base, max(count, 3)),
        )
        say(measured.row())
        yield measured


def _timeline(
    bare: psycopg.Connection[TupleRow], region: Region, span: str, *, long: bool
) -> tuple[Ask, Ask]:
    """Pages as the doctor of the first records opens them, the opening itself included."""
    actor = region.professional(2)

    def whom(turn: int) -> int:
        return (
            1 + turn % LONG_LIVES
            if long
            else LONG_LIVES + 1 + turn * 13 % (region.many - LONG_LIVES - 1)
        )

    def ours(turn: int) -> None:
        opened = open_record(actor, region.patient(whom(turn)), Permission.CIRCLE_READ)
        assert isinstance(opened, CareContext)
        page = read(opened, Asked(span=span))
        assert page is not None
        assert page.page.entries or page.parts or span

    def base(turn: int) -> None:
        _rows(bare, "bare_notes", patient=region.patient(whom(turn)))

    return ours, base


def _home(bare: psycopg.Connection[TupleRow], region: Region, number: int) -> tuple[Ask, Ask]:
    actor = region.professional(number)
    role = "gp" if number == 2 else "home_nurse"

    def ours(_: int) -> None:
        now = clock.now()
        assert home_page(actor, role, now.date(), now).changed
        assert followed_patients(actor).patients

    def base(_: int) -> None:
        _rows(bare, "bare_list", person=actor.person, post=actor.post)

    return ours, base


def _rows(conn: psycopg.Connection[TupleRow], query: str, **params: Any) -> int:
    with conn.transaction():
        return len(conn.execute(_SQL[query], params).fetchall())
