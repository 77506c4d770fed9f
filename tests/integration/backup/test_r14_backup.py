"""A backup restores: the same rows in every table, the same rights, a chain that verifies.

The set-up is real: readings, an alert, answers, accounts, an audit trail that is sealed and
anchored; dumped by the server's own tools, encrypted, restored into an empty database.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from app.backup.envelope import make_keys
from app.backup.making import Made, make_backup
from app.backup.restoring import restore_backup
from core.access import Permission
from core.audit.anchors import read_anchors
from core.audit.sealing import seal_finished
from core.audit.verifying import verify_chain
from core.care import open_record
from core.doors import Actor, CareContext, acting_as, close_doors
from core.errors import BackupError
from core.settings import settings
from tests import as_owner
from tests.conftest import LOGINS, Database
from tests.integration.alerts.home import make_home
from tests.integration.web.scene import raise_red

pytestmark = pytest.mark.usefixtures("quiet")

SAYS: list[str] = []


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A private key and its public half."""
    private = tmp_path / "backup-key"
    return private, make_keys(private)


@pytest.fixture
def empty(database: Database) -> Iterator[str]:
    """The superuser's connection to an empty database."""
    superuser = database.dsn("SUPERUSER").rsplit("/", 1)[0]
    name = f"r_{uuid4().hex[:12]}"
    with psycopg.connect(f"{superuser}/postgres", autocommit=True) as conn:
        conn.execute(f"create database {name} template template0")
    yield f"{superuser}/{name}"
    close_doors()
    with psycopg.connect(f"{superuser}/postgres", autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")


def live_a_little() -> Actor:
    """Let a patient deteriorate and people open the record; seal some of it, not all."""
    home = make_home()
    raise_red(home)
    let_a_model_speak(home.care.patient)
    look(home.care.nurse, home.care.patient)
    seal_finished(settings().anchor_places())
    look(home.care.gp, home.care.patient)
    seal_finished(settings().anchor_places())
    look(home.care.nurse, home.care.patient)
    return home.care.nurse


def let_a_model_speak(patient: object) -> None:
    """Add lines of two chunks and one that waits: a hypertable with references and no readings."""
    as_owner.run(
        "insert into alerts.model (version, sha256, card, file, added_at)"
        " values ('kept', repeat('a', 64), '{}', 'file', now())"
    )
    as_owner.run(
        "insert into alerts.risk (id, patient_id, asked_at, noted_at, version, window_from,"
        " window_until, inputs, silence) select gen_random_uuid(), %s, at, at, 'kept', at, at,"
        " '{}', 'missing' from generate_series(now() - interval '40 days', now(), '20 days') at",
        patient,
    )
    as_owner.run(
        "insert into alerts.risk_due (patient_key, asked_at, noted_at) values (1, now(), now())"
    )


def look(actor: Actor, patient: object) -> None:
    opened = open_record(actor, patient, Permission.VITALS_READ)  # type: ignore[arg-type]
    assert isinstance(opened, CareContext)
    with acting_as(opened) as conn:
        conn.execute("select 1 from doorway.reading limit 1")


def back_up(database: Database, tmp_path: Path, public: Path) -> Made:
    return make_backup(database.dsn("OWNER"), tmp_path / "one.backup", public, SAYS.append)


def rows_of(dsn: str) -> dict[str, Counter[str]]:
    """Every row of every table of ours, as text; chunks are read through their hypertable."""
    with psycopg.connect(dsn) as conn:
        tables = conn.execute(
            "select n.nspname, c.relname from pg_class c join pg_namespace n"
            " on n.oid = c.relnamespace where c.relkind in ('r', 'p')"
            " and n.nspname !~ '^(pg_|_?timescaledb|information_schema)'"
        ).fetchall()
        found = {}
        for schema, name in tables:
            query = sql.SQL("select t::text from {} t").format(sql.Identifier(schema, name))
            found[f"{schema}.{name}"] = Counter(str(row) for (row,) in conn.execute(query))
    return found


@pytest.mark.promise("R14")
def test_a_restore_gives_back_every_row_and_a_chain_that_verifies(
    database: Database,
    empty: str,
    keys: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: pytest.FixtureRequest,
) -> None:
    private, public = keys
    live_a_little()
    before = rows_of(database.dsn("SUPERUSER"))
    made = back_up(database, tmp_path, public)
    done = restore_backup(
        made.path, empty, private, tmp_path / "files", signed_by="A. Martin", say=SAYS.append
    )
    assert done.problems == ()
    after = rows_of(empty)
    told = {"audit.seal", "audit.continuation", "audit.event"}
    assert {name: rows for name, rows in after.items() if name not in told} == {
        name: rows for name, rows in before.items() if name not in told
    }
    # What the end of the old chain and the beginning of the new one add, and nothing else.
    added = {name: sum((after[name] - before[name]).values()) for name in told}
    lost = {name: sum((before[name] - after[name]).values()) for name in told}
    assert added == {"audit.seal": 1, "audit.continuation": 1, "audit.event": 1}
    assert set(lost.values()) == {0}
    rows = sum(sum(each.values()) for each in before.values())
    assert rows > 100
    assert sum(before["vitals.reading"].values()) > 10
    assert sum(before["alerts.alert"].values()) == 1
    record_property("counts", f"tables {len(before)}; rows {rows}; missing 0; stowaway 0")  # type: ignore[operator]
    go_on_with(empty, tmp_path / "files", monkeypatch)
    assert seal_finished(settings().anchor_places()) == 1
    verdict = verify_chain(read_anchors(tmp_path / "files/anchors"))
    assert (verdict.problem, verdict.chains, verdict.unsealed) == (None, 2, 0)
    assert verdict.anchors >= 3
    assert sealed_and_more(empty) == []


def go_on_with(superuser: str, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point every door at the restored database."""
    close_doors()
    name = superuser.rsplit("/", 1)[1]
    for login in LOGINS:
        dsn = getattr(settings(), f"{login.lower()}_dsn", "") or superuser
        monkeypatch.setenv(f"CHEVET_{login}_DSN", dsn.rsplit("/", 1)[0] + f"/{name}")
    monkeypatch.setenv("CHEVET_STATE_DIR", str(files))
    settings.cache_clear()


def sealed_and_more(superuser: str) -> list[tuple[object, ...]]:
    """Row security is on wherever it was, and no login owns anything."""
    with psycopg.connect(superuser) as conn:
        return conn.execute(
            "select c.oid::regclass::text from pg_class c join pg_roles r on r.oid = c.relowner"
            " join pg_namespace n on n.oid = c.relnamespace where n.nspname in"
            " ('audit', 'identity', 'vitals', 'alerts') and (r.rolname <> 'chevet_owner'"
            " or (c.relname in ('event', 'patient') and c.relkind = 'r'"
            " and not c.relrowsecurity and n.nspname <> 'access'))"
        ).fetchall()


@pytest.mark.promise("R14")
def test_what_is_not_genuine_is_refused_before_anything_is_written(
    database: Database, empty: str, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    private, public = keys
    live_a_little()
    made = back_up(database, tmp_path, public)
    whole, chance = made.path.read_bytes(), Random(14)
    assert not any(word in whole for word in (b"PGDMP", b"Martin", b"Jeanne"))
    flips = [0, 20, 60, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(20))]
    cuts = [0, 10, 40, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(10))]
    broken = [flip(whole, at) for at in flips] + [whole[:at] for at in cuts] + [whole + b"\0"]
    for number, content in enumerate(broken):
        path = tmp_path / "broken"
        path.write_bytes(content)
        with pytest.raises(BackupError):
            restore_backup(path, empty, private, tmp_path / "f", signed_by="A", say=SAYS.append)
        assert is_empty(empty), number
    other = tmp_path / "other-key"
    make_keys(other)
    with pytest.raises(BackupError, match="is for the key"):
        restore_backup(made.path, empty, other, tmp_path / "f", signed_by="A", say=SAYS.append)
    assert is_empty(empty)
    assert not (tmp_path / "f").exists()


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def is_empty(dsn: str) -> bool:
    return all(not rows for rows in rows_of(dsn).values())


@pytest.mark.promise("R14")
def test_a_database_that_is_not_empty_is_left_alone(
    database: Database, empty: str, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    private, public = keys
    made = back_up(database, tmp_path, public)
    with psycopg.connect(empty) as conn:
        conn.execute("create table precious (id integer)")
        conn.execute("insert into precious values (1)")
    with pytest.raises(BackupError, match="is not empty"):
        restore_backup(made.path, empty, private, tmp_path / "f", signed_by="A", say=SAYS.append)
    assert rows_of(empty) == {"public.precious": Counter(["(1)"])}


@pytest.mark.promise("R14")
def test_a_row_that_did_not_come_back_is_told(
    database: Database,
    empty: str,
    keys: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a restore that loses rows, and rights, what holds it against the manifest finds it."""
    from app.backup import restoring

    private, public = keys
    live_a_little()
    made = back_up(database, tmp_path, public)

    def lossy(dsn: str, statement: str) -> None:
        with psycopg.connect(dsn, autocommit=True) as conn:
            conn.execute(statement.encode())
            if "post" in statement:
                conn.execute("delete from audit.event where id = (select min(id) from audit.event)")
                conn.execute("grant select on identity.account to chevet_app")

    monkeypatch.setattr(restoring, "_around_restore", lossy)
    done = restore_backup(
        made.path, empty, private, tmp_path / "files", signed_by="A", say=SAYS.append
    )
    assert len(done.problems) == 3
    assert "audit.event" in done.problems[0]
    assert "grants" in done.problems[1]
    assert "audit trail" in done.problems[2]


def test_tools_of_another_version_are_refused_in_words(
    database: Database, keys: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.18'\n")
    (old / "pg_dump").chmod(0o755)
    monkeypatch.setenv("CHEVET_PG_BIN", str(old))
    settings.cache_clear()
    with pytest.raises(BackupError, match="CHEVET_PG_BIN"):
        back_up(database, tmp_path, keys[1])
    assert not list(tmp_path.glob("*.backup*"))


def test_every_function_is_kept_as_a_dump_would_write_it(database: Database) -> None:
    """A restore reads functions back from their text: one that reads differently then is found."""
    with psycopg.connect(database.dsn("SUPERUSER")) as conn:
        conn.execute("set local client_min_messages = warning")
        written = _definitions(conn)
        for text in written.values():
            conn.execute(text.encode())
        again = _definitions(conn)
        conn.rollback()
    assert len(written) > 100
    assert [name for name, text in written.items() if again[name] != text] == []


def _definitions(conn: psycopg.Connection[tuple[object, ...]]) -> dict[str, str]:
    rows = conn.execute(
        "select p.oid::regprocedure::text, pg_get_functiondef(p.oid) from pg_proc p"
        " where p.prokind = 'f' and p.pronamespace in (select oid from pg_namespace"
        " where nspowner = 'chevet_owner'::regrole) and not exists (select from pg_depend d"
        " where d.objid = p.oid and d.deptype = 'e')"
    )
    return {str(name): str(text) for name, text in rows}
