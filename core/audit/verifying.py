"""Verifies the audit trail: recomputes every link, streaming, and compares it with the anchors.

One pass over the events of each chain and one over the seals; memory does not grow with either.
What is found is said in words. What cannot be found by it: an event cut off before any seal
covered it (a few seconds), and a cut since the last anchor that somebody still holds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from core import clock
from core.audit.anchors import Anchor
from core.audit.events import (
    FIRST_CHAIN,
    GENESIS,
    Content,
    Continuation,
    Event,
    Seal,
    digest_continuation,
    digest_seal,
)
from core.audit.sealing import AT_ONCE
from core.doors import Service, ServiceConnection, serving
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

YOUNGEST_REMOVAL: Final = timedelta(days=181)
"""No retention removes what is younger. Source: CNIL 2021-122, at least six months."""


class TamperedError(Exception):
    """The trail is not what was sealed; the message says where and how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a verification went through; `problem` is what is wrong, or None."""

    seals: int = 0
    events: int = 0
    removed: int = 0
    """Events that retention removed; their seals are there."""
    chains: int = 1
    unsealed: int = 0
    anchors: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Horizon:
    xmax: str
    chain: int


@dataclass(frozen=True, slots=True)
class _Count:
    count: int


Progress = Callable[[int, int], None]
"""Told how many seals are done, and of how many."""


def verify_chain(
    anchors: Iterator[Anchor] | None = None, progress: Progress = lambda done, of: None
) -> Verdict:
    """Recompute the whole trail and compare it with `anchors`, oldest first."""
    with serving(Service.SEALER) as conn:
        return verify_on(conn, anchors, progress)


def verify_on(
    conn: ServiceConnection,
    anchors: Iterator[Anchor] | None = None,
    progress: Progress = lambda done, of: None,
) -> Verdict:
    """Verify the trail of the database behind `conn`, which must be in a transaction."""
    conn.execute(load_queries("core")["verifier_lock"])
    walk = _Walk(conn, anchors or iter(()))
    try:
        walk.go(progress)
    except (TamperedError, ValueError) as found:
        return replace(walk.verdict, problem=str(found))
    return walk.verdict


class _Walk:
    """The state of one verification."""

    def __init__(self, conn: ServiceConnection, anchors: Iterator[Anchor]) -> None:
        self._conn = conn
        self._anchors = anchors
        self._anchor: Anchor | None = None
        self._now = clock.now()
        self._digest = GENESIS
        self._through = 0
        self._all_removed = True
        self.verdict = Verdict()

    def go(self, progress: Progress) -> None:
        """Walk every chain; raise TamperedError at the first thing that is wrong."""
        queries = load_queries("core")
        self._anchor = next(self._anchors, None)
        total = fetch_one(self._conn, queries["seals_to_verify"], {}, _Count)
        horizon = fetch_one(self._conn, queries["snapshot_horizon"], {}, _Horizon)
        continued = fetch_all(self._conn, queries["continuations"], {}, Continuation)
        if horizon is None or total is None:
            raise LookupError("a query without rows")
        with self._conn.cursor("seals", row_factory=class_row(Seal)) as cursor:
            cursor.itersize = AT_ONCE
            seals = iter(cursor.execute(queries["seals"]))
            seal = next(seals, None)
            for chain in range(FIRST_CHAIN, horizon.chain + 1):
                if chain > FIRST_CHAIN:
                    self._continue(chain, continued)
                last = chain == horizon.chain
                seal = self._chain(chain, seal, seals, progress, total.count, last, horizon)
            if seal is not None:
                raise TamperedError(f"seal {seal.id} belongs to a chain that was never begun")
        self._finish_anchors()

    def _chain(
        self,
        chain: int,
        seal: Seal | None,
        seals: Iterator[Seal],
        progress: Progress,
        total: int,
        last: bool,
        horizon: _Horizon,
    ) -> Seal | None:
        """Walk one chain; return the first seal of the next."""
        self._through, reached = 0, "0"
        with self._conn.cursor(f"events_{chain}", row_factory=class_row(Event)) as cursor:
            cursor.itersize = AT_ONCE
            events = iter(cursor.execute(load_queries("core")["chain_events"], {"chain": chain}))
            event = next(events, None)
            while seal is not None and seal.chain == chain:
                if seal.from_xid != reached:
                    raise TamperedError(f"seal {seal.id} does not begin where the one before ends")
                event = self._seal(seal, event, events)
                reached = seal.before_xid
                progress(self.verdict.seals, total)
                seal = next(seals, None)
            self._unsealed(event, events, last, horizon)
        return seal

    def _seal(self, seal: Seal, event: Event | None, events: Iterator[Event]) -> Event | None:
        """Check one seal against its events; return the first event beyond it."""
        content = Content()
        while event is not None and int(event.xid) < int(seal.before_xid):
            if event.id > seal.through_id:
                raise TamperedError(
                    f"event {event.id} was written after seal {seal.id} into what it covers: "
                    "slipped in, or written after a restore (chevet audit continue)"
                )
            content.add(event)
            event = next(events, None)
        self._compare(seal, content)
        self._through = max(self._through, content.highest_id)
        self._digest = seal.digest
        self._match_anchors()
        gone = seal.count if seal.removed_at else 0
        self.verdict = replace(
            self.verdict,
            seals=self.verdict.seals + 1,
            events=self.verdict.events + content.count,
            removed=self.verdict.removed + gone,
        )
        return event

    def _compare(self, seal: Seal, content: Content) -> None:
        kept = seal.removed_at is None
        if not kept:
            self._compare_removed(seal, seal.removed_at)
        self._all_removed = self._all_removed and not kept
        if content.count != (seal.count if kept else 0):
            raise TamperedError(
                f"seal {seal.id} of {seal.sealed_at:%Y-%m-%d %H:%M:%S} covers {seal.count} events"
                f" and {content.count} are there: events were deleted, added or moved"
            )
        if kept and content.digest() != seal.content:
            raise TamperedError(
                f"the {seal.count} events of seal {seal.id} of {seal.sealed_at:%Y-%m-%d %H:%M:%S}"
                " are not those that were sealed: edited, replaced or put in another order"
            )
        if kept and seal.through_id < max(self._through, content.highest_id):
            raise TamperedError(f"seal {seal.id} was edited")
        digest = digest_seal(
            self._digest,
            chain=seal.chain,
            from_xid=seal.from_xid,
            before_xid=seal.before_xid,
            through_id=seal.through_id,
            count=seal.count,
            content=seal.content,
            sealed_at=seal.sealed_at,
        )
        if digest != seal.digest:
            raise TamperedError(
                f"seal {seal.id} does not follow from the one before: "
                "a seal was edited, removed or put in another order"
            )

    def _compare_removed(self, seal: Seal, removed_at: datetime | None) -> None:
        if not self._all_removed:
            raise TamperedError(f"seal {seal.id} lost its events and an older one did not")
        if (
            removed_at is None
            or removed_at > self._now
            or (removed_at - seal.sealed_at < YOUNGEST_REMOVAL)
        ):
            raise TamperedError(f"the events of seal {seal.id} were removed before their time")

    def _unsealed(
        self, event: Event | None, events: Iterator[Event], last: bool, horizon: _Horizon
    ) -> None:
        while event is not None:
            if not last:
                raise TamperedError(f"event {event.id} is in no seal of a chain that was ended")
            if int(event.xid) >= int(horizon.xmax) and self._is_ahead(event):
                raise TamperedError(
                    f"event {event.id} is of a transaction that has not happened: "
                    "slipped in, or restored from a dump (chevet audit continue)"
                )
            self.verdict = replace(self.verdict, unsealed=self.verdict.unsealed + 1)
            event = next(events, None)

    def _is_ahead(self, event: Event) -> bool:
        """Look again: it may have been written since the walk began."""
        now = fetch_one(self._conn, load_queries("core")["snapshot_horizon"], {}, _Horizon)
        return now is None or int(event.xid) >= int(now.xmax)

    def _continue(self, chain: int, continued: list[Continuation]) -> None:
        found = next((one for one in continued if one.number == chain), None)
        if found is None or found.previous != self._digest:
            raise TamperedError(f"chain {chain} does not stand on the end of the one before")
        digest = digest_continuation(
            self._digest,
            number=found.number,
            begun_at=found.begun_at,
            reason=found.reason,
            signed_by=found.signed_by,
            moved=found.moved,
        )
        if digest != found.digest:
            raise TamperedError(f"the reason why chain {chain} was begun was edited")
        self._digest = digest
        self._match_anchors()
        self.verdict = replace(self.verdict, chains=chain)

    def _match_anchors(self) -> None:
        while self._anchor is not None and self._anchor.digest == self._digest.hex():
            self.verdict = replace(self.verdict, anchors=self.verdict.anchors + 1)
            self._anchor = next(self._anchors, None)

    def _finish_anchors(self) -> None:
        if self._anchor is None:
            return
        at = self._anchor.at
        left = 1 + sum(1 for _ in self._anchors)
        raise TamperedError(
            f"the head anchored on {at:%Y-%m-%d at %H:%M:%S} is not in the chain, nor are "
            f"{left - 1} later ones: the end was cut off, or the chain was made anew"
        )
