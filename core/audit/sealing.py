"""Seals the audit trail: chains the events of finished transactions, outside of anyone's wait.

Writing an event costs its transaction nothing but the row; every few seconds one sealer digests
what has been committed since, and leaves the head of the chain in files outside the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from psycopg.rows import class_row

from core import clock
from core.audit.anchors import LONGEST_SILENCE, Anchor, last_anchor, write_anchor
from core.audit.events import GENESIS, Content, Event, digest_content, digest_seal
from core.doors import Service, ServiceConnection, serving
from core.rows import fetch_one
from core.sqlfile import load_queries

_log = structlog.get_logger("sealer")
AT_ONCE = 2000
"""Events fetched at a time, so that no seal need fit into memory."""


@dataclass(frozen=True, slots=True)
class SealingBounds:
    """The chain in use, what of it is sealed, and up to where every transaction has ended."""

    chain: int
    from_xid: str
    before_xid: str
    through_id: int
    last_digest: bytes | None
    strays: bool
    """Events of transactions numbered before the last seal, yet written after it."""


class ChainAheadError(Exception):
    """The seals name transactions that have not happened: the database was restored from a dump.

    No event would ever be sealed again, and none would seem to wait: `chevet audit continue` ends
    the chain and begins another.
    """


@dataclass(frozen=True, slots=True)
class _Age:
    seconds: float


def seal_finished(places: list[Path]) -> int:
    """Seal what has been committed since the last seal; return how many events.

    Returns 0 when there is nothing new or when another sealer is at work. The head is appended to
    the files in `places`; one that cannot be written is told in the log and does not stop sealing.
    """
    with serving(Service.SEALER) as conn:
        lock = conn.execute(load_queries("core")["sealer_lock"]).fetchone()
        bounds = load_bounds(conn)
        if not (lock and lock[0]):
            return 0
        if bounds.strays or int(bounds.from_xid) > int(bounds.before_xid):
            raise ChainAheadError(bounds.from_xid)
        content = digest_content(events_between(conn, bounds))
        digest = save_seal(conn, bounds, content) if content.count else bounds.last_digest
    if digest:
        _anchor(places, bounds, digest, fresh=content.count > 0)
    return content.count


def load_bounds(conn: ServiceConnection) -> SealingBounds:
    """Return what the next seal begins with."""
    bounds = fetch_one(conn, load_queries("core")["sealing_bounds"], {}, SealingBounds)
    if bounds is None:
        raise LookupError("a query without rows")
    return bounds


def events_between(conn: ServiceConnection, bounds: SealingBounds) -> Iterator[Event]:
    """Yield the events the next seal covers, in the order they are chained."""
    params = {
        "chain": bounds.chain,
        "from_xid": bounds.from_xid,
        "before_xid": bounds.before_xid,
    }
    with conn.cursor("events", row_factory=class_row(Event)) as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(load_queries("core")["events_to_seal"], params)


def save_seal(conn: ServiceConnection, bounds: SealingBounds, content: Content) -> bytes:
    """Write the next seal; return its digest."""
    now, through_id = clock.now(), max(bounds.through_id, content.highest_id)
    digest = digest_seal(
        bounds.last_digest or GENESIS,
        chain=bounds.chain,
        from_xid=bounds.from_xid,
        before_xid=bounds.before_xid,
        through_id=through_id,
        count=content.count,
        content=content.digest(),
        sealed_at=now,
    )
    conn.execute(
        load_queries("core")["save_seal"],
        {
            "chain": bounds.chain,
            "from_xid": bounds.from_xid,
            "before_xid": bounds.before_xid,
            "through_id": through_id,
            "count": content.count,
            "content": content.digest(),
            "digest": digest,
            "now": now,
        },
    )
    return digest


def _anchor(places: list[Path], bounds: SealingBounds, digest: bytes, *, fresh: bool) -> None:
    """Write the head where it is due: at a seal everywhere, else where ten minutes have passed."""
    now = clock.now()
    due = [place for place in places if fresh or _is_silent(place, now)]
    before_xid = bounds.before_xid if fresh else bounds.from_xid
    head = Anchor(at=now, chain=bounds.chain, before_xid=before_xid, digest=digest.hex())
    for error in write_anchor(due, head):
        _log.error("anchor_not_written", place=error.filename, fault=type(error).__name__)


def _is_silent(place: Path, now: datetime) -> bool:
    last = last_anchor(place)
    return last is None or now - last.at >= LONGEST_SILENCE


def unsealed_age_seconds() -> float:
    """Return the age of the oldest event that no seal covers; 0 when all are covered."""
    with serving(Service.SEALER) as conn:
        age = fetch_one(conn, load_queries("core")["unsealed_age"], {"now": clock.now()}, _Age)
        return age.seconds if age else 0.0
