"""Living pages: a tick each ten seconds, and at once when the database hints at a change.

A tick carries no data. It makes the browser ask again, through the same guard and the same
callbacks as the first time: what is shown is always what was read.
"""

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

from core.doors import listening
from dashboard.callbacks import in_thread
from dashboard.service import stopped_processes
from identity.people import SignedIn

CHANNEL: Final = "chevet_queue"
TICK_SECONDS: Final = 10.0
COALESCE_SECONDS: Final = 0.25
"""Hints that come closer together than this make one tick."""

_log = logging.getLogger("chevet.console")


@dataclass(eq=False)
class Subscription:
    """One open page of an organisation, waiting for a hint on its event loop."""

    organisation: str
    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self) -> None:
        """Return at the next hint, or when it is time for a tick anyway."""
        try:
            await asyncio.wait_for(self.woken.wait(), TICK_SECONDS)
        except TimeoutError:
            return
        await asyncio.sleep(COALESCE_SECONDS)
        self.woken.clear()


class Hints:
    """One LISTEN connection of the process, and who waits for what it hears."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._waiting: defaultdict[str, set[Subscription]] = defaultdict(set)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="console-hints", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; the connection closes within a second."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def subscribe(self, organisation: str) -> Subscription:
        """Wait for hints about an organisation, on the running event loop."""
        subscription = Subscription(organisation, asyncio.get_running_loop())
        with self._lock:
            self._waiting[organisation].add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a page that was closed."""
        with self._lock:
            self._waiting[subscription.organisation].discard(subscription)

    def _wake(self, organisation: str | None) -> None:
        with self._lock:
            if organisation is None:
                woken = set().union(*self._waiting.values())
            else:
                woken = set(self._waiting.get(organisation, ()))
        for subscription in woken:
            subscription.loop.call_soon_threadsafe(subscription.woken.set)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except Exception:
                # Pages still re-read at each tick; only the hints are missing.
                _log.exception("console.hints_lost")
                self._stop.wait(1.0)

    def _listen(self) -> None:
        with listening(CHANNEL) as conn:
            self._wake(None)
            while not self._stop.is_set():
                for notice in conn.notifies(timeout=1.0):
                    self._hear(notice.payload)

    def _hear(self, payload: str) -> None:
        organisations = payload.split(",") if payload else [None]
        for organisation in organisations:
            self._wake(organisation.strip() if organisation else None)


hints = Hints()


async def ticks(who: SignedIn) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Give the page of `who` a tick at once, at each hint and every ten seconds.

    A tick says which vital processes have stopped; without the database there is no tick, and
    the page says by itself that it stands still.
    """
    subscription = hints.subscribe(str(who.organisation))
    number = 0
    try:
        while True:
            try:
                stopped = await in_thread(stopped_processes)
                number += 1
                yield "tick", {"data": {"number": number, "stopped": list(stopped)}}
            except Exception:
                _log.exception("console.no_tick")
            await subscription.wait()
    finally:
        hints.unsubscribe(subscription)
