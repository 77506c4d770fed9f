"""The queue between the network thread and the storing thread: bounded, honest about its end."""

import threading

from ingest.edge.inbox import BATCH_BYTES, BATCH_MESSAGES, Arrival, Inbox
from ingest.message import Message


def arrival(mid: int, size: int = 10) -> Arrival:
    message = Message(gateway="gw-a", kind="up", payload=b"x" * size)
    return Arrival(mid=mid, qos=1, message=message, at=0.0)


def test_a_batch_is_what_is_there_in_order_and_no_more_than_a_batch() -> None:
    inbox = Inbox()
    for mid in range(BATCH_MESSAGES + 5):
        inbox.put(arrival(mid))
    assert [a.mid for a in inbox.take(0)] == list(range(BATCH_MESSAGES))
    assert len(inbox.take(0)) == 5
    assert inbox.take(0) == []


def test_a_batch_ends_at_its_bytes_but_holds_at_least_one_message() -> None:
    inbox = Inbox()
    for mid in range(3):
        inbox.put(arrival(mid, BATCH_BYTES + 1))
    assert [a.mid for a in inbox.take(0)] == [0]
    assert [a.mid for a in inbox.take(0)] == [1]


def test_a_full_inbox_holds_the_network_back_until_there_is_room() -> None:
    inbox = Inbox(full_bytes=100)
    inbox.put(arrival(1, 100))
    held = threading.Thread(target=inbox.put, args=(arrival(2),))
    held.start()
    assert held.is_alive()
    assert [a.mid for a in inbox.take(0)] == [1]
    held.join(5)
    assert not held.is_alive()
    assert [a.mid for a in inbox.take(0)] == [2]


def test_the_end_frees_both_sides_and_nothing_is_handed_out_after_it() -> None:
    inbox = Inbox(full_bytes=10)
    inbox.put(arrival(1))
    held = threading.Thread(target=inbox.put, args=(arrival(2),))
    held.start()
    inbox.close("lost")
    inbox.close("again")
    held.join(5)
    assert not held.is_alive()
    assert inbox.take(60) == []
    assert inbox.ended == "lost"
