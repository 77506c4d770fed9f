"""The monthly exercise: begun once at its hour, told once when it cannot be."""

from datetime import time, timedelta
from pathlib import Path

from alerts import drill_service as drills
from alerts.drill import Started
from core import clock
from core.doors import Actor
from tests.as_owner import run
from tests.days import day_in_france
from tests.integration.alerts.duty import set_clock
from tests.integration.alerts.home import Home
from tests.integration.alerts.test_drill import answer, home, judge_and_send, mailbox, manager, told

__all__ = ["home", "mailbox", "manager"]


def month_planned(home: Home, manager: Actor, clock_file: Path) -> None:
    """Plan the 12th at ten, in France, and go to a minute after it."""
    assert drills.plan(manager, home.care.patient, 12, time(10)) is Started.PLANNED
    today = day_in_france()
    month = today.replace(day=1) + timedelta(days=32)
    set_clock(clock_file, month.replace(day=12), "10:01")


def test_the_month_comes_and_an_exercise_is_started_once(
    home: Home, manager: Actor, clock_file: Path
) -> None:
    month_planned(home, manager, clock_file)
    assert [drills.start_planned(clock.now()) for _ in range(2)] == [1, 0]
    (found,) = drills.drills(manager)
    assert (found.planned, found.started_by_name, found.person_name) == (True, None, None)
    judge_and_send()
    answer(home)
    drills.watch_drills(clock.now())
    assert drills.start_planned(clock.now()) == 0
    assert drills.drop_plan(manager)
    assert not drills.drop_plan(manager)


def test_a_planned_exercise_that_cannot_start_is_told_once_and_the_next_month_comes(
    home: Home, manager: Actor, clock_file: Path
) -> None:
    month_planned(home, manager, clock_file)
    run("update alerts.prescription set ends_at = now()")
    assert drills.start_planned(clock.now()) == 0
    assert told() == []
    late = clock.now() + timedelta(hours=6)
    assert [drills.start_planned(late) for _ in range(2)] == [0, 0]
    assert len(told()) == 1
    assert told()[0].startswith(f"operator:drill_not_started:{home.care.centre}")


def test_the_plan_is_refused_for_a_real_patient(home: Home, manager: Actor) -> None:
    run("update identity.patient set is_fictitious = false")
    said = drills.plan(manager, home.care.patient, 12, time(10))
    assert said is Started.NOT_FICTITIOUS
    assert drills.plan_of(manager) is None
    assert drills.plan(home.care.gp, home.care.patient, 12, time(10)) is Started.NOT_ALLOWED
