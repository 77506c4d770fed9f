"""Two servers of the tchat, each killed while sixty people talk: nothing lost or doubled."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from app.bench.chat import WITHIN_MS, Evening, settle, talk, two_servers
from tests.conftest import Database
from tests.faults.conftest import Report


@pytest.mark.timeout(180)
def test_each_server_killed_once_nothing_is_lost_doubled_or_out_of_order(
    database: Database, tmp_path: Path, report: Report
) -> None:
    evening = Evening(people=60, rooms=6, per_s=20.0, seconds=9.0)
    with (
        psycopg.connect(database.dsn("OWNER"), autocommit=True) as owner,
        two_servers(tmp_path) as servers,
    ):
        seats = settle(owner, evening)
        counts = asyncio.run(talk(evening, seats, servers, owner))
    report(str(counts))
    assert counts.said == 180
    assert counts.exact, str(counts)
    assert counts.told == 180 * 10
    assert len(counts.latencies_ms) > 300
    assert counts.p95_ms < WITHIN_MS * 10  # the bound itself is measured by `make bench B=chat`
