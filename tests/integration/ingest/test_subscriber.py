"""From the broker to the table and back: what is acknowledged is stored, once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from tests.envelopes import TestGateway, envelope, event, every_second, sampled, spot

pytestmark = pytest.mark.usefixtures("ingesting")

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def test_a_reading_is_stored_then_acknowledged_and_due(
    gateway: TestGateway, owner: psycopg.Connection
) -> None:
    boot = uuid4()
    items = [spot(1, START), sampled(2, START, [95, 96, None, 97] * 30), event(3, START)]
    gateway.publish(envelope(boot, items, START))
    gateway.acknowledged(boot, {1, 2, 3})
    reading = owner.execute(
        "select measured_at, received_at, value, vital, quality from vitals.reading"
    ).fetchall()
    assert [(at, value, vital, q) for at, _, value, vital, q in reading] == [(START, 96.0, 1, 0)]
    assert owner.execute("select count(*) from vitals.sampled").fetchone() == (1,)
    assert owner.execute(
        "select sum(count), min(low), max(high) from vitals.minute"
    ).fetchone() == (
        90,
        95.0,
        97.0,
    )
    assert owner.execute("select event, detail from ingest.device_event").fetchall() == [
        ("battery", "12.0")
    ]
    due = owner.execute("select from_time, until_time, received_at from core.due").fetchall()
    assert due == [(START, START + timedelta(seconds=119), reading[0][1])]


def test_an_envelope_sent_again_is_acknowledged_and_stored_once(
    gateway: TestGateway, owner: psycopg.Connection
) -> None:
    boot = uuid4()
    times = every_second(START, 50)
    payload = envelope(boot, [spot(n, at) for n, at in enumerate(times, 1)], START)
    for _ in range(3):
        gateway.publish(payload)
        gateway.acknowledged(boot, set(range(1, 51)))
    stored = owner.execute("select measured_at from vitals.reading").fetchall()
    assert sorted(at for (at,) in stored) == times


def test_two_boots_may_use_the_same_numbers(
    gateway: TestGateway, owner: psycopg.Connection
) -> None:
    first, second = uuid4(), uuid4()
    gateway.publish(envelope(first, [spot(1, START)], START))
    gateway.publish(envelope(second, [spot(1, START + timedelta(seconds=1))], START))
    gateway.acknowledged(first, {1})
    gateway.publish(envelope(second, [spot(1, START + timedelta(seconds=1))], START))
    gateway.acknowledged(second, {1})
    assert owner.execute("select count(*) from vitals.reading").fetchone() == (2,)
