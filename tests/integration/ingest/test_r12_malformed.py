"""R12: no malformed payload stops the stream; each is quarantined, counted, visible."""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from prometheus_client import REGISTRY

from devices.envelope_parse import parse_envelope
from devices.malformed import Malformed
from ingest.quarantine import Reason
from ingest.service import list_quarantine, resolve_quarantine
from tests.envelopes import TestGateway, envelope, spot
from tests.faults.numbered import seed
from tests.faults.processes import wait_until
from tests.homes import Home
from tests.integration.ingest.malformed import (
    hostile_payloads,
    malformed_items,
    malformed_payloads,
)

pytestmark = [pytest.mark.promise("R12"), pytest.mark.usefixtures("ingesting")]

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
COUNTED = "chevet_ingest_items_quarantined_total"
PAYLOADS = 10000
ITEMS = 1000


def quarantined(reason: Reason) -> float:
    return float(REGISTRY.get_sample_value(COUNTED, {"reason": reason}) or 0)


def in_quarantine(
    owner: psycopg.Connection, gateway: TestGateway
) -> list[tuple[bytes, str, int | None]]:
    """Return payload, reason and item number of what came from this gateway."""
    return owner.execute(
        "select payload, reason, item_number from ingest.quarantine where source = %s",
        [gateway.gateway],
    ).fetchall()


def seconds_for_a_good_reading(gateway: TestGateway) -> float:
    boot, began = uuid4(), time.monotonic()
    gateway.publish(envelope(boot, [spot(1, START)], START))
    gateway.acknowledged(boot, {1})
    return time.monotonic() - began


def test_each_hostile_payload_is_kept_and_the_next_reading_is_stored_within_a_second(
    gateway: TestGateway, owner: psycopg.Connection
) -> None:
    for payload in hostile_payloads():
        before = quarantined(Reason.MALFORMED_MESSAGE)
        gateway.publish(payload)
        assert seconds_for_a_good_reading(gateway) < 1, payload[:80]
        assert quarantined(Reason.MALFORMED_MESSAGE) == before + 1, payload[:80]
    kept = in_quarantine(owner, gateway)
    assert {bytes(payload) for payload, *_ in kept} == {p[:262144] for p in hostile_payloads()}


def test_thousands_of_malformed_payloads_do_not_stop_the_stream(
    gateway: TestGateway,
    owner: psycopg.Connection,
    record_property: Callable[[str, object], None],
) -> None:
    chosen = seed()
    payloads = set(malformed_payloads(chosen, PAYLOADS))
    assert all(isinstance(parse_envelope(payload), Malformed) for payload in payloads)
    for payload in payloads:
        gateway.send(payload)
    boot = uuid4()
    gateway.publish(envelope(boot, [spot(1, START)], START))
    gateway.acknowledged(boot, {1}, patience_s=30)
    delay_s = seconds_for_a_good_reading(gateway)
    rows = in_quarantine(owner, gateway)
    digests = {hashlib.sha256(bytes(payload)).digest() for payload, *_ in rows}
    assert digests == {hashlib.sha256(payload).digest() for payload in payloads}
    assert {reason for _, reason, _ in rows} == {"malformed_message"}
    record_property(
        "counts",
        f"malformed {len(payloads)}; quarantined {len(rows)}; next good reading after "
        f"{delay_s:.3f} s; seed {chosen}",
    )
    assert delay_s < 1


def test_a_malformed_item_leaves_its_neighbours_usable_and_is_acknowledged(
    gateway: TestGateway, owner: psycopg.Connection
) -> None:
    boot, bad = uuid4(), malformed_items(seed(), ITEMS - 1)
    good = spot(ITEMS, START)
    gateway.publish(envelope(boot, [*bad[:400], good, *bad[400:]], START))
    gateway.acknowledged(boot, set(range(1, ITEMS + 1)))
    assert owner.execute("select measured_at from vitals.reading").fetchall() == [(START,)]
    numbers = [number for _, _, number in in_quarantine(owner, gateway)]
    assert sorted(n for n in numbers if n) == list(range(1, ITEMS))


def test_the_same_malformed_payload_sent_again_waits_once(
    gateway: TestGateway, owner: psycopg.Connection
) -> None:
    for _ in range(5):
        gateway.publish(b"{} again")
    seconds_for_a_good_reading(gateway)
    assert len(in_quarantine(owner, gateway)) == 1


def test_a_nurse_of_the_centre_sees_it_and_marks_it_as_seen(
    gateway: TestGateway, home: Home
) -> None:
    gateway.publish(b"{not an envelope")
    wait_until(lambda: bool(list_quarantine(home.care.nurse)), 10, "the item in quarantine")
    [entry] = list_quarantine(home.care.nurse)
    assert (entry.source, entry.reason) == (home.gateway, "malformed_message")
    assert not resolve_quarantine(home.care.gp, entry.id)
    assert resolve_quarantine(home.care.nurse, entry.id)
    assert list_quarantine(home.care.nurse) == []


def test_beyond_the_brokers_limit_nothing_is_blocked(gateway: TestGateway) -> None:
    gateway.send(b"{" + b" " * 5_000_000 + b"}")
    assert seconds_for_a_good_reading(gateway) < 15
