"""R6: nobody answers, and the next person is called at T ± 30 s, restarts in between or not."""

import os
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import psycopg
import pytest

from core import clock
from tests.conftest import Database
from tests.faults.alerting import GP, NURSE, OPERATOR, RED, Ward, make_ward
from tests.faults.conftest import Report
from tests.faults.processes import ProcessVictim, wait_until
from tests.mailbox import Mailbox

CHAINS = int(os.environ.get("CHEVET_R6_CHAINS", "500"))
TOLERANCE = timedelta(seconds=30)


def steps_due(database: Database) -> dict[str, datetime]:
    with psycopg.connect(database.dsn("OWNER")) as conn:
        return {
            str(alert): at
            for alert, at in conn.execute("select id, next_step_at from alerts.alert")
        }


def move(clock_file: Path, at: datetime) -> None:
    """Set the test clock of every process to an instant."""
    offset = float(clock_file.read_text())
    shift = (at - clock.now()).total_seconds()
    clock_file.with_suffix(".new").write_text(str(offset + shift))
    clock_file.with_suffix(".new").rename(clock_file)


def sent_at(mailbox: Mailbox, recipient: str) -> dict[str, datetime]:
    """Return when, on the test clock, each alert was first mailed to a recipient."""
    found: dict[str, datetime] = {}
    for taken in mailbox.to(recipient):
        alert = taken.message_id.strip("<").split(".")[0]
        found.setdefault(alert, parsedate_to_datetime(str(taken.mail["Date"])))
    return found


def alarms(mailbox: Mailbox) -> set[str]:
    """Return of which exhausted ladders the operator was told."""
    told = (str(taken.mail["Message-ID"]) for taken in mailbox.to(OPERATOR))
    return {one for one in told if one.startswith("<operator.ladder_exhausted.")}


@pytest.mark.promise("R6")
@pytest.mark.timeout(240)
def test_unanswered_goes_to_the_gp_in_time_though_the_sentinel_dies_twice(
    database: Database,
    clock_file: Path,
    sentinel: ProcessVictim,
    mailbox: Mailbox,
    report: Report,
) -> None:
    ward: Ward = make_ward(database, CHAINS // len(RED))
    sentinel.start()
    ward.feed(per_s=1_000)
    wait_until(lambda: len(mailbox.to(NURSE)) >= CHAINS, 60, "everybody's first call")
    due = steps_due(database)
    sentinel.kill()
    move(clock_file, min(due.values()) - timedelta(seconds=8))
    sentinel.start()
    assert mailbox.to(GP) == []
    wait_until(lambda: len(mailbox.to(GP)) > 0, 40, "the first GP")
    sentinel.kill()
    sentinel.start()
    wait_until(lambda: len(sent_at(mailbox, GP)) >= CHAINS, 60, "every GP")
    called = sent_at(mailbox, GP)
    off = [abs(called[alert] - at) for alert, at in due.items()]
    early = sum(called[alert] < at - timedelta(seconds=1) for alert, at in due.items())
    report(f"chains {len(due)}; furthest from T {max(off).total_seconds():.1f} s; early {early}")
    assert set(called) == set(due)
    assert max(off) <= TOLERANCE
    assert early == 0

    move(clock_file, max(steps_due(database).values()) + timedelta(seconds=1))
    # Each counted once: one that was accepted and not noted when its sender died comes again.
    wait_until(lambda: len(alarms(mailbox)) >= CHAINS, 60, "the operator")
    alarmed = alarms(mailbox)
    report(f"ladders exhausted {len(due)}; operator alarmed of {len(alarmed)}")
    assert len(alarmed) >= CHAINS
