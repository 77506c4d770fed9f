"""R2: no crash point between a reading's arrival in the spool and the answer loses anything."""

from pathlib import Path

import pytest

from tests.conftest import Database
from tests.faults.conftest import Report
from tests.faults.crashes import TIMES, crash_gateway, crash_ingest
from tests.faults.processes import ProcessVictim
from tests.homes import Home

INGEST_POINTS = (
    "ingest.received",
    "ingest.before_commit",
    "ingest.after_commit",
    "ingest.between_acks",
    "ingest.after_ack",
)
GATEWAY_POINTS = ("gateway.spooled", "gateway.published", "gateway.acked")


@pytest.mark.promise("R2")
@pytest.mark.parametrize("point", INGEST_POINTS)
def test_ingest_may_die_at_any_point(
    point: str,
    database: Database,
    home: Home,
    ingest: ProcessVictim,
    tmp_path: Path,
    report: Report,
) -> None:
    found = crash_ingest(database, home, ingest, tmp_path, point)
    report(f"{point}: {found}; crashes {TIMES}")
    assert found.perfect


@pytest.mark.promise("R2")
@pytest.mark.parametrize("point", GATEWAY_POINTS)
def test_the_gateway_may_die_at_any_point(
    point: str,
    database: Database,
    home: Home,
    ingest: ProcessVictim,
    tmp_path: Path,
    report: Report,
) -> None:
    found = crash_gateway(database, home, ingest, tmp_path, point)
    report(f"{point}: {found}; crashes {TIMES}")
    assert found.perfect
