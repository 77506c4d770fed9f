"""An exercise and a merged record: what is read as one with a real person is that person's."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from alerts import drill_service as drills
from alerts import service as alerts
from alerts.drill import Started
from core import clock
from core.doors import Actor
from core.vitals import Vital
from tests.as_owner import mutate, rows, run
from tests.integration.alerts.home import Home, measure, seen_by_nurse
from tests.integration.alerts.test_drill import NOW, judge_and_send, mailbox
from tests.integration.alerts.test_drill_beside import exercised, manager, marks, real, start

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
