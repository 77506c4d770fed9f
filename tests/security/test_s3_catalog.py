"""The login of the pages reads nothing of itself: every relation and function of the catalog."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest

from core import clock
from core.sqlfile import load_queries
from tests.conftest import Database
from tests.security.calls import EXPECTED, answered, functions, reviewed
from tests.security.cast import CANARY, Cast, Owner
from tests.security.locks import OURS, definition, second_lock_away
from tests.security.rows import put_rows_everywhere

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
    # Questionnaires as they were published, drafts left out: no word of any patient.
    "questionnaires.edition",
}
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
    """A database with something in every relation, and a chunk nobody has seen before."""
    put_rows_everywhere(cast)
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
    record_property(
        "counts", f"relations {len(names)}; chunks {len(chunks)}; with rows {len(ours)}"
    )


def empty_ones(owner: Owner, cast: Cast) -> tuple[int, list[str]]:
    """Return how many relations people may read, and those that hold no row with all doors open.

    Whoever looks is somebody who signed an item, for what shows one's own acts alone.
    """
    found = owner.execute(
        "select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c"
        f" join pg_namespace n on n.oid = c.relnamespace where c.relkind in {KINDS}"
        f" and (n.nspname in {OURS} or n.nspname = 'doorway')"
        " and has_any_column_privilege('chevet_app', c.oid, 'SELECT')".encode()
    ).fetchall()
    ((author,),) = owner.execute(
        "select author from access.item where kind = 'note' limit 1"
    ).fetchall()
    with second_lock_away(cast), owner.transaction():
        become(owner, str(author))
        holds = {str(name): has_a_row(owner, str(name)) for (name,) in found}
    return len(holds), sorted(name for name, does in holds.items() if not does)


def has_a_row(owner: Owner, relation: str) -> bool:
    row = owner.execute(f"select exists (select from {relation})".encode()).fetchone()
    return row == (True,)


def test_every_relation_people_may_read_holds_a_row(full: Owner, cast: Cast) -> None:
    """Else its giving none would prove nothing."""
    count, empty = empty_ones(full, cast)
    assert count > 25
    assert empty == []


def test_a_relation_without_a_row_is_found(full: Owner, cast: Cast) -> None:
    full.execute("create table core.oops (id uuid); grant select on core.oops to chevet_app")
    try:
        assert empty_ones(full, cast)[1] == ["core.oops"]
    finally:
        full.execute("drop table core.oops")


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
            "revoke usage on schema vitals, _timescaledb_internal from chevet_app",
            "do $$ declare c regclass; begin for c in select inhrelid::regclass from pg_inherits"
            " where inhparent = 'vitals.reading'::regclass loop execute format("
            "'revoke all on %s from chevet_app', c); end loop; end $$",
            "drop policy if exists oops on identity.patient",
            "alter table access.membership enable row level security",
            "drop view if exists doorway.oops",
        ):
            owner.execute(statement.encode())


def test_every_function_people_may_call_is_reviewed(full: Owner) -> None:
    found = {one.name for one in functions(full)}
    known = set(reviewed())
    assert sorted(found - known) == [], f"add each to {EXPECTED.name}, with what it gives nobody"
    assert sorted(known - found) == [], f"there is no such function: remove it from {EXPECTED.name}"


@pytest.mark.parametrize("instant", [False, True], ids=["nothing said", "the instant alone"])
def test_no_function_gives_anything_to_nobody(
    full: Owner, cast: Cast, module_database: Database, instant: bool, record_property: Record
) -> None:
    """Called with the patient's own ids, so that only the missing identity can stand between."""
    with psycopg.connect(module_database.dsn("APP"), autocommit=True) as conn:
        wrong, called, gave = answered(conn, cast, instant=instant)
    record_property("counts", f"functions called {called}; answered {gave}; wrongly {len(wrong)}")
    assert called >= 60
    assert wrong == {}


BEHIND_A_DOOR = {
    "access.find_organisations",
    "access.visible_patients",
    "alerts.latest_risk",
    "alerts.model_beside",
    "alerts.names_around",
    "coordination.to_review",
    "coordination.withdraw_consent",
    "identity.directory_imports",
    "identity.find_patients_by_ins",
    "identity.merges",
    "identity.part_pair",
    "identity.suspects",
}


def test_functions_whose_doors_stand_open_are_found(
    full: Owner, cast: Cast, module_database: Database
) -> None:
    """The deliberate fault: whatever a function asks before it answers says yes."""
    dsn = module_database.dsn("APP")
    with second_lock_away(cast), psycopg.connect(dsn, autocommit=True) as conn:
        wrong, _, _ = answered(conn, cast, instant=True)
    names = {signature.partition("(")[0] for signature in wrong}
    assert BEHIND_A_DOOR - names == set()


def test_a_function_that_takes_neither_yes_nor_no_for_yes_is_found(
    full: Owner, cast: Cast, module_database: Database
) -> None:
    """The deliberate fault: to nobody, a question of the patient's own acts answers null."""
    kept = definition(full, "coordination.may_speak_for(uuid)")
    full.execute(
        "create or replace function coordination.may_speak_for(p_patient uuid) returns boolean"
        " language sql stable security definer set search_path = pg_catalog, pg_temp"
        " return p_patient = access.current_person()"
    )
    try:
        with psycopg.connect(module_database.dsn("APP"), autocommit=True) as conn:
            wrong, _, _ = answered(conn, cast, instant=True)
    finally:
        full.execute(kept.encode())
    assert "coordination.withdraw_consent(uuid,uuid)" in wrong


def test_a_function_that_answers_nobody_is_found(
    full: Owner, cast: Cast, module_database: Database
) -> None:
    full.execute(
        "create function doorway.oops(p_patient uuid) returns setof text language sql stable"
        " security definer set search_path = pg_catalog, pg_temp as"
        " 'select birth_name from identity.patient where patient_id = p_patient'"
    )
    try:
        unknown = {one.name for one in functions(full)} - set(reviewed())
        with psycopg.connect(module_database.dsn("APP"), autocommit=True) as conn:
            wrong, _, _ = answered(conn, cast, instant=False)
    finally:
        full.execute("drop function doorway.oops(uuid)")
    assert unknown == {"doorway.oops"}
    assert wrong == {"doorway.oops(uuid)": [(CANARY,)]}
