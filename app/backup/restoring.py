"""Restores a backup into an empty database, and holds the result against what the backup says.

Nothing is written before the whole file was read once and every chunk of it was genuine.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from app.backup.envelope import load_private, opened
from app.backup.making import DUMP, FILES, MANIFEST, Table, count_rows, schema_digest
from app.backup.manifest import Manifest, parse_manifest
from app.backup.members import Begin, Data, End, read_parts
from app.backup.tools import find_tool, restore
from core.audit.anchors import read_anchors
from core.audit.continuing import continue_chain
from core.audit.verifying import Verdict, verify_on
from core.doors import ServiceConnection
from core.errors import BackupError
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

Say = Callable[[str], None]
_SQL = load_queries("app.backup")
LOGINS = ("chevet_app", "chevet_worker", "chevet_ingest", "chevet_gate")


@dataclass(frozen=True, slots=True)
class _Target:
    name: str
    major: int
    superuser: bool
    timescaledb: str | None


@dataclass(frozen=True, slots=True)
class _Missing:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What stands now, and what was wrong with it; nothing wrong is an empty tuple."""

    manifest: Manifest
    rows: int
    verdict: Verdict
    problems: tuple[str, ...]


def restore_backup(
    file: Path, into: str, key: Path, folder: Path, *, signed_by: str, say: Say
) -> Restored:
    """Restore a backup into the empty database of the superuser's DSN `into`, files into `folder`.

    Afterwards the chain of the audit trail is verified, ended and continued: the server that goes
    on numbers its transactions anew.
    """
    manifest = inspect(file, key)
    say(f"the backup is whole: {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC, chevet {manifest.chevet}")
    with psycopg.connect(into, autocommit=True, connect_timeout=10) as conn:
        target = _check_target(conn, manifest)
        tool = find_tool("pg_restore", target.major)
        _refuse_existing(folder, manifest)
        conn.execute("create extension if not exists timescaledb")
    # A session of its own: while restoring, the extension answers only to that.
    _around_restore(into, "select timescaledb_pre_restore()")
    say("restoring …")
    restore(tool, into, _unpack(file, key, folder))
    _around_restore(into, "select timescaledb_post_restore()")
    with psycopg.connect(into, autocommit=True) as conn:
        _give_connection_rights(conn, target.name)
        conn.execute("analyze")
    problems = _compare(into, manifest)
    say("holding it against the manifest and the anchored heads …")
    anchors = folder / "anchors"
    before = _verify(into, anchors)
    if before.problem is None:
        reason = f"restored from the backup of {manifest.made_at.isoformat()}"
        continue_chain(into, [anchors], reason=reason, signed_by=signed_by)
    after = _verify(into, anchors) if before.problem is None else before
    if after.problem:
        problems.append(f"audit trail: {after.problem}")
    return Restored(
        manifest=manifest,
        rows=sum(manifest.counts.values()),
        verdict=after,
        problems=tuple(problems),
    )


def inspect(file: Path, key: Path) -> Manifest:
    """Read the whole file once; return its manifest. BackupError when not all of it is genuine."""
    manifest: Manifest | None = None
    found, name, text, whole = dict[str, str](), "", bytearray(), hashlib.sha256()
    with file.open("rb") as stream:
        for part in read_parts(opened(stream, load_private(key))):
            match part:
                case Begin():
                    name, whole = part.name, hashlib.sha256()
                case Data():
                    whole.update(part.data)
                    if name == MANIFEST:
                        text.extend(part.data)
                case End():
                    found[name] = whole.hexdigest()
                case _:
                    assert_never(part)
    if MANIFEST in found:
        manifest = parse_manifest(bytes(text))
    if manifest is None or DUMP not in found:
        raise BackupError("the backup holds no manifest or no database")
    files = {each[len(FILES) :]: digest for each, digest in found.items() if FILES in each[:6]}
    if files != manifest.files:
        raise BackupError("the files in the backup are not those of its manifest")
    return manifest


def _unpack(file: Path, key: Path, folder: Path) -> Iterator[bytes]:
    """Yield the dump; write the files, which stand before it, on the way."""
    name, target = "", None
    with file.open("rb") as stream:
        for part in read_parts(opened(stream, load_private(key))):
            match part:
                case Begin():
                    name = part.name
                    if name.startswith(FILES):
                        path = folder / name.removeprefix(FILES)
                        path.parent.mkdir(parents=True, exist_ok=True)
                        target = path.open("xb")
                case Data():
                    if target:
                        target.write(part.data)
                    elif name == DUMP:
                        yield part.data
                case End():
                    if target:
                        target.close()
                    target = None
                case _:
                    assert_never(part)


def _refuse_existing(folder: Path, manifest: Manifest) -> None:
    for name in manifest.files:
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise BackupError("a file in the backup would leave its folder")
        if (folder / name).exists():
            raise BackupError(f"{folder / name} exists: give an empty folder for the files")


def _check_target(conn: psycopg.Connection[TupleRow], manifest: Manifest) -> _Target:
    target = fetch_one(conn, _SQL["target"], {}, _Target)
    if target is None or not target.superuser:
        raise BackupError("restoring needs the superuser: TimescaleDB lets nobody else")
    tables = fetch_all(conn, _SQL["tables"], {}, Table)
    if tables:
        raise BackupError(
            f"database {target.name} is not empty ({len(tables)} tables, such as "
            f"{tables[0].schema}.{tables[0].name}): nothing was written; make a new one"
        )
    missing = [row.name for row in fetch_all(conn, _SQL["roles_missing"], {}, _Missing)]
    if missing:
        raise BackupError(f"roles are missing: {', '.join(missing)}; run deploy/postgres/roles.sql")
    if target.timescaledb != manifest.timescaledb:
        raise BackupError(
            f"the backup is of TimescaleDB {manifest.timescaledb} and this server has "
            f"{target.timescaledb}: restore into the same version, then upgrade"
        )
    if target.major < int(manifest.server.split(".")[0]):
        raise BackupError(f"the backup is of PostgreSQL {manifest.server}: this server is older")
    return target


def _around_restore(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(statement.encode())


def _give_connection_rights(conn: psycopg.Connection[TupleRow], database: str) -> None:
    """Rights on the database itself are not in a dump."""
    name = sql.Identifier(database)
    conn.execute(sql.SQL("revoke all on database {} from public").format(name))
    for login in LOGINS:
        grant = sql.SQL("grant connect on database {} to {}")
        conn.execute(grant.format(name, sql.Identifier(login)))
    conn.execute(sql.SQL("alter database {} owner to chevet_owner").format(name))


def _compare(dsn: str, manifest: Manifest) -> list[str]:
    with psycopg.connect(dsn) as conn:
        counts = count_rows(conn)
    problems = [
        f"{table}: {manifest.counts.get(table, 0)} rows in the backup, {counts.get(table, 0)} here"
        for table in sorted(manifest.counts.keys() | counts.keys())
        if manifest.counts.get(table) != counts.get(table)
    ]
    if schema_digest(dsn) != manifest.schema_digest:
        problems.append("relations, functions, policies or grants are not those of the backup")
    return problems


def _verify(dsn: str, anchors: Path) -> Verdict:
    with psycopg.connect(dsn) as conn, conn.transaction():
        heads = read_anchors(anchors) if anchors.is_file() else None
        return verify_on(ServiceConnection(conn), heads)
