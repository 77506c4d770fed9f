"""A deadline missed just before a follow-up ends, a stay or a death: what is kept, what calls."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from alerts import silence_service
from alerts.silence_service import find_silent
from core.access import Permission
from core.doors import ServiceConnection, acting_as
from questionnaires.plans import pausing_service
from questionnaires.plans import service as plans
from questionnaires.plans.missing_service import missed_due
from questionnaires.plans.plan import EndReason, Missed, PauseReason
from tests.as_owner import run
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, rows, seen_by_nurse
from tests.integration.plans.home import MONDAY, SetClock, clock_setter, opened, start
from tests.integration.plans.test_silence import ALARM, ONCE

BETWEEN = ALARM + timedelta(seconds=20)
"""After the alarm, before anybody has looked."""
AFTER = ALARM + timedelta(seconds=50)


@pytest.fixture
def set_clock(clock_file: Path) -> SetClock:
    return clock_setter(clock_file)


@pytest.fixture
def home(database: Database, set_clock: SetClock) -> Home:
    made = make_home()
    set_clock(MONDAY)
    start(made.care.nurse, made.care.patient, times=ONCE)
    find_silent(MONDAY)
    set_clock(BETWEEN)
    return made


def end(home: Home, reason: EndReason) -> None:
    ctx = opened(home.care.nurse, home.care.patient, Permission.MONITORING_WRITE)
    with acting_as(ctx, action="U") as conn:
        plans.end_plan(conn, ctx.patient, reason, BETWEEN, by=ctx.actor.person)


def look(home: Home, set_clock: SetClock) -> tuple[int, int]:
    """Return how many deadlines were found missed and how many alerts of silence stand."""
    set_clock(AFTER)
    found = find_silent(AFTER)
    assert found.failed == 0
    alerts = [line for line in seen_by_nurse(home) if line.item == "no_answer"]
    return found.missed, len(alerts)


def kept() -> list[tuple[object, ...]]:
    return rows("select state, evaluated_late from questionnaires.task where state <> 'cancelled'")


@pytest.mark.promise("R7")
@pytest.mark.parametrize("reason", [one for one in EndReason if one is not EndReason.DEATH])
def test_missed_before_an_exit_is_kept_as_missed_and_calls_nobody(
    home: Home, set_clock: SetClock, reason: EndReason
) -> None:
    end(home, reason)
    assert look(home, set_clock) == (1, 0)
    assert kept() == [("missed", False)]
    assert rows("select 1 from messages.outbox") == []


@pytest.mark.promise("R7")
def test_missed_before_a_death_sends_nothing(home: Home, set_clock: SetClock) -> None:
    end(home, EndReason.DEATH)
    run("update access.patient set died_on = %s, death_noted_at = %s", BETWEEN.date(), BETWEEN)
    set_clock(AFTER)
    assert find_silent(AFTER).failed == 0
    assert rows("select 1 from alerts.alert where item = 'no_answer'") == []
    assert rows("select 1 from messages.outbox") == []


@pytest.mark.promise("R7")
def test_missed_before_a_stay_calls_all_the_same(home: Home, set_clock: SetClock) -> None:
    """A pause begins; nobody has looked: the deadline was his to meet, and somebody is called."""
    ctx = opened(home.care.nurse, home.care.patient, Permission.MONITORING_WRITE)
    stay = pausing_service.pause(ctx, PauseReason.HOSPITAL, BETWEEN, BETWEEN + timedelta(days=2))
    assert isinstance(stay, UUID)
    assert look(home, set_clock) == (1, 1)
    assert ("missed", False) in kept()


def test_a_detector_that_calls_for_an_ended_follow_up_is_caught(
    home: Home, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: the end of the plan counts for nothing."""

    def told(conn: ServiceConnection, patient: UUID, now: datetime) -> Sequence[Missed]:
        return [replace(one, told=True) for one in missed_due(conn, patient, now)]

    monkeypatch.setattr(silence_service, "missed_due", told)
    with pytest.raises(AssertionError):
        test_missed_before_an_exit_is_kept_as_missed_and_calls_nobody(
            home, set_clock, EndReason.RECOVERED
        )
