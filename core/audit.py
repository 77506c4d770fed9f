"""Seals the audit trail: chains the events of finished transactions, outside of anyone's wait.

Writing an event costs its transaction nothing but the row; every few seconds one sealer digests
what has been committed since, and leaves the head of the chain in a file outside the database.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from core import clock
from core.doors import Service, ServiceConnection, serving
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Event:
    """An event exactly as it is chained."""

    id: int
    xid: str
    at: datetime
    person: UUID | None
    post: UUID | None
    session: UUID | None
    service: str | None
    purpose: str
    action: str
    permission: str
    patient_id: UUID | None
    outcome: str
    role: str | None
    basis: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class SealingBounds:
    """What is sealed and up to which transaction everything has ended."""

    from_xid: str
    before_xid: str
    last_digest: bytes | None


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain."""

    id: int
    from_xid: str
    before_xid: str
    count: int
    digest: bytes
    sealed_at: datetime


class ChainAheadError(Exception):
    """The seals name transactions that have not happened: the database was restored from a dump.

    No event would ever be sealed again, and none would seem to wait: somebody has to end the chain
    and begin another.
    """


@dataclass(frozen=True, slots=True)
class _Age:
    seconds: float


def digest_events(previous: bytes, events: Iterable[Event]) -> bytes:
    """Return SHA-256 over the previous digest and every field of every event, in order."""
    chain = hashlib.sha256(previous)
    for event in events:
        chain.update(json.dumps([_plain(field) for field in astuple(event)]).encode())
    return chain.digest()


def _plain(field: object) -> object:
    if isinstance(field, datetime):
        return field.astimezone(UTC).isoformat()
    return str(field) if isinstance(field, UUID) else field


def seal_finished(anchor: Path) -> int:
    """Seal what has been committed since the last seal; return how many events.

    Returns 0 when there is nothing new or when another sealer is at work.
    """
    queries = load_queries("core")
    with serving(Service.SEALER) as conn:
        lock = conn.execute(queries["sealer_lock"]).fetchone()
        bounds = fetch_one(conn, queries["sealing_bounds"], {}, SealingBounds)
        if not (lock and lock[0] and bounds):
            return 0
        if int(bounds.from_xid) > int(bounds.before_xid):
            raise ChainAheadError(bounds.from_xid)
        events = _load_events(conn, bounds.from_xid, bounds.before_xid)
        if not events:
            return 0
        digest = digest_events(bounds.last_digest or GENESIS, events)
        conn.execute(
            queries["save_seal"],
            {
                "from_xid": bounds.from_xid,
                "before_xid": bounds.before_xid,
                "count": len(events),
                "digest": digest,
                "now": clock.now(),
            },
        )
    _write_anchor(anchor, bounds.before_xid, digest)
    return len(events)


def _load_events(conn: ServiceConnection, from_xid: str, before_xid: str) -> list[Event]:
    params = {"from_xid": from_xid, "before_xid": before_xid}
    return fetch_all(conn, load_queries("core")["events_to_seal"], params, Event)


def _write_anchor(anchor: Path, before_xid: str, digest: bytes) -> None:
    anchor.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(
        {"at": clock.now().isoformat(), "before_xid": before_xid, "digest": digest.hex()}
    )
    with anchor.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def unsealed_age_seconds() -> float:
    """Return the age of the oldest event that no seal covers; 0 when all are covered."""
    with serving(Service.SEALER) as conn:
        age = fetch_one(conn, load_queries("core")["unsealed_age"], {"now": clock.now()}, _Age)
        return age.seconds if age else 0.0


def verify_chain(anchored: Sequence[str] = ()) -> str | None:
    """Recompute the whole chain; return what is wrong, or None.

    `anchored` are digests (hex) from the anchor file: each must be a link, or the end was cut.
    """
    with serving(Service.SEALER) as conn:
        digest, known, reached = GENESIS, set[str](), "0"
        for seal in fetch_all(conn, load_queries("core")["seals"], {}, Seal):
            events = _load_events(conn, seal.from_xid, seal.before_xid)
            digest = digest_events(digest, events)
            if len(events) != seal.count or digest != seal.digest:
                return f"seal {seal.id} does not match its {seal.count} events"
            if seal.from_xid != reached:
                return f"seal {seal.id} does not begin where the one before ends"
            reached = seal.before_xid
            known.add(digest.hex())
    missing = [link for link in anchored if link not in known]
    return f"{len(missing)} anchored digests are not in the chain" if missing else None
