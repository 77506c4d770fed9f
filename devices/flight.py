"""Batches on their way: what is still unanswered, and when to send it again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from devices.envelope import Ack

# Two slots stay free for live readings while a backlog is on its way.
MAX_FLIGHTS = 8
MAX_BACKLOG_FLIGHTS = 6
FIRST_RETRY_SECONDS = 5.0
LAST_RETRY_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """Items published and not yet acknowledged; `sent_at` is monotonic seconds.

    `jitter` (about 1) keeps a thousand gateways from answering a restart at the same instant.
    """

    boot: UUID
    numbers: frozenset[int]
    sent_at: float
    jitter: float
    live: bool


def retry_seconds(failures: int) -> float:
    """Return how long to wait for an answer after `failures` rounds without any."""
    return min(FIRST_RETRY_SECONDS * 2.0 ** min(failures, 16), LAST_RETRY_SECONDS)


def overdue(flight: Flight, *, failures: int, now: float) -> bool:
    """Say whether `flight` must be sent again at monotonic time `now`."""
    return now - flight.sent_at >= retry_seconds(failures) * flight.jitter


def may_depart(flights: Sequence[Flight], *, live: bool) -> bool:
    """Say whether one more batch may leave beside `flights`."""
    if len(flights) >= MAX_FLIGHTS:
        return False
    return live or sum(not flight.live for flight in flights) < MAX_BACKLOG_FLIGHTS


def after_ack(flights: Sequence[Flight], ack: Ack) -> tuple[Flight, ...]:
    """Return what is still unanswered once `ack` has come."""
    remaining = (_without(flight, ack) for flight in flights)
    return tuple(flight for flight in remaining if flight.numbers)


def _without(flight: Flight, ack: Ack) -> Flight:
    if flight.boot != ack.boot:
        return flight
    kept = frozenset(
        n for n in flight.numbers if not any(first <= n <= last for first, last in ack.ranges)
    )
    return replace(flight, numbers=kept)
