"""A device belongs to the organisation that lends it: a gateway of another speaks for nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from core.doors import Actor
from devices import service as registry
from ingest.service import list_quarantine, resolve_quarantine
from tests.conftest import Database
from tests.envelopes import TestGateway, envelope, event, sampled, spot
from tests.homes import DEVICE, Home
from tests.people import make_centre

pytestmark = [pytest.mark.usefixtures("ingesting"), pytest.mark.promise("S11")]
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
Foreigner = tuple[TestGateway, Actor]


@pytest.fixture
def foreigner(
    home: Home, database: Database, credentials: Iterator[tuple[str, str]]
) -> Iterator[Foreigner]:
    """A gateway in service of another centre, connected, and that centre's nurse."""
    centre, nurse = make_centre("Autre centre")
    name, password = next(credentials)
    registry.register_gateway(name, centre)
    client = TestGateway(name, password, database.env)
    yield client, nurse
    client.close()


def count(owner: psycopg.Connection, table: str) -> int:
    row = owner.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


def test_what_a_foreign_gateway_says_of_a_device_is_put_aside_and_never_a_reading(
    home: Home, foreigner: Foreigner, owner: psycopg.Connection
) -> None:
    gateway, nurse = foreigner
    boot = uuid4()
    items = [spot(1, START), sampled(2, START, [95, 96]), event(3, START)]
    for _ in range(2):
        gateway.publish(envelope(boot, items, START))
        gateway.acknowledged(boot, {1, 2, 3})
    tables = ("vitals.reading", "vitals.sampled", "vitals.minute", "ingest.device_event")
    assert {table: count(owner, table) for table in (*tables, "core.due")} == dict.fromkeys(
        (*tables, "core.due"), 0
    )
    kept = owner.execute(
        "select item_number, reason, device, patient_key from ingest.quarantine order by 1"
    ).fetchall()
    assert kept == [(n, "foreign_device", DEVICE, None) for n in (1, 2, 3)]
    seen = list_quarantine(nurse)
    assert [entry.reason for entry in seen] == ["foreign_device"] * 3
    assert list_quarantine(home.care.nurse) == []
    assert resolve_quarantine(nurse, seen[0].id)


def test_the_lenders_gateway_speaks_for_it_in_the_circle_or_out_of_it(
    home: Home, gateway: TestGateway, foreigner: Foreigner, owner: psycopg.Connection
) -> None:
    owner.execute(
        "update access.membership set ends_at = now() where party = %s", [home.care.centre]
    )
    ours, theirs = uuid4(), uuid4()
    foreigner[0].publish(envelope(theirs, [spot(1, START, value=71.0)], START))
    gateway.publish(envelope(ours, [spot(1, START)], START))
    foreigner[0].acknowledged(theirs, {1})
    gateway.acknowledged(ours, {1})
    assert owner.execute("select value from vitals.reading").fetchall() == [(96.0,)]
