"""Tests that bite: with the fault they are there for, they do not pass."""

from pathlib import Path

import psycopg

from tests.conftest import Database
from tests.faults.conftest import Report
from tests.faults.crashes import crash_ingest, let_flow
from tests.faults.mutation import mutate, run_from
from tests.faults.processes import ProcessVictim
from tests.homes import Home

STORE = """\
        stored = service.store_batch(messages, clock.now())
"""
ANSWER_THEN_STORE = """\
        from ingest.batch import _acknowledge
        from ingest.incoming import read_message, uploads_of
        connection.acknowledge(arrivals)
        connection.answer(_acknowledge(uploads_of(read_message(m) for m in messages)))
        threading.Event().wait(0.3)
        stored = service.store_batch(messages, clock.now())
"""
IS_KNOWN = "if item.n in stream.received or item.n in before:"


def test_acknowledging_before_commit_is_seen_as_missing_readings(
    database: Database, home: Home, ingest: ProcessVictim, tmp_path: Path, report: Report
) -> None:
    run_from(ingest, mutate(tmp_path, "ingest/edge/subscriber.py", STORE, ANSWER_THEN_STORE))
    found = crash_ingest(database, home, ingest, tmp_path, "ingest.before_commit")
    report(f"answered before COMMIT: {found}")
    assert found.missing > 0


def test_forgetting_what_was_received_is_seen_as_duplicates(
    database: Database, home: Home, ingest: ProcessVictim, tmp_path: Path, report: Report
) -> None:
    run_from(ingest, mutate(tmp_path, "ingest/batch.py", IS_KNOWN, "if item.n < 0:"))
    found = crash_ingest(database, home, ingest, tmp_path, "ingest.after_commit")
    report(f"stored whatever came: {found}")
    assert found.duplicate > 0


def test_a_reading_that_the_code_trips_over_is_put_aside_alone(
    database: Database, home: Home, ingest: ProcessVictim, tmp_path: Path, report: Report
) -> None:
    trip = "if item.n == 137:\n            raise ZeroDivisionError\n        " + IS_KNOWN
    run_from(ingest, mutate(tmp_path, "ingest/batch.py", IS_KNOWN, trip))
    found = let_flow(database, home, ingest, tmp_path)
    report(f"tripping over one reading: {found}")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        kept = conn.execute("select item_number, detail from ingest.quarantine").fetchall()
    assert kept == [(137, "could not be stored: ZeroDivisionError")]
    assert (found.missing, found.duplicate, found.stowaway) == (1, 0, 0)
