"""The gateway's own memory: items on disk from the moment they are read until they are settled.

SQLite in WAL mode with synchronous=FULL: when `append` has returned, a power cut loses nothing.
Each opening is a boot with its own uuid; within a boot numbers only go up, and a number given to
an append that failed is not given again. Items of earlier boots keep their boot and number.
The file is bounded, and a full spool or disk refuses, loudly, what it cannot keep.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from devices.edge.reserve import Reserve
from devices.envelope import MAX_ENVELOPE_BYTES, MAX_ITEMS, encode_item, to_item
from devices.measurement import Observation

DEFAULT_MAX_BYTES = 512 * 1024 * 1024
MAX_BATCH_BYTES = MAX_ENVELOPE_BYTES - 1024

_SCHEMA = """
create table if not exists boot (ordinal integer primary key, boot_id text not null unique);
create table if not exists item (
    boot integer not null references boot, n integer not null, body blob not null,
    primary key (boot, n)
) without rowid;
create table if not exists recording (name text primary key, lines integer not null);
create temp table sent (
    boot integer not null, n integer not null, in_flight integer not null, primary key (boot, n)
) without rowid;
"""
_NOT_IN_FLIGHT = """
not exists (select from_sent.n from temp.sent as from_sent
            where from_sent.boot = item.boot and from_sent.n = item.n and from_sent.in_flight)
"""
_LIVE = f"""
select boot, n, body from item where boot = :boot and n > :floor and {_NOT_IN_FLIGHT}
order by boot, n limit :limit
"""
_BACKLOG = f"""
select boot, n, body from item where (boot, n) <= (:boot, :floor) and {_NOT_IN_FLIGHT}
order by boot, n limit :limit
"""
_SETTLE = """
delete from item where boot = :boot and n between :first and :last
and exists (select n from temp.sent where sent.boot = item.boot and sent.n = item.n)
"""

_FORGET = "delete from temp.sent where boot = :boot and n between :first and :last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """The spool cannot keep what it was given; nothing of it was kept."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The items are on disk under the numbers `first` to `last` of this boot."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Items of one boot, lent out to be sent."""

    boot: UUID
    numbers: tuple[int, ...]
    bodies: tuple[bytes, ...]


class SpoolHeldError(Exception):
    """Another process has this spool open."""


class Spool:
    """The spool of one gateway process; any thread may call it."""

    def __init__(self, path: Path, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        """Open or make the file at `path` and begin a new boot; SpoolHeldError if it is in use."""
        self._held = _hold(path.with_name(path.name + ".lock"))
        self._lock = threading.Lock()
        self._reserve = Reserve(path.with_name(path.name + ".reserve"))
        self._db = _connect(path, max_bytes)
        self.boot = uuid4()
        self._ordinals: dict[UUID, int] = {}
        for ordinal, boot_id in self._db.execute("select ordinal, boot_id from boot"):
            self._ordinals[UUID(boot_id)] = ordinal
        with self._transaction():
            self._db.execute("insert into boot (boot_id) values (?)", (str(self.boot),))
            (self._ordinal,) = self._db.execute("select last_insert_rowid()").fetchone()
        self._ordinals[self.boot] = self._ordinal
        self._last_number = 0
        self._waiting = int(self._db.execute("select count(*) from item").fetchone()[0])
        self._reserve.take()

    def close(self) -> None:
        """Close the file and let another process open it."""
        with self._lock:
            self._db.close()
            os.close(self._held)

    @property
    def last_number(self) -> int:
        """The last number given in this boot."""
        return self._last_number

    @property
    def waiting(self) -> int:
        """How many items are not settled yet."""
        return self._waiting

    def append(
        self,
        observations: Sequence[Observation],
        *,
        recording: str | None = None,
        lines: int = 0,
    ) -> Kept | Full:
        """Keep observations; with `recording`, also that it is played up to line `lines`."""
        with self._lock:
            first = self._last_number + 1
            self._last_number += len(observations)
            rows = [
                (self._ordinal, n, encode_item(to_item(observation, n=n)))
                for n, observation in enumerate(observations, start=first)
            ]
            full = self._insert(rows, recording, lines)
            if full is not None and self._make_room():
                full = self._insert(rows, recording, lines)
            if full is not None:
                return full
            self._waiting += len(rows)
            return Kept(first=first, last=self._last_number)

    def lines_played(self, recording: str) -> int:
        """How many lines of `recording` are in the spool or were settled."""
        with self._lock:
            query = "select lines from recording where name = ?"
            row = self._db.execute(query, (recording,)).fetchone()
        return 0 if row is None else int(row[0])

    def lend_live(self, *, floor: int, limit: int = MAX_ITEMS) -> Batch | None:
        """Lend the oldest items of this boot numbered above `floor` that are not in flight."""
        return self._lend(_LIVE, floor, limit)

    def lend_backlog(self, *, floor: int, limit: int = MAX_ITEMS) -> Batch | None:
        """Lend the oldest items of earlier boots, then of this one up to `floor`."""
        return self._lend(_BACKLOG, floor, limit)

    def take_back(self, boot: UUID, numbers: Sequence[int]) -> None:
        """These items are no longer in flight: lend them again."""
        with self._lock, self._transaction():
            self._db.executemany(
                "update temp.sent set in_flight = 0 where boot = ? and n = ?",
                [(self._ordinals[boot], n) for n in numbers],
            )

    def settle(self, boot: UUID, ranges: Sequence[tuple[int, int]]) -> int | Full:
        """Delete items the platform holds (both ends included); return how many there were.

        Only items this process has sent are deleted, so that a wrong range cannot eat a reading.
        """
        with self._lock:
            ordinal = self._ordinals.get(boot)
            if ordinal is None:
                return 0
            deleted = self._delete(ordinal, ranges)
            if isinstance(deleted, Full):
                self._reserve.give_up()
                deleted = self._delete(ordinal, ranges)
                self._make_room()
            if not isinstance(deleted, Full):
                self._waiting -= deleted
            return deleted

    def _insert(
        self, rows: Sequence[tuple[int, int, bytes]], recording: str | None, lines: int
    ) -> Full | None:
        if not self._reserve.take():
            return Full(reason="no space in reserve")
        try:
            with self._transaction():
                self._db.executemany("insert into item values (?, ?, ?)", rows)
                if recording is not None:
                    progress = (recording, lines)
                    self._db.execute("insert or replace into recording values (?, ?)", progress)
        except sqlite3.OperationalError as error:
            return _full(error)
        return None

    def _delete(self, ordinal: int, ranges: Sequence[tuple[int, int]]) -> int | Full:
        deleted = 0
        try:
            with self._transaction():
                for first, last in ranges:
                    span = {"boot": ordinal, "first": first, "last": last}
                    deleted += self._db.execute(_SETTLE, span).rowcount
                    self._db.execute(_FORGET, span)
        except sqlite3.OperationalError as error:
            return _full(error)
        return deleted

    def _make_room(self) -> bool:
        """Fold the log into the file, which gives its space back; say if the reserve is held."""
        self._reserve.give_up()
        try:
            self._db.execute("pragma wal_checkpoint(truncate)").fetchall()
        except sqlite3.OperationalError as error:
            _full(error)
        return self._reserve.take()

    def _lend(self, query: str, floor: int, limit: int) -> Batch | None:
        with self._lock:
            values = {"boot": self._ordinal, "floor": floor, "limit": limit}
            rows = _one_envelope(self._db.execute(query, values).fetchall())
            if not rows:
                return None
            with self._transaction():
                self._db.executemany(
                    "insert or replace into temp.sent values (?, ?, 1)",
                    [(boot, n) for boot, n, _ in rows],
                )
        boots = {ordinal: boot for boot, ordinal in self._ordinals.items()}
        return Batch(
            boot=boots[rows[0][0]],
            numbers=tuple(n for _, n, _ in rows),
            bodies=tuple(body for _, _, body in rows),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("begin immediate")
        try:
            yield
            self._db.execute("commit")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise


def _one_envelope(rows: list[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
    """Return the leading rows that share a boot and fit one envelope."""
    taken: list[tuple[int, int, bytes]] = []
    room = MAX_BATCH_BYTES
    for row in rows:
        room -= len(row[2]) + 1
        if taken and (row[0] != taken[0][0] or room < 0):
            break
        taken.append(row)
    return taken


def _connect(path: Path, max_bytes: int) -> sqlite3.Connection:
    path.touch(mode=0o600)
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = full")
    db.execute("pragma temp_store = memory")
    (page_bytes,) = db.execute("pragma page_size").fetchone()
    db.execute(f"pragma max_page_count = {max(max_bytes // page_bytes, 1)}")
    db.executescript(_SCHEMA)
    return db


def _hold(path: Path) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise SpoolHeldError(f"another gateway has {path} open") from None
    return handle


def _full(error: sqlite3.OperationalError) -> Full:
    """Return the refusal if the disk is the cause; raise again any other error."""
    if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        raise error
    return Full(reason=error.sqlite_errorname)
