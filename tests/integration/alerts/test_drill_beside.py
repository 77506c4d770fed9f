"""An exercise beside real care: it hides, holds up and delays nothing, and counts nowhere."""

from dataclasses import replace
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from alerts import drill_service as drills
from alerts import handover_service as handovers
from alerts import service as alerts
from alerts.drill import Started
from alerts.handover import Signed
from alerts.precision import Group
from alerts.precision_service import Weighed
from core import clock
from core.doors import Actor
from core.vitals import Vital
from identity import service as identity
from messages import service as messages
from tests.as_owner import mutate, rows, run
from tests.days import day_in_france
from tests.integration.alerts.home import Home, key_of, make_home, measure, seen_by_nurse
from tests.integration.alerts.test_drill import A_STREAM, NOW, answer, judge_and_send, mailbox
from tests.mailbox import Mailbox
from tests.people import make_patient

__all__ = ["mailbox"]


@pytest.fixture
def real(mailbox: Mailbox) -> Home:
    """A real patient of a centre; an earlier stream has taken the number that tests write."""
    made = make_home()
    run(A_STREAM)
    return made


@pytest.fixture
def exercised(real: Home) -> Home:
    """A record for exercises that the same centre follows."""
    patient = make_patient()
    identity.join_circle(patient, real.care.centre, "telemonitoring_centre")
    identity.join_circle(patient, real.care.gp.person, "gp")
    alerts.prescribe(patient, "covid-home", "home-two-rungs", real.care.gp.person)
    run("update identity.patient set is_fictitious = true where patient_id = %s", patient)
    return Home(replace(real.care, patient=patient), key_of(patient))


@pytest.fixture
def manager(real: Home) -> Actor:
    person = identity.register_person("Claire Petit")
    post = identity.give_post(person, real.care.centre, "telemonitoring_nurse")
    return Actor(person=person, post=post, session=None)


def start(exercised: Home, manager: Actor) -> None:
    assert drills.start(manager, uuid4(), exercised.care.patient, None) is Started.STARTED


def marks(actor: Actor) -> dict[object, tuple[bool, bool]]:
    """Return of each patient of the queue whether his record and one of his alerts are marked."""
    return {
        row.patient_id: (row.summary.of_drill, any(one.drill for one in row.alerts))
        for row in alerts.queue_page(actor, 10, 0)
    }


@pytest.mark.parametrize("real_first", [True, False])
def test_a_real_red_beside_an_exercise_is_raised_sent_and_shown_as_if_alone(
    real: Home, exercised: Home, manager: Actor, mailbox: Mailbox, *, real_first: bool
) -> None:
    if real_first:
        measure(real, [(Vital.SPO2, 85, NOW)])
        start(exercised, manager)
    else:
        start(exercised, manager)
        measure(real, [(Vital.SPO2, 85, NOW)])
    now = clock.now()
    assert alerts.review(now).alerts == 2
    assert messages.send_due(clock.now()).sent == 2
    mails = mailbox.to(f"{real.care.nurse.person}@nurse.example")
    sent = [str(one.mail["Subject"]) for one in mails]
    assert sorted(subject.startswith("[EXERCICE] ") for subject in sent) == [False, True]
    assert marks(real.care.nurse) == {
        real.care.patient: (False, False),
        exercised.care.patient: (True, True),
    }
    (line,) = seen_by_nurse(real)
    waits = rows("select next_step_at - raised_at from alerts.alert")
    assert waits[0] == waits[1]
    answer(exercised)
    (after,) = seen_by_nurse(real)
    assert (after.state, after.next_step_at) == (line.state, line.next_step_at)


def test_who_begins_to_live_in_the_record_ends_every_mark(exercised: Home, manager: Actor) -> None:
    """Its open alert as well: the next value is that of a person."""
    start(exercised, manager)
    judge_and_send()
    assert marks(manager)[exercised.care.patient] == (True, True)
    measure(exercised, [(Vital.SPO2, 85, NOW)])
    alerts.review(clock.now())
    assert marks(manager)[exercised.care.patient] == (False, False)
    (line,) = seen_by_nurse(exercised)
    assert line.drill is None


def test_without_the_question_a_real_alert_would_be_called_an_exercise(
    exercised: Home, manager: Actor
) -> None:
    start(exercised, manager)
    judge_and_send()
    measure(exercised, [(Vital.SPO2, 85, NOW)])
    mutate("alerts.is_drill_record", "NOT alerts.is_lived_in(p_patient)", "true")
    assert marks(manager)[exercised.care.patient] == (True, True)


def weighed(actor: Actor) -> Weighed:
    today = day_in_france()
    found = alerts.precision(actor, today, today, ZoneInfo("Europe/Paris"), Group.PATIENT)
    assert isinstance(found, Weighed)
    return found


def test_neither_an_exercise_nor_its_record_counts_in_the_worth_of_alerts(
    real: Home, exercised: Home, manager: Actor
) -> None:
    measure(real, [(Vital.SPO2, 85, NOW)])
    start(exercised, manager)
    assert alerts.review(clock.now()).alerts == 2
    found = weighed(real.care.nurse)
    assert found.whole.alerts == 1
    followed = rows("select count(*) from access.membership where party = %s", real.care.centre)
    assert (followed, len(found.lines)) == ([(2,)], 1)


def test_an_alert_of_a_fictitious_record_counts_nothing_though_it_is_no_exercise(
    exercised: Home,
) -> None:
    measure(exercised, [(Vital.SPO2, 85, NOW)])
    assert alerts.review(clock.now()).alerts == 1
    assert rows("select drill from alerts.alert") == [(None,)]
    found = weighed(exercised.care.nurse)
    assert (found.whole.alerts, found.whole.patient_days > 0) == (0, True)


def test_an_exercise_counts_nothing_whatever_its_record_is_taken_for_later(
    exercised: Home, manager: Actor
) -> None:
    start(exercised, manager)
    assert alerts.review(clock.now()).alerts == 1
    run("update identity.patient set is_fictitious = false")
    assert weighed(exercised.care.nurse).whole.alerts == 0


def test_a_handover_lists_an_open_exercise_and_counts_none(
    real: Home, exercised: Home, manager: Actor
) -> None:
    measure(real, [(Vital.SPO2, 85, NOW)])
    start(exercised, manager)
    alerts.review(clock.now())
    matters = handovers.open_matters(real.care.nurse)
    assert len(matters) == 2
    keys = [one.key for one in matters if one.key]
    assert handovers.give(real.care.nurse, uuid4(), "", {}, keys) is Signed.GIVEN
    assert rows("select done ->> 'raised' from alerts.handover") == [("1",)]
