"""Makes a backup: one snapshot of the database, the files that matter, encrypted as it streams."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow, dict_row

from app.backup.envelope import Sealer, fingerprint, load_public
from app.backup.manifest import Manifest
from app.backup.members import write_end, write_member
from app.backup.tools import PIECE_BYTES, dump, find_tool
from app.snapshot import schema_text
from core.errors import BackupError
from core.rows import fetch_all, fetch_one
from core.settings import settings
from core.sqlfile import load_queries

MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files/"
_SQL = load_queries("app.backup")


@dataclass(frozen=True, slots=True)
class _Snapshot:
    snapshot: str
    at: datetime
    server: str
    major: int
    timescaledb: str
    migration: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table, by schema and name."""

    schema: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that is whole and on the disk."""

    path: Path
    digest: str
    """SHA-256 of the file, to be noted elsewhere."""
    manifest: Manifest


def make_backup(owner_dsn: str, to: Path, recipient: Path, say: Callable[[str], None]) -> Made:
    """Back up the database and the files of the state folder into a file, or a new one in a folder.

    The file appears under its name only when it is whole and on the disk.
    """
    key = load_public(recipient)
    # Before the snapshot: every head in the anchors is then in the database as it is dumped.
    files = collect_files(settings().state_dir)
    with _snapshot(owner_dsn) as (conn, at):
        tool = find_tool("pg_dump", at.major)
        manifest = _describe(conn, at, files, owner_dsn)
        path = to / f"chevet-{at.at:%Y%m%dT%H%M%SZ}.backup" if to.is_dir() else to
        if path.exists():
            raise BackupError(f"{path} exists: a backup is never written over")
        say(f"snapshot of {at.at:%Y-%m-%d %H:%M:%S} UTC, {sum(manifest.counts.values())} rows")
        partial = path.with_name(path.name + ".partial")
        try:
            with partial.open("xb") as file:
                os.chmod(partial, 0o600)
                sealer = Sealer(file, key)
                write_member(sealer.write, MANIFEST, [manifest.text()])
                for name, kept in files.items():
                    write_member(sealer.write, FILES + name, kept.pieces())
                write_member(sealer.write, DUMP, dump(tool, owner_dsn, at.snapshot))
                write_end(sealer.write)
                sealer.close()
                file.flush()
                os.fsync(file.fileno())
            partial.rename(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    say(f"encrypted for the key {fingerprint(key)}")
    return Made(path=path, digest=digest_of(path), manifest=manifest)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was when the backup began; what is appended since is not of this backup."""

    path: Path
    size: int

    def pieces(self) -> Iterator[bytes]:
        """Yield its content."""
        left = self.size
        with self.path.open("rb") as file:
            while left and (piece := file.read(min(left, PIECE_BYTES))):
                left -= len(piece)
                yield piece

    def digest(self) -> str:
        """Return SHA-256 of its content."""
        whole = hashlib.sha256()
        for piece in self.pieces():
            whole.update(piece)
        return whole.hexdigest()


def collect_files(state: Path) -> dict[str, Kept]:
    """Return the files beside the database that a restore needs: the anchored heads, uploads."""
    found = [state / "anchors", *sorted((state / "uploads").rglob("*"))]
    return {
        str(path.relative_to(state)): Kept(path, path.stat().st_size)
        for path in found
        if path.is_file() and not path.is_symlink()
    }


@contextmanager
def _snapshot(owner_dsn: str) -> Iterator[tuple[psycopg.Connection[TupleRow], _Snapshot]]:
    """Hold one view of the database for as long as the dump takes."""
    if not owner_dsn:
        raise BackupError("set CHEVET_OWNER_DSN: only the owner sees every row")
    with psycopg.connect(owner_dsn, connect_timeout=10) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        conn.execute("set idle_in_transaction_session_timeout = 0")
        at = fetch_one(conn, _SQL["begin_snapshot"], {}, _Snapshot)
        if at is None:
            raise BackupError("the server gives no snapshot")
        yield conn, at
        conn.rollback()


def _describe(
    conn: psycopg.Connection[TupleRow], at: _Snapshot, files: dict[str, Kept], dsn: str
) -> Manifest:
    with conn.cursor(row_factory=dict_row) as cursor:
        chain = cursor.execute(_SQL["chain_head"]).fetchone()
    return Manifest(
        made_at=at.at,
        chevet=version("chevet"),
        server=at.server,
        timescaledb=at.timescaledb,
        migration=at.migration,
        schema_digest=schema_digest(dsn),
        counts=count_rows(conn),
        chain=chain,
        files={name: kept.digest() for name, kept in files.items()},
    )


def schema_digest(dsn: str) -> str:
    """Return SHA-256 of the description of everything that decides who may do what."""
    return hashlib.sha256(schema_text(dsn).encode()).hexdigest()


def count_rows(conn: psycopg.Connection[TupleRow]) -> dict[str, int]:
    """Return how many rows each table has, as the transaction of `conn` sees them."""
    counts = {}
    for table in fetch_all(conn, _SQL["tables"], {}, Table):
        name = sql.Identifier(table.schema, table.name)
        row = conn.execute(sql.SQL(_SQL["count_rows"]).format(table=name)).fetchone()
        counts[f"{table.schema}.{table.name}"] = int(row[0]) if row else 0
    return counts


def digest_of(path: Path) -> str:
    """Return SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
