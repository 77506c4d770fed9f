"""Ends the chain of seals and begins another, after a restore; and removes what is too old.

Transactions of a younger server are numbered from the start again, so its events would lie before
what is sealed. Only the owner of the database may do this: the act moves the default by which
events belong to a chain, and is itself in the digest the next chain stands on.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql

from core import clock
from core.audit.anchors import Anchor, write_anchor
from core.audit.events import GENESIS, digest_content, digest_continuation
from core.audit.sealing import SealingBounds, events_between, load_bounds, save_seal
from core.doors import Service, ServiceConnection, note_run, serving
from core.rows import fetch_one
from core.sqlfile import load_queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The chain that was begun, and what happened to the end of the one before."""

    number: int
    sealed: int
    """Events of the old chain that no seal covered yet."""
    moved: int
    """Events a younger server had written already; they are the first of the new chain."""


def continue_chain(owner_dsn: str, places: list[Path], *, reason: str, signed_by: str) -> Begun:
    """End the chain in use and begin the next; whoever is named answers for it.

    Waits until nobody writes into the trail, and nobody can until it has committed.
    """
    if not reason.strip() or not signed_by.strip():
        raise ValueError("say why the chain is ended, and who says so")
    queries = load_queries("core")
    with psycopg.connect(owner_dsn) as plain, plain.transaction():
        conn = ServiceConnection(plain)
        conn.execute(queries["become_service"], {"now": clock.now().isoformat()})
        conn.execute("lock table audit.event in access exclusive mode")
        conn.execute(queries["hold_sealer_lock"])
        bounds = load_bounds(conn)
        number = bounds.chain + 1
        moved = conn.execute(
            queries["move_strays"],
            {
                "chain": bounds.chain,
                "through_id": bounds.through_id,
                "from_xid": bounds.from_xid,
                "number": number,
            },
        ).rowcount
        sealed, previous = _seal_the_rest(conn, bounds)
        digest = _save(conn, number, previous, moved, reason.strip(), signed_by.strip())
        default = sql.SQL("alter table audit.event alter column chain set default {}")
        conn.execute(default.format(sql.Literal(number)))
        note_run(conn, Service.ADMINISTRATION, "continue the chain", chain=number, moved=moved)
    head = Anchor(at=clock.now(), chain=number, before_xid="0", digest=digest.hex())
    for error in write_anchor(places, head):
        raise error
    return Begun(number=number, sealed=sealed, moved=moved)


def _seal_the_rest(conn: ServiceConnection, bounds: SealingBounds) -> tuple[int, bytes]:
    """Seal what the old chain still holds; return how many events, and its last digest."""
    row = conn.execute(load_queries("core")["beyond_all"], {"chain": bounds.chain}).fetchone()
    everything = replace(bounds, before_xid=str(row[0]) if row else bounds.from_xid)
    content = digest_content(events_between(conn, everything))
    if not content.count:
        return 0, bounds.last_digest or GENESIS
    return content.count, save_seal(conn, everything, content)


def _save(
    conn: ServiceConnection, number: int, previous: bytes, moved: int, reason: str, signed_by: str
) -> bytes:
    now = clock.now()
    digest = digest_continuation(
        previous, number=number, begun_at=now, reason=reason, signed_by=signed_by, moved=moved
    )
    conn.execute(
        load_queries("core")["save_continuation"],
        {
            "number": number,
            "now": now,
            "reason": reason,
            "signed_by": signed_by,
            "previous": previous,
            "moved": moved,
            "digest": digest,
        },
    )
    return digest


@dataclass(frozen=True, slots=True)
class Removed:
    """What retention removed in one pass."""

    seals: int
    events: int


def remove_expired(months: int, most: int = 200) -> Removed:
    """Remove the oldest whole sealed ranges beyond `months`; their seals stay as tombstones.

    The database refuses fewer than 6 and more than 36 months, and a range that does not hold what
    was sealed. The removal is itself an event.
    """
    with serving(Service.SEALER) as conn:
        params = {"months": months, "now": clock.now(), "most": most}
        removed = fetch_one(conn, load_queries("core")["remove_sealed"], params, Removed)
        if removed is None or not removed.seals:
            return Removed(0, 0)
        note_run(
            conn,
            Service.SEALER,
            "retention",
            seals=removed.seals,
            events=removed.events,
            months=months,
        )
        return removed
