"""The login of the pages reads nothing of itself: every relation and function of the catalog."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from core import clock
from core.sqlfile import load_queries
from tests.conftest import Database
from tests.security.cast import CANARY, Cast, Owner

pytestmark = pytest.mark.promise("S3")
KINDS = "('r', 'p', 'v', 'm', 'f')"
NOT_OURS = "('pg_catalog', 'information_schema', 'pg_toast')"
TOLD_TO_EVERYBODY = {
    # Sizes, names and settings of TimescaleDB itself, which it grants to public; no row of ours.
    "_timescaledb_internal.hypertable_chunk_local_size",
}
OPEN_TABLES = {
    # Signs of life of processes, and which organisation runs which gateway: no health data.
    "core.heartbeat",
    "devices.gateway",
}
EXPECTED = Path(__file__).parent / "functions.txt"
Record = Callable[[str, object], None]
Connection = psycopg.Connection[tuple[object, ...]]


def relations(owner: Owner) -> list[str]:
    """Return every table, partition, chunk, view, materialised view and foreign table."""
    rows = owner.execute(
        "select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c"
        f" join pg_namespace n on n.oid = c.relnamespace where c.relkind in {KINDS}"
        f" and n.nspname not in {NOT_OURS} and n.nspname not like 'pg_temp%'"
        " and n.nspname not like 'pg_toast%'".encode()
    ).fetchall()
    return [str(name) for (name,) in rows]


def read_by(dsn: str, names: list[str], person: str = "") -> dict[str, int]:
    """Return how many rows the app's login reads of each relation that lets it."""
    seen = {}
    with psycopg.connect(dsn, autocommit=True) as conn:
        for name in names:
            try:
                with conn.transaction():
                    become(conn, person)
                    row = conn.execute(f"select count(*) from {name}".encode()).fetchone()
            except psycopg.errors.InsufficientPrivilege:
                continue
            if row and row[0]:
                seen[name] = int(str(row[0]))
    return seen


def become(conn: Connection, person: str) -> None:
    if person:
        now = clock.now().isoformat()
        who = {"person": person, "post": str(uuid4()), "patient": "", "now": now}
        conn.execute(load_queries("core")["become_person"], who)


@pytest.fixture
def full(cast: Cast) -> Owner:
    """A database with something in it, and a chunk nobody has seen before."""
    cast.owner.execute(
        "insert into vitals.reading (measured_at, received_at, patient_key, source, value,"
        " vital, quality) values ('2001-01-01', now(), %s, 1, 97, 1, 0)",
        [cast.home.key],
    )
    return cast.owner


@pytest.mark.parametrize("person", ["", str(uuid4())], ids=["no identity", "nobody's identity"])
def test_no_relation_gives_a_row(
    full: Owner, module_database: Database, person: str, record_property: Record
) -> None:
    names = relations(full)
    chunks = [name for name in names if "_hyper_" in name]
    assert len(names) > 80
    assert len(chunks) >= 2
    seen = read_by(module_database.dsn("APP"), names, person)
    ours = {name for name in seen if not name.startswith(("timescaledb_", "_timescaledb_"))}
    assert ours <= OPEN_TABLES, "these give rows to nobody"
    inside = {name for name in seen if name.startswith("_timescaledb_internal.")}
    assert inside <= TOLD_TO_EVERYBODY, "these give rows to nobody"
    record_property("counts", f"relations {len(names)}; chunks {len(chunks)}; rows of ours 0")


FAULTS = {
    "a grant on a table without policies": "grant select on vitals.reading to chevet_app;"
    " grant usage on schema vitals to chevet_app",
    "a grant on a chunk": "do $$ begin execute (select format('grant select on %s to chevet_app;"
    " grant usage on schema _timescaledb_internal to chevet_app', i.inhrelid::regclass)"
    " from pg_inherits i where i.inhparent = 'vitals.reading'::regclass limit 1); end $$",
    "a policy that lets all in": "create policy oops on identity.patient for select using (true)",
    "row security switched off": "alter table access.membership disable row level security",
    "a view of the owner's": "create view doorway.oops as select * from identity.patient;"
    " grant select on doorway.oops to chevet_app",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_door_left_open_is_found(full: Owner, module_database: Database, fault: str) -> None:
    dsn = module_database.dsn("APP")
    sound = read_by(dsn, relations(full))
    with undone(full):
        full.execute(FAULTS[fault].encode())
        found = read_by(dsn, relations(full))
    assert set(found) - set(sound), fault


@contextmanager
def undone(owner: Owner) -> Iterator[None]:
    """Undo a fault that other connections have to see, so that it cannot be rolled back."""
    try:
        yield
    finally:
        for statement in (
            "revoke all on vitals.reading from chevet_app",
            "revoke usage on schema vitals from chevet_app",
            "do $$ declare c regclass; begin for c in select inhrelid::regclass from pg_inherits"
            " where inhparent = 'vitals.reading'::regclass loop execute format("
            "'revoke all on %s from chevet_app', c); end loop; end $$",
            "drop policy if exists oops on identity.patient",
            "alter table access.membership enable row level security",
            "drop view if exists doorway.oops",
        ):
            owner.execute(statement.encode())


def functions(owner: Owner) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each function that the app's login may call: name, signature, argument types."""
    rows = owner.execute(
        "select n.nspname || '.' || p.proname, p.oid::regprocedure::text,"
        " array(select format_type(t, null) from unnest(p.proargtypes) with ordinality as a(t, n)"
        " order by n) from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where has_function_privilege('chevet_app', p.oid, 'EXECUTE')"
        " and has_schema_privilege('chevet_app', n.oid, 'USAGE')"
        " and p.prorettype <> 'trigger'::regtype"
        " and n.nspname in (select nspname from pg_namespace where nspowner ="
        " 'chevet_owner'::regrole) and not exists (select from pg_depend d where d.objid = p.oid"
        " and d.deptype = 'e') order by 2"
    ).fetchall()
    for name, signature, types in rows:
        assert isinstance(types, list)
        yield str(name), str(signature), [str(one) for one in types]


def reviewed() -> dict[str, str]:
    """Return the reviewed functions: what each may do for nobody."""
    lines = [line for line in EXPECTED.read_text().splitlines() if line and line[0] != "#"]
    return {name: verdict for name, verdict in (line.split(": ", 1) for line in lines)}


def test_every_function_people_may_call_is_reviewed(full: Owner) -> None:
    found = {name for name, _, _ in functions(full)}
    known = set(reviewed())
    assert sorted(found - known) == [], f"add each to {EXPECTED.name}, with what it gives nobody"
    assert sorted(known - found) == [], f"there is no such function: remove it from {EXPECTED.name}"


def test_no_function_gives_anything_to_nobody(
    full: Owner, cast: Cast, module_database: Database, record_property: Record
) -> None:
    """Called with the patient's own ids, so that only the missing identity can stand between."""
    wrong, called = {}, 0
    verdicts = reviewed()
    with psycopg.connect(module_database.dsn("APP"), autocommit=True) as conn:
        for name, signature, types in functions(full):
            if verdicts.get(name) == "harmless":
                continue
            called += 1
            given = rows_of(conn, name, types, cast)
            if given and not obeys(verdicts.get(name, "nothing"), given, cast):
                wrong[signature] = given[:3]
    record_property("counts", f"functions called {called}; answered 0")
    assert called >= 8
    assert wrong == {}


def rows_of(conn: Connection, name: str, types: list[str], cast: Cast) -> list[object]:
    """Call a function for nobody, and undo it; what it refuses is nothing."""
    values = [argument(kind, cast) for kind in types]
    holes = ", ".join(f"%s::{kind}" for kind in types)
    try:
        with conn.transaction(force_rollback=True):
            rows = conn.execute(f"select * from {name}({holes})".encode(), values).fetchall()
    except psycopg.Error:
        return []
    return [row for row in rows if not is_empty(row)]


def obeys(verdict: str, given: list[object], cast: Cast) -> bool:
    """Say whether what a function gives is what its reviewed line allows."""
    if verdict == "echo":
        return given in ([(cast.patient,)], [([cast.patient],)])
    if verdict == "refuses":
        return given in ([("not_allowed",)], [("gone",)])
    return verdict == "hides" and given == [(True,)]


def is_empty(row: tuple[object, ...]) -> bool:
    """Say whether a row says nothing: null, nought, no, an empty list."""
    return all(value in (None, 0, False, "", []) for value in row)


def argument(kind: str, cast: Cast) -> object:
    """Return a value that would find the patient, were it allowed to."""
    known: dict[str, object] = {
        "uuid": cast.patient,
        "uuid[]": [cast.patient],
        "text": CANARY.lower(),
        "text[]": [CANARY],
        "integer": 10,
        "bigint": 10,
        "smallint": 1,
        "boolean": True,
        "timestamp with time zone": clock.now(),
        "date": "1951-04-02",
        "real": 97,
        "double precision": 97,
        "jsonb": "{}",
        "bytea": b"",
        "interval": "1 day",
        "inet": "127.0.0.1",
    }
    return known.get(kind)


def test_a_function_that_answers_nobody_is_found(
    full: Owner, cast: Cast, module_database: Database
) -> None:
    full.execute(
        "create function doorway.oops(p_patient uuid) returns setof text language sql stable"
        " security definer set search_path = pg_catalog, pg_temp as"
        " 'select birth_name from identity.patient where patient_id = p_patient'"
    )
    try:
        unknown = {name for name, _, _ in functions(full)} - set(reviewed())
        with psycopg.connect(module_database.dsn("APP"), autocommit=True) as conn:
            given = rows_of(conn, "doorway.oops", ["uuid"], cast)
    finally:
        full.execute("drop function doorway.oops(uuid)")
    assert "doorway.oops" in unknown
    assert given == [(CANARY,)]
