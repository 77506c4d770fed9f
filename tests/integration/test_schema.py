"""The schema: frozen migrations, the snapshot, and a sweep of the catalog for open doors."""

import psycopg
import pytest

from app.snapshot import SNAPSHOT, frozen_text, schema_text
from core.migrate import FROZEN, migrate, rights_rows
from core.rights import rights
from tests.conftest import Database

OURS = (
    "('access', 'alerts', 'audit', 'coordination', 'core', 'devices', 'identity', 'ingest', "
    "'messages', 'questionnaires', 'vitals')"
)
NO_ROW_SECURITY = {
    # People have no right at all on these, or only through functions and doorways.
    "access.party", "access.post", "access.patient", "access.role_permission", "access.circle",
    "audit.seal", "audit.continuation", "audit.forwarded",
    "core.due", "core.heartbeat", "core.schema_version",
    "devices.gateway", "devices.device", "devices.assignment",
    "identity.account", "identity.session", "identity.sign_in_failure",
    "ingest.stream", "ingest.gateway_seen", "ingest.idempotency",
    "messages.contact_point", "messages.outbox",
    "vitals.reading", "vitals.sampled", "vitals.minute", "vitals.amendment",
}  # fmt: skip


def test_migrations_are_frozen() -> None:
    assert FROZEN.read_text() == frozen_text(), "an incremental file changed: add a new one instead"


def test_the_snapshot_is_the_schema(database: Database) -> None:
    assert SNAPSHOT.read_text() == schema_text(database.dsn("OWNER")), "run make db-snapshot"


def test_migrating_twice_changes_nothing(database: Database) -> None:
    before = schema_text(database.dsn("OWNER"))
    migrate(database.dsn("OWNER"))
    assert schema_text(database.dsn("OWNER")) == before


def test_the_table_of_rights_is_the_same_in_both_locks(database: Database) -> None:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        rows = conn.execute(
            "select role, permission, needs_agreement from access.role_permission"
        ).fetchall()
    assert sorted(rows) == rights_rows(rights())


@pytest.mark.promise("S3")
def test_every_table_a_person_can_touch_has_row_security(database: Database) -> None:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        rows = conn.execute(
            "select n.nspname || '.' || c.relname, c.relrowsecurity, "
            "has_any_column_privilege('chevet_app', c.oid, 'SELECT, INSERT, UPDATE') "
            "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            f"where c.relkind = 'r' and n.nspname in {OURS}"
        ).fetchall()
    bare = {name for name, secured, _ in rows if not secured}
    assert bare <= NO_ROW_SECURITY
    reachable = {name for name, secured, touched in rows if touched and not secured}
    assert reachable <= {"core.heartbeat", "devices.gateway"}


def test_every_definer_function_pins_its_search_path(database: Database) -> None:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        rows = conn.execute(
            "select p.oid::regprocedure::text from pg_proc p "
            f"join pg_namespace n on n.oid = p.pronamespace where n.nspname in {OURS} "
            "and p.prosecdef and coalesce(array_to_string(p.proconfig, ','), '') "
            "not like 'search_path=pg_catalog, pg_temp%'"
        ).fetchall()
    assert rows == []


def test_nobody_executes_a_function_by_default(database: Database) -> None:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        rows = conn.execute(
            "select p.oid::regprocedure::text from pg_proc p "
            f"join pg_namespace n on n.oid = p.pronamespace where n.nspname in {OURS} "
            "and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
            "where a.grantee = 0)"
        ).fetchall()
    assert rows == []


def test_no_login_role_steps_over_row_security(database: Database) -> None:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        rows = conn.execute(
            "select rolname from pg_roles where rolname like 'chevet\\_%' "
            "and (rolbypassrls or rolsuper or rolcreaterole)"
        ).fetchall()
    assert rows == []


@pytest.mark.promise("S3")
@pytest.mark.parametrize("login", ["APP", "GATE", "INGEST"])
def test_a_login_role_without_identity_reads_nothing(database: Database, login: str) -> None:
    """Every relation and chunk of the catalog, a chunk made on the spot included."""
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "insert into vitals.reading (measured_at, received_at, patient_key, source, value, "
            "vital, quality) values (now(), now(), 1, 1, 97, 1, 0)"
        )
        relations = conn.execute(
            "select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c "
            "join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'v', 'm') "
            f"and (n.nspname in {OURS} or n.nspname in ('doorway', '_timescaledb_internal'))"
        ).fetchall()
    seen = {}
    with psycopg.connect(database.dsn(login), autocommit=True) as conn:
        for (relation,) in relations:
            try:
                count = conn.execute(f"select count(*) from {relation}").fetchone()
            except psycopg.errors.InsufficientPrivilege:
                continue
            if count and count[0]:
                seen[relation] = count[0]
    assert len(relations) > 30
    # A size of chunks, without a row of theirs, is all TimescaleDB tells everybody.
    assert set(seen) <= {"_timescaledb_internal.hypertable_chunk_local_size"}
