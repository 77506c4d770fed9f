"""Between the network thread and the thread that stores: a bounded queue that says when it ends.

A full inbox holds the network thread back, and so, through TCP, the broker.
"""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from ingest.message import Message

FULL_BYTES: Final = 32 * 1024 * 1024
BATCH_MESSAGES: Final = 1000
BATCH_BYTES: Final = 4 * 1024 * 1024
LONGEST_HOLD_SECONDS: Final = 15.0
"""Shorter than the keepalive: a thread held back longer would be taken for dead by the broker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message, its packet id on this connection, and when it came (monotonic seconds)."""

    mid: int
    qos: int
    message: Message
    at: float


class Inbox:
    """Arrivals of one connection, in order; closed for ever when the connection ends."""

    def __init__(self, *, full_bytes: int = FULL_BYTES) -> None:
        """Begin empty and open."""
        self._changed = threading.Condition()
        self._arrivals: deque[Arrival] = deque()
        self._bytes, self._full_bytes = 0, full_bytes
        self._ended: str | None = None

    @property
    def ended(self) -> str | None:
        """Why the connection ended, or None while it lives."""
        return self._ended

    def close(self, reason: str) -> None:
        """End it; what is left in it was not acknowledged and will come again."""
        with self._changed:
            self._ended = self._ended or reason
            self._changed.notify_all()

    def put(self, arrival: Arrival) -> None:
        """Add an arrival, waiting while the inbox is full; ends the inbox when that takes long."""
        with self._changed:
            self._changed.wait_for(self._has_room, LONGEST_HOLD_SECONDS)
            if not self._has_room():
                self._ended = "inbox full"
            if self._ended is None:
                self._arrivals.append(arrival)
                self._bytes += len(arrival.message.payload)
            self._changed.notify_all()

    def take(self, timeout_seconds: float) -> list[Arrival]:
        """Return what is there, up to a batch; waits for the first, nothing when none comes."""
        with self._changed:
            self._changed.wait_for(lambda: self._arrivals or self._ended, timeout_seconds)
            batch: list[Arrival] = []
            if self._ended is not None:
                return batch
            room = BATCH_BYTES
            while self._arrivals and len(batch) < BATCH_MESSAGES and (room > 0 or not batch):
                arrival = self._arrivals.popleft()
                batch.append(arrival)
                room -= len(arrival.message.payload)
                self._bytes -= len(arrival.message.payload)
            self._changed.notify_all()
            return batch

    def _has_room(self) -> bool:
        return self._ended is not None or self._bytes < self._full_bytes
