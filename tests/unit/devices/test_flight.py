"""When to send again, and what an acknowledgement settles."""

from uuid import UUID

from devices.envelope import Ack
from devices.flight import (
    LAST_RETRY_SECONDS,
    MAX_BACKLOG_FLIGHTS,
    MAX_FLIGHTS,
    Flight,
    after_ack,
    may_depart,
    overdue,
    retry_seconds,
)

BOOT, OTHER = UUID(int=1), UUID(int=2)


def flight(*numbers: int, boot: UUID = BOOT, live: bool = True, jitter: float = 1.0) -> Flight:
    return Flight(boot=boot, numbers=frozenset(numbers), sent_at=100.0, jitter=jitter, live=live)


def test_waits_grow_to_a_limit() -> None:
    waits = [retry_seconds(failures) for failures in range(12)]
    assert waits[0] == 5.0
    assert waits == sorted(waits)
    assert waits[-1] == LAST_RETRY_SECONDS == retry_seconds(10_000)


def test_a_flight_is_overdue_when_its_wait_is_over() -> None:
    assert not overdue(flight(1), failures=0, now=104.9)
    assert overdue(flight(1), failures=0, now=105.0)
    assert not overdue(flight(1), failures=1, now=105.0)
    assert not overdue(flight(1, jitter=1.2), failures=0, now=105.0)


def test_a_backlog_leaves_room_for_what_is_live() -> None:
    backlog = [flight(n, live=False) for n in range(1, MAX_BACKLOG_FLIGHTS + 1)]
    assert not may_depart(backlog, live=False)
    assert may_depart(backlog, live=True)
    full = [flight(n) for n in range(1, MAX_FLIGHTS + 1)]
    assert not may_depart(full, live=True)


def test_an_ack_settles_its_numbers_of_its_boot_only() -> None:
    flights = (flight(1, 2, 3), flight(2, boot=OTHER), flight(9))
    ack = Ack(v=1, boot=BOOT, ranges=[(1, 2), (9, 20)])
    assert after_ack(flights, ack) == (flight(3), flight(2, boot=OTHER))
