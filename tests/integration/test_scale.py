"""In a large region every list and search reads what it shows, not the region: rows are counted.

Milliseconds are measured by `make bench B=access`; here the server's own counts of rows read are
asserted, transaction by transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest

from app.bench.access import run_access
from app.bench.audit import run_audit
from app.bench.population import Counts, Region, populate
from coordination import store
from core.access import Permission
from core.care import open_record
from core.doors import CareContext, PersonConnection, acting_as
from identity.search import ByTraits
from identity.store import load_traits
from identity.store.search import find_by_traits
from tests.clones import Clones
from tests.conftest import Database, Services, cloned_database

REGION = Region(patients=25_000, professionals=1_500)
LARGE = ("access.membership", "access.party", "access.patient", "identity.patient")


@pytest.fixture(scope="module")
def owner(
    services: Services, clones: Clones, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The superuser's connection to a region, reached through the doors."""
    with (
        pytest.MonkeyPatch.context() as patch,
        cloned_database(services, clones, patch, tmp_path_factory.mktemp("state")) as made,
        psycopg.connect(made.dsn("SUPERUSER"), autocommit=True) as conn,
    ):
        conn.execute(f"alter database {made.name} set synchronous_commit = off")
        assert populate(conn, REGION) == Counts(25_000, 1_500, 150_000)
        conn.execute("vacuum analyze")
        yield conn


@contextmanager
def counted(conn: PersonConnection) -> Iterator[dict[str, tuple[int, int]]]:
    """Yield what is read of each large table inside the block: rows in sequence, rows by index."""
    before, found = _read(conn), dict[str, tuple[int, int]]()
    yield found
    after = _read(conn)
    for name in LARGE:
        found[name] = (after[name][0] - before[name][0], after[name][1] - before[name][1])


def _read(conn: PersonConnection) -> dict[str, tuple[int, int]]:
    rows = conn.execute(
        "select schemaname || '.' || relname, seq_tup_read, coalesce(idx_tup_fetch, 0)"
        " from pg_stat_xact_user_tables where schemaname || '.' || relname = any (%s)",
        [list(LARGE)],
    ).fetchall()
    return {str(name): (int(by_scan), int(by_index)) for name, by_scan, by_index in rows}


def assert_few(found: dict[str, tuple[int, int]], most: int) -> None:
    """No large table is read from end to end, and of each at most so many rows are fetched."""
    assert {name: by_scan for name, (by_scan, _) in found.items() if by_scan} == {}
    assert {name: rows for name, (_, rows) in found.items() if rows > most} == {}


@pytest.mark.parametrize(("number", "patient"), [(1, 3), (2, 700), (3, 5 * 801)])
def test_opening_a_record_reads_that_record(owner: object, number: int, patient: int) -> None:
    actor = REGION.professional(number)
    opened = open_record(actor, REGION.patient(patient), Permission.IDENTITY_READ)
    assert isinstance(opened, CareContext)
    with acting_as(opened) as conn, counted(conn) as found:
        assert load_traits(conn, opened.patient) is not None
    assert_few(found, 10)


def test_a_search_reads_who_was_born_that_day(
    owner: psycopg.Connection[tuple[object, ...]],
) -> None:
    row = owner.execute(
        "select birth_name, birth_first_names, birth_date from identity.patient"
        " where patient_id = %s",
        [REGION.patient(77)],
    ).fetchone()
    assert row is not None
    assert isinstance(row[2], date)
    asked = ByTraits(name=str(row[0]), first_name=str(row[1]), birth_date=row[2])
    with acting_as(REGION.professional(5)) as conn, counted(conn) as found:
        assert REGION.patient(77) in [
            one.patient_id for one in find_by_traits(conn, asked, most=11)
        ]
    assert_few(found, 60)


@pytest.mark.parametrize(
    ("number", "total", "most"), [(1, 10, 40), (2, 2_000, 4_200), (3, 5_000, 5_400)]
)
def test_a_page_of_my_patients_reads_mine(
    owner: object, number: int, total: int, most: int
) -> None:
    """Of a centre's thousands only their ids are read, and the names on the way to the page."""
    with acting_as(REGION.professional(number)) as conn, counted(conn) as found:
        page = store.load_followed(conn, name="", after=None, most=101)
    assert len(page) == min(total, 101)
    assert page[0].total == total
    assert_few(found, most)
    if number == 3:
        assert found["identity.patient"][1] < 1_500


def test_pages_follow_one_another_and_hold_everybody(owner: object) -> None:
    seen, after = list[str](), None
    with acting_as(REGION.professional(3)) as conn:
        for _ in range(6):
            page = store.load_followed(conn, name="", after=after, most=1_000)
            seen += [str(one.patient_id) for one in page]
            after = page[-1].patient_id if page else after
    assert len(seen) == len(set(seen)) == 5_000


def test_without_its_index_a_list_reads_the_region(
    owner: psycopg.Connection[tuple[object, ...]],
) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute("drop index identity.patient_by_names")
        actor = REGION.professional(3)
        owner.execute(
            "select set_config('chevet.person', %s, true), set_config('chevet.post', %s, true),"
            " set_config('chevet.now', now()::text, true)",
            [str(actor.person), str(actor.post)],
        )
        with counted(PersonConnection(owner)) as found:
            owner.execute("select * from access.followed_patients('', null, 101)").fetchall()
    with pytest.raises(AssertionError):
        assert_few(found, 5_400)
    assert found["identity.patient"][0] >= REGION.patients


SMALL = Region(patients=2_000, professionals=120, many=200)


def test_the_benchmarks_of_access_and_audit_run_small(database: Database) -> None:
    lines = list[str]()
    goals = run_access(lines.append, SMALL, times=9)
    assert [goal.words.split(" ")[0] for goal in goals] == ["opening", "searching", *["first"] * 3]
    assert len(lines) == 7
    (goal,) = run_audit(lines.append, SMALL, repetitions=2, seconds=0.3)
    assert goal.words.startswith("reading records with 16 clients")
