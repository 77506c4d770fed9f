"""From the spool to the platform over a real broker, through what goes wrong on the way."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from core.vitals import Quality, Vital
from devices.edge.journal import Field
from devices.edge.spool import Kept, Spool
from devices.edge.uplink import Broker, Uplink
from devices.envelope import SpotItem, encode_ack
from devices.measurement import Spot
from tests.devices.conftest import Home
from tests.devices.relay import Relay

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def readings(first: int, last: int) -> list[Spot]:
    """Readings numbered by their value."""
    return [
        Spot(
            device="A",
            vital=Vital.WEIGHT,
            value=float(value),
            measured_at=START + timedelta(seconds=value),
            raw_at=None,
            quality=Quality(0),
        )
        for value in range(first, last + 1)
    ]


@dataclass
class Sender:
    """A spool and its uplink, and the journal they wrote."""

    spool: Spool
    uplink: Uplink
    journal: list[str] = field(default_factory=list)

    def noted(self, event: str, times: int) -> bool:
        """Whether the journal names `event` at least `times` times."""
        return self.journal.count(event) >= times

    def say(self, first: int, last: int) -> None:
        """Put readings numbered by their value into the spool."""
        assert isinstance(self.spool.append(readings(first, last)), Kept)
        self.uplink.wake()


@contextmanager
def sending(home: Home, broker: Broker | None = None, password: str = "") -> Iterator[Sender]:
    spool = Spool(home.spool_path)
    journal: list[str] = []

    def note(event: str, **fields: Field) -> None:
        journal.append(event)

    uplink = Uplink(
        gateway=home.gateway,
        password=password or home.password,
        broker=broker or home.broker,
        spool=spool,
        journal=note,
    )
    uplink.start()
    try:
        yield Sender(spool, uplink, journal)
    finally:
        uplink.stop()
        spool.close()


def arrived(home: Home) -> list[float]:
    """Values the platform acknowledged, sorted."""
    items = home.platform.items.values()
    return sorted(item.value or 0.0 for item in items if isinstance(item, SpotItem))


def wait(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for a condition of the gateway that no message announces."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_what_is_acknowledged_leaves_the_spool(home: Home) -> None:
    with sending(home) as sender:
        sender.say(1, 2500)
        wait(lambda: sender.spool.waiting == 0)
    assert arrived(home) == [float(n) for n in range(1, 2501)]
    assert {n for _, n in home.platform.items} == set(range(1, 2501))


def test_the_status_says_who_is_there_and_who_said_good_bye(home: Home) -> None:
    with sending(home) as sender:
        home.platform.wait_for(lambda: any(s.online for s in home.platform.statuses))
        boot = sender.spool.boot
    home.platform.wait_for(lambda: not home.platform.statuses[-1].online)
    assert {status.boot for status in home.platform.statuses} == {boot}


def test_nothing_leaves_the_spool_before_the_answer_and_it_is_sent_again(home: Home) -> None:
    home.platform.answering.clear()
    with sending(home) as sender:
        sender.say(1, 10)
        home.platform.wait_for(lambda: len(home.platform.received) == 1)
        assert sender.spool.waiting == 10
        home.platform.answering.set()
        wait(lambda: sender.spool.waiting == 0)
        first, second = home.platform.received
        assert (first.boot, first.items) == (second.boot, second.items)
    assert arrived(home) == [float(n) for n in range(1, 11)]


def test_a_new_reading_does_not_wait_behind_the_backlog(home: Home) -> None:
    home.platform.answering.clear()
    before = Spool(home.spool_path)
    assert isinstance(before.append(readings(1, 20_000)), Kept)
    before.close()
    with sending(home) as sender:
        home.platform.wait_for(lambda: len(home.platform.received) >= 6)
        sender.say(99_999, 99_999)
        home.platform.wait_for(
            lambda: any(
                getattr(item, "value", 0) == 99_999.0
                for envelope in home.platform.received
                for item in envelope.items
            ),
            4.5,
        )


def test_readings_of_an_earlier_boot_keep_their_names(home: Home) -> None:
    before = Spool(home.spool_path)
    assert isinstance(before.append(readings(1, 5)), Kept)
    before.close()
    with sending(home) as sender:
        sender.say(6, 8)
        wait(lambda: sender.spool.waiting == 0)
        now = sender.spool.boot
    assert set(home.platform.items) == {
        *((before.boot, n) for n in range(1, 6)),
        *((now, n) for n in range(1, 4)),
    }
    assert arrived(home) == [float(n) for n in range(1, 9)]


def test_a_partition_loses_nothing(home: Home) -> None:
    relay = Relay(home.broker.host, home.broker.port)
    with sending(home, replace(home.broker, port=relay.port)) as sender:
        for cut in range(3):
            sender.say(cut * 500 + 1, cut * 500 + 250)
            wait(partial(sender.noted, "uplink_connected", cut + 1))
            relay.cut()
            sender.say(cut * 500 + 251, cut * 500 + 500)
            wait(partial(sender.noted, "uplink_lost", cut + 1))
            relay.mend()
        wait(lambda: sender.spool.waiting == 0, 30)
    relay.cut()
    assert arrived(home) == [float(n) for n in range(1, 1501)]
    assert {n for _, n in home.platform.items} == set(range(1, 1501))


def test_nonsense_on_the_ack_topic_harms_nothing(home: Home) -> None:
    home.platform.answering.clear()
    topic = f"chevet/v1/gw/{home.gateway}/ack"
    with sending(home) as sender:
        sender.say(1, 3)
        home.platform.wait_for(lambda: len(home.platform.received) == 1)
        for nonsense in (b"", b"{", b"\xff", b'{"v":1}', b"[" * 100_000):
            home.platform.client.publish(topic, nonsense)
        wait(lambda: sender.journal.count("ack_malformed") == 5)
        assert sender.spool.waiting == 3
        good = encode_ack(boot=sender.spool.boot, ranges=[(1, 3)])
        home.platform.client.publish(topic, good)
        wait(lambda: sender.spool.waiting == 0)


def test_a_fault_of_the_disk_ends_no_thread(home: Home) -> None:
    with sending(home) as sender:
        wait(lambda: "uplink_connected" in sender.journal)
        with sqlite3.connect(home.spool_path, isolation_level=None) as other:
            other.execute("alter table item rename to hidden")
            wait(lambda: "uplink_fault" in sender.journal)
            other.execute("alter table hidden rename to item")
        other.close()
        sender.say(1, 3)
        wait(lambda: sender.spool.waiting == 0)
    assert arrived(home) == [1.0, 2.0, 3.0]


def test_a_refused_gateway_keeps_its_readings_and_says_so(home: Home) -> None:
    with sending(home, password="wrong") as sender:
        sender.say(1, 3)
        wait(lambda: "uplink_lost" in sender.journal)
        assert sender.spool.waiting == 3
        assert "uplink_connected" not in sender.journal
    with sending(home) as sender:
        wait(lambda: sender.spool.waiting == 0)
