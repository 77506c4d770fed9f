"""R5: from COMMIT of a reading to the first send of its alert, as the provider's clock sees it."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from messages.message import message_id
from tests.conftest import Database
from tests.faults.alerting import NURSE, Ward, make_ward, sentinel_of, settle
from tests.faults.conftest import Report
from tests.faults.processes import ProcessVictim, wait_until
from tests.mailbox import Mailbox

PATIENTS = 80
PATIENTS_PER_S = 8.0
P99_S, LONGEST_S = 5.0, 30.0


@pytest.fixture
def sentinel(database: Database, mailbox: Mailbox, tmp_path: Path) -> Iterator[ProcessVictim]:
    process = sentinel_of(database, mailbox, tmp_path)
    yield process
    process.kill()


def delays(ward: Ward, mailbox: Mailbox) -> list[float]:
    """Return, for each alert, seconds from the COMMIT of its reading to the provider's « 250 »."""
    with psycopg.connect(ward.database.dsn("OWNER")) as conn:
        sender = "chevet@localhost"
        patient_of = {
            message_id(f"{alert}:1:1:{ward.nurse.person}:email", sender): patient
            for alert, patient in conn.execute("select id, patient_id from alerts.alert")
        }
    return sorted(
        taken.at - ward.committed[patient_of[taken.message_id]] for taken in mailbox.to(NURSE)
    )


def alerts_raised(database: Database) -> int:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        row = conn.execute("select count(*) from alerts.alert").fetchone()
    return int(row[0]) if row else 0


@pytest.mark.promise("R5")
def test_the_first_call_goes_out_in_time(
    database: Database, sentinel: ProcessVictim, mailbox: Mailbox, report: Report
) -> None:
    ward = make_ward(database, PATIENTS)
    sentinel.start()
    began = sentinel.cpu_seconds()
    ward.feed(per_s=PATIENTS_PER_S)
    settle(database, 60)
    used = sentinel.cpu_seconds() - began
    found = delays(ward, mailbox)
    p99 = found[int(len(found) * 0.99) - 1]
    report(
        f"alerts {len(found)}; median {found[len(found) // 2]:.2f} s; "
        f"p99 {p99:.2f} s; longest {found[-1]:.2f} s; "
        f"processor {used:.1f} s, {1000 * used / len(found):.0f} ms an alert"
    )
    assert len(found) == ward.expected
    assert p99 <= P99_S
    assert found[-1] <= LONGEST_S


@pytest.mark.promise("R5")
def test_a_relay_that_hangs_delays_no_review(
    database: Database, sentinel: ProcessVictim, mailbox: Mailbox, report: Report
) -> None:
    mailbox.pause_s = 60
    sentinel.env = {**sentinel.env, "CHEVET_SMTP_TIMEOUT_SECONDS": "5"}
    ward = make_ward(database, 20)
    sentinel.start()
    ward.feed(per_s=5)
    wait_until(lambda: alerts_raised(database) == ward.expected, 20, "every alert")
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as conn:
        row = conn.execute(
            "select extract(epoch from max(a.raised_at - d.at)) from alerts.alert a join"
            " (select patient_key, max(received_at) as at from vitals.reading group by 1) d"
            " using (patient_key)"
        ).fetchone()
    assert row is not None
    report(
        f"the relay hangs; longest from reading to alert {row[0]:.2f} s; sent {len(mailbox.ids)}"
    )
    assert row[0] < P99_S
    assert mailbox.ids == []
