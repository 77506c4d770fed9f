"""R1 with two ingest processes that share the readings of one gateway, and lock the same stream."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import Database
from tests.envelopes import TestGateway, envelope, spot
from tests.faults.conftest import Report
from tests.faults.numbered import STEP, compare, first_instant, numbered_lines
from tests.faults.processes import ProcessVictim, ReplayingGateway, app_process, wait_until
from tests.faults.sessions import forget_session
from tests.homes import Home

READINGS = 1000
LINES_PER_S = 150.0


@pytest.fixture
def second(database: Database, tmp_path: Path) -> Iterator[ProcessVictim]:
    """A second ingest process; its session at the broker is given up after the test."""
    folder = tmp_path / "second"
    folder.mkdir()
    process = app_process("ingest", database.env, folder, ready="ingest_subscribed")
    yield process
    process.kill()
    forget_session(database.env, slot=1)


@pytest.mark.promise("R1")
def test_two_ingest_processes_store_each_reading_once(
    database: Database,
    home: Home,
    ingest: ProcessVictim,
    second: ProcessVictim,
    tmp_path: Path,
    report: Report,
) -> None:
    first = first_instant()
    gateway = ReplayingGateway(
        gateway=home.gateway,
        password=home.password,
        env=database.env,
        folder=tmp_path,
        lines=numbered_lines(first, READINGS),
        lines_per_s=LINES_PER_S,
    )
    ingest.start()
    second.start()
    gateway.start()
    try:
        wait_until(lambda: gateway.fed > READINGS // 3, 60, "a third of the readings")
        second.kill()
        second.start()
        wait_until(lambda: gateway.fed > READINGS * 2 // 3, 60, "two thirds of the readings")
        ingest.kill()
        ingest.start()
        gateway.wait_until_settled(60)
        second.end()
    finally:
        gateway.kill()
    found = compare(database.dsn("OWNER"), first, READINGS)
    report(f"two ingest processes: {found}; kills 2")
    assert found.perfect


def test_a_process_taken_away_on_purpose_leaves_its_share_to_the_others(
    database: Database, home: Home, ingest: ProcessVictim, second: ProcessVictim
) -> None:
    ingest.start()
    second.start()
    second.end()
    client = TestGateway(home.gateway, home.password, database.env)
    boot, at = uuid4(), first_instant()
    try:
        for n in range(1, 21):
            client.publish(envelope(boot, [spot(n, at + n * STEP)], at))
        client.acknowledged(boot, set(range(1, 21)), patience_s=10)
    finally:
        client.close()
