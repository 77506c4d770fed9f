"""R3: every reading that should alert does, and nobody is told twice under one key."""

import os
import random
from pathlib import Path

import pytest

from tests.conftest import Database
from tests.faults.alerting import (
    RED,
    Outcome,
    compare,
    fed,
    is_quiet,
    kill_some,
    make_ward,
    settle,
)
from tests.faults.conftest import Report
from tests.faults.mutation import mutate, run_from
from tests.faults.processes import ProcessVictim, ServiceVictim, wait_until
from tests.mailbox import Mailbox

ALERTS = int(os.environ.get("CHEVET_R3_ALERTS", "2000"))
KILLS = int(os.environ.get("CHEVET_R3_KILLS", "9"))
LEASE_OVER = "31"
POINTS = ("review.after_commit", "outbox.before_send", "outbox.after_send")


@pytest.mark.promise("R3")
@pytest.mark.timeout(300)
def test_every_alert_is_raised_and_sent_whoever_is_killed(
    database: Database,
    sentinel: ProcessVictim,
    postgres: ServiceVictim,
    mailbox: Mailbox,
    report: Report,
) -> None:
    seed = int(os.environ.get("CHEVET_SEED", random.randrange(10_000)))
    ward = make_ward(database, ALERTS // len(RED))
    sentinel.start()
    with fed(ward, per_s=len(ward.keys) / 15):
        killed = kill_some([sentinel, sentinel, postgres], KILLS, random.Random(seed))
    settle(database, 150)
    found = compare(ward, mailbox)
    report(f"{found}; kills {dict(killed)}; seed {seed}")
    assert found.kept
    assert found.doubles_in_the_window <= 2 * KILLS


def crash(
    database: Database, sentinel: ProcessVictim, mailbox: Mailbox, clock_file: Path, point: str
) -> Outcome:
    """Let the sentinel die at one point with six alerts on the way, start it again, compare."""
    ward = make_ward(database, 2)
    ward.feed(per_s=1_000)
    sentinel.crash_at(f"{point}=exit@1")
    clock_file.write_text(LEASE_OVER)
    sentinel.start()
    wait_until(is_quiet(database), 30, "everything to be judged and sent")
    return compare(ward, mailbox)


@pytest.mark.promise("R3")
@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_every_point_loses_no_alert(
    database: Database,
    sentinel: ProcessVictim,
    mailbox: Mailbox,
    clock_file: Path,
    report: Report,
    point: str,
) -> None:
    found = crash(database, sentinel, mailbox, clock_file, point)
    report(f"{point}: {found}")
    assert found.kept
    assert found.doubles_in_the_window == (point == "outbox.after_send")


JUDGE_THEN_DELETE = """\
        called = _judge_patient(conn, _read(conn, patient_key, watched, due, now))
        reviewing.delete_due(conn, patient_key, [row.id for row in due])
"""
DELETE_THEN_JUDGE = """\
        with serving(Service.REVIEW) as other:
            reviewing.delete_due(other, patient_key, [row.id for row in due])
        failpoint("review.after_commit")
        called = _judge_patient(conn, _read(conn, patient_key, watched, due, now))
"""


def test_deleting_what_is_due_before_judging_is_seen(
    database: Database,
    sentinel: ProcessVictim,
    mailbox: Mailbox,
    clock_file: Path,
    tmp_path: Path,
    report: Report,
) -> None:
    wrong = mutate(tmp_path, "alerts/review_service.py", JUDGE_THEN_DELETE, DELETE_THEN_JUDGE)
    run_from(sentinel, wrong)
    found = crash(database, sentinel, mailbox, clock_file, "review.after_commit")
    report(f"deleted, then judged: {found}")
    assert found.missing_alerts > 0


SEND = "                answer = _send(ways, message)\n"
NOTE_THEN_SEND = """\
                from messages.delivery import Accepted
                _note(message, Accepted(), done)
                answer = _send(ways, message)
"""


def test_noting_a_message_as_sent_before_sending_is_seen(
    database: Database,
    sentinel: ProcessVictim,
    mailbox: Mailbox,
    clock_file: Path,
    tmp_path: Path,
    report: Report,
) -> None:
    run_from(sentinel, mutate(tmp_path, "messages/service.py", SEND, NOTE_THEN_SEND))
    found = crash(database, sentinel, mailbox, clock_file, "outbox.before_send")
    report(f"noted, then sent: {found}")
    assert found.missing_mails > 0
