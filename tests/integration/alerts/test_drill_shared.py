"""An exercise on a record that is not one organisation's alone: merged with another, or shared.

What is read as one with a real person is that person's.
"""

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from alerts import drill_service as drills
from alerts import service as alerts
from alerts.drill import Started
from core import clock
from core.doors import Actor
from core.vitals import Vital
from identity import service as identity
from tests.as_owner import mutate, rows, run
from tests.days import day_in_france
from tests.integration.alerts.duty import set_clock
from tests.integration.alerts.home import Home, measure, seen_by_nurse
from tests.integration.alerts.test_drill import NOW, answer, judge_and_send, mailbox
from tests.integration.alerts.test_drill_beside import exercised, manager, marks, real, start
from tests.people import make_centre

__all__ = ["exercised", "mailbox", "manager", "real"]


def merge(kept: Home, gone: Home) -> None:
    """Read two records as one, under the traits of the first, as `identity.merge_pair` does."""
    run(
        "insert into access.patient_link (id, patient_id, into_patient, linked_at, linked_by,"
        " reason) values (%s, %s, %s, now(), %s, 'the same person')",
        uuid4(),
        gone.care.patient,
        kept.care.patient,
        kept.care.gp.person,
    )


@pytest.fixture(params=["real kept", "exercise kept"])
def merging(real: Home, exercised: Home, request: pytest.FixtureRequest) -> Callable[[], None]:
    """What merges the record for exercises with that of a real patient, either way round."""
    pair = (real, exercised) if request.param == "real kept" else (exercised, real)
    return lambda: merge(*pair)


def test_no_exercise_is_made_on_a_record_read_as_one_with_a_real_one(
    exercised: Home, manager: Actor, merging: Callable[[], None]
) -> None:
    merging()
    said = drills.start(manager, uuid4(), exercised.care.patient, None)
    assert said is Started.LIVED_IN
    assert drills.choices(manager).records == ()
    assert rows("select count(*) from core.due") == [(0,)]


def test_merging_ends_every_mark(
    real: Home, exercised: Home, manager: Actor, merging: Callable[[], None]
) -> None:
    """From then on the line of the queue speaks of a real person as well."""
    start(exercised, manager)
    judge_and_send()
    assert marks(manager)[exercised.care.patient] == (True, True)
    merging()
    measure(real, [(Vital.SPO2, 85, NOW)])
    assert alerts.review(clock.now()).alerts == 1
    assert set(marks(manager).values()) == {(False, False)}
    assert {line.drill for line in seen_by_nurse(exercised)} == {None}


def test_without_the_question_a_merged_record_would_be_exercised_on(
    exercised: Home, manager: Actor, merging: Callable[[], None]
) -> None:
    """The deliberate fault: only what was stored for the record itself is looked at."""
    merging()
    mutate("alerts.is_lived_in", "> 1", "> 2")
    assert drills.start(manager, uuid4(), exercised.care.patient, None) is Started.STARTED


def test_two_organisations_that_share_a_record_exercise_one_after_the_other(
    exercised: Home, manager: Actor, clock_file: Path
) -> None:
    """Planned for the same hour, neither keeps the other's from starting, nor fails for it."""
    centre, nurse = make_centre("Autre centre")
    identity.join_circle(exercised.care.patient, centre, "telemonitoring_centre")
    for actor in (manager, nurse):
        assert drills.plan(actor, exercised.care.patient, 12, time(10)) is Started.PLANNED
    month = day_in_france().replace(day=1) + timedelta(days=32)
    set_clock(clock_file, month.replace(day=12), "10:01")
    assert [drills.start_planned(clock.now()) for _ in range(2)] == [1, 0]
    judge_and_send()
    answer(exercised)
    drills.watch_drills(clock.now())
    assert [drills.start_planned(clock.now()) for _ in range(2)] == [1, 0]
    judge_and_send()
    found = [drills.drills(actor)[0].report for actor in (manager, nurse)]
    assert all(report.alert_id for report in found)
