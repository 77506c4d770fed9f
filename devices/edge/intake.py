"""Between the radio and the spool: what was read waits here only until the next disk write."""

import asyncio
from collections import deque
from collections.abc import Sequence

from core.failpoint import failpoint
from devices.edge.journal import Journal
from devices.edge.spool import Full, Spool
from devices.edge.uplink import Uplink
from devices.measurement import Observation

# About an hour of one oximeter while the disk is full; older readings are given up first.
MOST_WAITING = 10_000
FULL_PAUSE_SECONDS = 1.0


class Intake:
    """Takes observations on the event loop and writes them to the spool in a thread."""

    def __init__(self, spool: Spool, uplink: Uplink, journal: Journal) -> None:
        """Prepare; `run` does the writing."""
        self._spool, self._uplink, self._journal = spool, uplink, journal
        self._waiting: deque[Observation] = deque()
        self._given_up = 0
        self._news = asyncio.Event()

    def offer(self, observations: Sequence[Observation]) -> None:
        """Hand over what a device said; never blocks."""
        self._waiting.extend(observations)
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self._given_up += 1
        if observations:
            self._news.set()

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while not await self.flush():
                await asyncio.sleep(FULL_PAUSE_SECONDS)

    async def flush(self) -> bool:
        """Write everything that waits; False, with a word in the journal, when it does not fit."""
        if not self._waiting:
            return True
        batch = tuple(self._waiting)
        self._waiting.clear()
        kept = await asyncio.to_thread(self._spool.append, batch)
        if isinstance(kept, Full):
            self._waiting.extendleft(reversed(batch))
            self._journal(
                "spool_full",
                reason=kept.reason,
                waiting=len(self._waiting),
                given_up=self._given_up,
            )
            return False
        failpoint("gateway.spooled")
        self._uplink.wake()
        return True
