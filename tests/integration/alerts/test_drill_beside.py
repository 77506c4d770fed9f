"""An exercise beside real care: it hides, holds up and delays nothing, and counts nowhere."""

from dataclasses import replace
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from alerts import drill_service as drills
from alerts import handover_service as handovers
from alerts import service as alerts
from alerts.acts import Own
from alerts.alert import State
from alerts.drill import Started
from alerts.handover import Signed
from alerts.precision import Group
from alerts.precision_service import Weighed
from coordination import service as coordination
from coordination.inclusion.notice_service import note_occasions
from core import clock
from core.access import Permission
from core.doors import Actor
from core.vitals import Vital
from dashboard.triage import counts_of
from identity import service as identity
from messages import service as messages
from scoring.level import Level
from tests.as_owner import mutate, rows, run
from tests.days import day_in_france
from tests.integration.alerts.home import Home, key_of, make_home, measure, opened, seen_by_nurse
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


def test_a_handover_says_which_line_is_an_exercise_until_somebody_lives_in_it(
    real: Home, exercised: Home, manager: Actor
) -> None:
    measure(real, [(Vital.SPO2, 85, NOW)])
    start(exercised, manager)
    alerts.review(clock.now())
    nurse, handover = real.care.nurse, uuid4()
    matters = handovers.open_matters(nurse)
    expected = {real.care.patient: False, exercised.care.patient: True}
    assert {one.patient_id: one.of_drill for one in matters} == expected
    keys = [one.key for one in matters if one.key]
    assert handovers.give(nurse, handover, "", {}, keys) is Signed.GIVEN

    def signed() -> dict[UUID | None, bool]:
        found = handovers.read_handover(manager, handover)
        assert found is not None
        return {one.patient_id: one.of_drill for one in found[1]}

    assert signed() == expected
    measure(exercised, [(Vital.SPO2, 97, NOW)])
    assert set(signed().values()) == {False}
    assert {one.of_drill for one in handovers.open_matters(nurse)} == {False}


def counted(actor: Actor) -> tuple[int, int, int, int]:
    """Return the numbers above the queue: patients, open alerts, red ones, exercises apart."""
    counts = counts_of(alerts.queue_counts(actor))
    return counts.total, counts.open_alerts, counts.open_red, counts.for_drills


def test_the_numbers_above_the_queue_are_of_real_alerts_alone(
    real: Home, exercised: Home, manager: Actor
) -> None:
    nurse = real.care.nurse
    assert counted(nurse) == (2, 0, 0, 0)
    start(exercised, manager)
    alerts.review(clock.now())
    assert counted(nurse) == (1, 0, 0, 1)
    measure(real, [(Vital.SPO2, 85, NOW)])
    alerts.review(clock.now())
    assert counted(nurse) == (1, 1, 1, 1)
    assert len(alerts.queue_page(nurse, 10, 0)) == 2
    measure(exercised, [(Vital.SPO2, 85, NOW)])
    assert counted(nurse) == (2, 2, 2, 0)


def test_the_list_of_his_patients_says_whose_record_serves_exercises(
    real: Home, exercised: Home, manager: Actor
) -> None:
    start(exercised, manager)
    page = coordination.followed_patients(real.care.gp)
    assert {one.patient_id: one.of_drill for one in page.patients} == {
        real.care.patient: False,
        exercised.care.patient: True,
    }
    measure(exercised, [(Vital.SPO2, 97, NOW)])
    page = coordination.followed_patients(real.care.gp)
    assert {one.of_drill for one in page.patients} == {False}


def test_an_exercise_is_news_of_nobody_for_the_circle(exercised: Home, manager: Actor) -> None:
    """Neither that it was raised nor that it was closed; the word would not stand in that mail."""
    person = identity.register_person("Luc Martin")
    messages.register_contact(person, "email", "luc@example.org")
    identity.join_circle(exercised.care.patient, person, "carer")
    run(
        "insert into coordination.circle_notice"
        " (membership_id, patient_id, occasion, since, chosen_by)"
        " select m.id, m.patient_id, o, now(), m.party from access.membership m,"
        " unnest(array['red', 'closure']) o where m.party = %s",
        person,
    )
    start(exercised, manager)
    judge_and_send()
    answer(exercised)
    assert note_occasions(clock.now()) == 0
    mutate("coordination.occasions", "NOT alerts.is_drill_record(a.patient_id)", "true")
    assert note_occasions(clock.now()) == 2


def test_who_begins_to_live_in_the_record_is_called_for_though_the_exercise_is_taken(
    exercised: Home, manager: Actor
) -> None:
    """His first red meets an alert taken as an exercise; his second one that is taken as his."""
    start(exercised, manager)
    judge_and_send()
    nurse = exercised.care.nurse
    ctx = opened(nurse, exercised.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    (line,) = alerts.open_alerts(ctx)
    alerts.act(ctx, line.alert_id, Own(by=nurse.person))
    measure(exercised, [(Vital.SPO2, 85, NOW)])
    assert alerts.review(clock.now()).alerts == 1
    assert messages.send_due(clock.now()).sent == 1
    (line,) = seen_by_nurse(exercised)
    assert (line.state, line.level) == (State.RAISED, Level.RED)
    assert line.reason.evidence.value == 85, "and not that of the exercise"
    alerts.act(ctx, line.alert_id, Own(by=nurse.person))
    measure(exercised, [(Vital.SPO2, 84, NOW)])
    assert alerts.review(clock.now()).alerts == 0


def test_an_exercise_that_is_taken_calls_nobody_anew_for_itself(
    exercised: Home, manager: Actor
) -> None:
    start(exercised, manager)
    judge_and_send()
    run(
        "insert into core.due (kind, patient_key, from_time, until_time, received_at)"
        " select 'reading', patient_key, measured_at, measured_at, now() from vitals.reading"
    )
    assert alerts.review(clock.now()).alerts == 0
