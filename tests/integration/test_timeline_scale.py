"""A page of the timeline, and a first page, read what they show and not what there is.

Milliseconds are measured by `make bench B=record`; here the server's own counts of rows read are
asserted, and a fault that makes a page read a whole record is seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest

from app.bench.population import Region, populate
from app.bench.record import fill_things, run_record
from coordination.homes.homes_service import CHANGED
from coordination.timeline.sources_store import SOURCES
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import CareContext, PersonConnection, acting_as
from core.timeline import Grain, Window
from tests.as_owner import mutate
from tests.conftest import Database

REGION = Region(patients=600, professionals=60, many=300)
LARGE = (
    "coordination.note", "access.item", "alerts.alert_event", "alerts.alert",
    "questionnaires.answer", "access.membership",
)  # fmt: skip


@pytest.fixture
def region(database: Database) -> Region:
    """Six hundred records of fifty things, twenty of them with many more, and their readings."""
    with psycopg.connect(database.dsn("SUPERUSER"), autocommit=True) as conn:
        populate(conn, REGION)
        fill_things(conn, REGION, 200)
    return REGION


@contextmanager
def counted(conn: PersonConnection) -> Iterator[dict[str, tuple[int, int]]]:
    """Yield what is read of each large table inside the block: rows in sequence, rows by index."""
    before, found = _read(conn), dict[str, tuple[int, int]]()
    yield found
    for name, (by_scan, by_index) in _read(conn).items():
        found[name] = (by_scan - before[name][0], by_index - before[name][1])


def _read(conn: PersonConnection) -> dict[str, tuple[int, int]]:
    rows = conn.execute(
        "select case when relname ~ '^_hyper' then 'vitals' else schemaname || '.' || relname end,"
        " sum(seq_tup_read), sum(coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables"
        " where schemaname || '.' || relname = any (%s) or relname ~ '^_hyper_1_' group by 1",
        [list(LARGE)],
    ).fetchall()
    return {str(name): (int(by_scan), int(by_index)) for name, by_scan, by_index in rows}


def page_of(region: Region, patient: int, days: int, most: int) -> dict[str, tuple[int, int]]:
    """Read a page of every source as the doctor of the first records; return what was read."""
    opened = open_record(region.professional(2), region.patient(patient), Permission.CIRCLE_READ)
    assert isinstance(opened, CareContext)
    until = clock.now() + timedelta(seconds=1)
    window = Window(
        since=until - timedelta(days=days), until=until, before_at=until, most=most, grain=Grain.DAY
    )
    with acting_as(opened) as conn, counted(conn) as found:
        for source in SOURCES:
            assert len(source.load(conn, opened, window)) <= 2 * most
    return found


def assert_few(found: dict[str, tuple[int, int]], most: int) -> None:
    assert {name: rows for name, (rows, _) in found.items() if rows} == {}, "read from end to end"
    assert {
        name: rows for name, (_, rows) in found.items() if name != "vitals" and rows > most
    } == {}


def test_pages_read_what_they_show(region: Region) -> None:
    usual = page_of(region, 150, 31, 41)
    assert_few(usual, 450)
    assert usual["vitals"][1] == 0, "nothing was measured there"
    measured = page_of(region, 50, 31, 41)
    assert_few(measured, 450)
    assert 0 < measured["vitals"][1] <= 2 * 48 * 31 + 200, "each reading of a month once"
    assert_few(page_of(region, 5, 1000, 21), 900)
    mutate("coordination.notes_back", "exit when v_found >= p_most;", "")
    with pytest.raises(AssertionError, match="199"):
        page_of(region, 5, 1000, 21)
    with acting_as(region.professional(2)) as conn, counted(conn) as found:
        for source in CHANGED:
            source.load(conn, clock.now() - timedelta(days=7), 30)
    assert {name: rows for name, (rows, _) in found.items() if rows} == {}
    assert found["questionnaires.answer"][1] <= 300 + 40 * 8


def test_the_benchmark_runs_small(database: Database) -> None:
    lines = list[str]()
    goals = run_record(
        lines.append, Region(patients=120, professionals=60, many=60), 3, long_life=9
    )
    assert len(goals) == 12
    assert lines[0].startswith("120 patients")
    assert len(lines) == 14
