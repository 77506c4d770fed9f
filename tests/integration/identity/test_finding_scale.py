"""With 3,000 professionals a search reads what it shows: indexes used and rows read are counted.

Milliseconds are measured by `make bench B=directory`.
"""

from collections.abc import Iterator

import psycopg
import pytest

from app.bench.directory import run_directory, slipped
from app.bench.population import Region, populate, populate_directory
from core import clock
from core.doors import PersonConnection, acting_as
from core.sqlfile import load_queries
from identity.finding import store
from identity.finding.entry import Asked, Entry, Typed, read_asked
from tests.clones import Clones
from tests.conftest import Services, cloned_database

REGION = Region(patients=200, professionals=3_000, few=10, many=20)
WORDS, PROFESSION = "directory_entry_by_words", "directory_entry_by_profession"


@pytest.fixture(scope="module")
def region(
    services: Services, clones: Clones, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The superuser's connection to a region with its directory, reached through the doors."""
    with (
        pytest.MonkeyPatch.context() as patch,
        cloned_database(services, clones, patch, tmp_path_factory.mktemp("state")) as made,
        psycopg.connect(made.dsn("SUPERUSER"), autocommit=True) as conn,
    ):
        conn.execute(f"alter database {made.name} set synchronous_commit = off")
        populate(conn, REGION)
        assert populate_directory(conn, REGION) == 3_751
        yield conn


def counted(typed: Typed, index: str) -> tuple[list[Entry], int, int, int]:
    """Return what is found, entries read in sequence, by index, and scans of an index."""
    asked = read_asked(typed)
    assert isinstance(asked, Asked)
    with acting_as(REGION.professional(2)) as conn:
        before = read(conn, index)
        found = store.search(conn, asked, "01150", most=31)
        after = read(conn, index)
    in_sequence, by_index, scans = (now - then for now, then in zip(after, before, strict=True))
    return found, in_sequence, by_index, scans


def read(conn: PersonConnection, index: str) -> tuple[int, int, int]:
    """Return what this session has read so far: earlier transactions may still be in it."""
    row = conn.execute(
        "select seq_tup_read, coalesce(idx_tup_fetch, 0),"
        " pg_stat_get_xact_numscans(('identity.' || %s)::regclass)"
        " from pg_stat_xact_user_tables where relname = 'directory_entry'",
        [index],
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])


@pytest.mark.parametrize(
    ("typed", "most"),
    [
        (Typed(words="Chevalier Solène"), 300),
        (Typed(words=slipped("Chevalier")), 1_250),
        (Typed(words="Lefevre", place="Beaumont"), 300),
        (Typed(words="introuvable zzyzx"), 300),
    ],
    ids=["a name", "a slip", "a name and a town", "nothing"],
)
def test_words_are_looked_for_in_the_index(
    region: psycopg.Connection[tuple[object, ...]], typed: Typed, most: int
) -> None:
    found, in_sequence, by_index, scans = counted(typed, WORDS)
    assert in_sequence == 0
    assert scans >= 1
    assert by_index <= most
    assert bool(found) == ("zzyzx" not in typed.words)


def test_a_profession_is_looked_for_in_its_index(
    region: psycopg.Connection[tuple[object, ...]],
) -> None:
    found, in_sequence, _, scans = counted(Typed(profession="70"), PROFESSION)
    assert in_sequence == 0
    assert scans >= 1
    near = [one.km for one in found if one.km is not None]
    assert len(near) == 31
    assert near == sorted(near)


def test_without_its_index_the_directory_is_read_from_end_to_end(
    region: psycopg.Connection[tuple[object, ...]],
) -> None:
    """The deliberate fault, rolled back: what the tests above would see."""
    reader = REGION.professional(2)
    who = {"person": str(reader.person), "post": str(reader.post), "patient": ""}
    with region.transaction(force_rollback=True):
        before = read(PersonConnection(region), PROFESSION)
        region.execute("drop index identity.directory_entry_by_words")
        now = clock.now().isoformat()
        region.execute(load_queries("core")["become_person"], {**who, "now": now})
        conn = PersonConnection(region)
        assert store.search(conn, Asked(words=["chevalier"]), None, most=31)
        after = read(conn, PROFESSION)
    assert after[0] + after[1] - before[0] - before[1] >= 3_751


def test_a_small_benchmark_measures_five_searches(services: Services, database: object) -> None:
    lines = list[str]()
    goals = run_directory(lines.append, Region(patients=60, professionals=120, few=5, many=6), 5)
    assert len(goals) == 5
    assert "151 entries" in lines[0]
