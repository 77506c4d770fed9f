"""Reminders by a sentinel that is killed: nothing is lost, and the phone shows each one once."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from messages.delivery import LEASE
from tests.as_owner import rows
from tests.faults.conftest import Report
from tests.faults.processes import ProcessVictim, app_process, wait_until
from tests.integration.reminders.conftest import (
    NINE,
    Ward,
    after,
    mailbox,
    push,
    push_process,
    sms,
    ward,
)

__all__ = ["mailbox", "push", "push_process", "sms", "ward"]
SENT = "select state from messages.outbox where channel = 'push'"


@pytest.fixture
def sentinel(ward: Ward, tmp_path: Path) -> ProcessVictim:
    """The sentinel with every provider of the ward, not started yet."""
    env = {key: value for key, value in os.environ.items() if key.startswith("CHEVET_")}
    return app_process("sentinel", env, tmp_path, ready="sentinel_started")


@pytest.mark.timeout(180)
def test_killed_between_taken_over_and_noted_it_is_sent_again_and_shown_once(
    ward: Ward, sentinel: ProcessVictim, report: Report
) -> None:
    try:
        ward.subscribe()
        ward.at(after(1))
        sentinel.crash_at("outbox.after_send=exit")
        assert ward.notified() == 1
        assert rows(SENT) == [("sending",)]
        ward.at(clock.now() + LEASE + timedelta(seconds=1))
        sentinel.start()
        wait_until(lambda: rows(SENT) == [("sent",)], 30, "the notification to be noted")
        first, second = ward.push.taken()[-2:]
        assert first.said["id"] == second.said["id"]
        assert first.headers["topic"] == second.headers["topic"]
        ward.acknowledge()
        ward.at(after(120))
        wait_until(lambda: ward.outcomes()[0][2] == "told", 30, "the reminder to be over")
        assert ward.sms.taken == []
        report(f"taken over {ward.notified()}, of one id; receipts 1; SMS {len(ward.sms.taken)}")
    finally:
        sentinel.kill()


@pytest.mark.timeout(180)
def test_a_receipt_that_is_lost_and_a_sentinel_that_died_cost_an_sms_and_no_reminder(
    ward: Ward, sentinel: ProcessVictim, report: Report
) -> None:
    try:
        ward.subscribe()
        ward.at(after(1))
        sentinel.start()
        wait_until(lambda: rows(SENT) == [("sent",)], 30, "the notification")
        sentinel.kill()
        ward.at(NINE + timedelta(minutes=20))
        sentinel.start()
        wait_until(lambda: len(ward.sms.taken) == 1, 30, "the SMS")
        ward.at(NINE + timedelta(minutes=40))
        wait_until(lambda: ward.outcomes()[0][2] == "told", 30, "the reminder to be over")
        report(f"notifications {ward.notified()}, receipts 0, SMS {len(ward.sms.taken)}")
        assert len(ward.sms.taken) == 1
    finally:
        sentinel.kill()
