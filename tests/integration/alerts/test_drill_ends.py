"""Somebody comes to live in the record of an exercise: its open alert calls everybody anew."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from alerts import drill_service as drills
from alerts import service as alerts
from alerts.acts import Called15, Close, Own, PersonAct, See, Snooze
from alerts.alert import SleepReason, State
from alerts.answering import CallPatient
from alerts.outcomes import Outcome
from alerts.refusals import RefusalCode, Refused
from alerts.views import AlertLine, AlertPage
from core import clock
from core.access import Permission
from core.doors import Actor
from core.vitals import Vital
from devices import service as devices
from identity import service as identity
from messages import service as messages
from questionnaires import answers_service
from questionnaires.answered import Source
from questionnaires.library_service import active_edition
from tests.as_owner import run
from tests.integration.alerts.home import Home, measure, opened, seen_by_nurse
from tests.integration.alerts.test_drill import (
    NOW,
    RED_WAIT,
    home,
    judge_and_send,
    mailbox,
    manager,
    start,
)
from tests.mailbox import Mailbox

__all__ = ["home", "mailbox", "manager"]

MINUTE = timedelta(minutes=1)


def line_of(home: Home) -> AlertLine:
    (line,) = seen_by_nurse(home)
    return line


def do(home: Home, act: PersonAct) -> None:
    """Let the nurse answer the open alert."""
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    done = alerts.act(ctx, line_of(home).alert_id, act)
    assert isinstance(done, AlertPage), done


def what(home: Home, alert: UUID) -> list[str]:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    page = alerts.alert_page(ctx, alert)
    assert isinstance(page, AlertPage)
    return [event.what for event in page.events]


def subjects(home: Home, mailbox: Mailbox) -> list[bool]:
    """Return of each mail to the nurse whether it says that it is an exercise, sorted."""
    mails = mailbox.to(f"{home.care.nurse.person}@nurse.example")
    return sorted(str(one.mail["Subject"]).startswith("[EXERCICE] ") for one in mails)


def own(by: UUID, now: datetime) -> PersonAct:
    return Own(by=by)


def see(by: UUID, now: datetime) -> PersonAct:
    return See(by=by)


def promise(by: UUID, now: datetime) -> PersonAct:
    return CallPatient(by=by)


def sleep(by: UUID, now: datetime) -> PersonAct:
    return Snooze(by=by, until=now + 20 * MINUTE, reason=SleepReason.MEASURE_AGAIN)


@pytest.mark.parametrize("value", [97, 85])
@pytest.mark.parametrize("answered", [own, see, promise, sleep])
def test_the_first_real_value_calls_anew_whatever_was_done_about_the_exercise(
    home: Home,
    manager: Actor,
    mailbox: Mailbox,
    answered: Callable[[UUID, datetime], PersonAct],
    value: int,
) -> None:
    start(home, manager)
    judge_and_send()
    do(home, answered(home.care.nurse.person, clock.now()))
    before = line_of(home)
    assert before.state is not State.RAISED
    measure(home, [(Vital.SPO2, value, NOW)])
    now = clock.now()
    assert alerts.review(now).alerts == 1
    after = line_of(home)
    assert (after.alert_id, after.drill) == (before.alert_id, None)
    assert (after.state, after.owner, after.sleep) == (State.RAISED, None, None)
    assert after.next_step_at is not None
    assert after.next_step_at <= now + RED_WAIT
    cleared = ["cleared"] if value == 97 else []
    assert what(home, after.alert_id)[3:] == ["drill_ended", "called", *cleared]
    messages.send_due(clock.now())
    assert subjects(home, mailbox) == [False, True]


def close(by: UUID, now: datetime) -> PersonAct:
    return Close(by=by, outcome=Outcome.TECHNICAL_PROBLEM)


@pytest.mark.parametrize("answered", [own, see, promise, sleep, close])
def test_what_is_done_on_a_page_that_still_says_exercise_is_refused(
    home: Home, manager: Actor, answered: Callable[[UUID, datetime], PersonAct]
) -> None:
    """Before the review already: the record is somebody's from its first value on."""
    start(home, manager)
    judge_and_send()
    read = line_of(home)
    assert read.shown_as == "drill"
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    act = answered(home.care.nurse.person, clock.now())
    measure(home, [(Vital.SPO2, 85, NOW)])
    for _ in range(2):
        refused = alerts.act(ctx, read.alert_id, act, shown=alerts.shown_of(read.shown_as))
        assert isinstance(refused, Refused)
        assert refused.code is RefusalCode.NO_EXERCISE
        assert line_of(home).state is State.RAISED
        alerts.review(clock.now())
    now_known = alerts.shown_of(line_of(home).shown_as)
    assert isinstance(alerts.act(ctx, read.alert_id, act, shown=now_known), AlertPage)


def test_that_15_was_called_is_a_fact_and_an_exercise_is_answered_as_one(
    home: Home, manager: Actor
) -> None:
    start(home, manager)
    judge_and_send()
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    by, alert = home.care.nurse.person, line_of(home).alert_id
    assert isinstance(alerts.act(ctx, alert, See(by=by), shown="drill"), AlertPage)
    measure(home, [(Vital.SPO2, 85, NOW)])
    assert isinstance(alerts.act(ctx, alert, Called15(by=by), shown="drill"), AlertPage)


def test_it_calls_anew_once_and_whoever_answers_then_answers_for_good(
    home: Home, manager: Actor
) -> None:
    start(home, manager)
    judge_and_send()
    do(home, Own(by=home.care.nurse.person))
    for expected in (State.RAISED, State.OWNED):
        measure(home, [(Vital.SPO2, 85, NOW)])
        alerts.review(clock.now())
        assert line_of(home).state is expected
        do(home, Own(by=home.care.nurse.person))
    assert what(home, line_of(home).alert_id).count("drill_ended") == 1


def lend(home: Home) -> None:
    devices.register_device("oximeter-9", "oximeter", home.care.centre)
    devices.assign_device("oximeter-9", home.care.patient, clock.now())


def open_account(home: Home) -> None:
    identity.open_account(home.care.patient, "essai", "a-long-enough-password")


def answer_calmly(home: Home) -> None:
    stored = answers_service.submit(
        opened(home.care.patient_actor, home.care.patient, Permission.ANSWERS_WRITE),
        active_edition("home-daily").digest,
        {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"},
        key="calm",
        source=Source.PATIENT,
        answered_at=clock.now(),
    )
    assert isinstance(stored, answers_service.Stored), stored


@pytest.mark.parametrize("somebody_comes", [lend, open_account, answer_calmly])
def test_a_device_an_account_or_an_answer_calls_anew_though_nothing_was_measured(
    home: Home, manager: Actor, mailbox: Mailbox, somebody_comes: Callable[[Home], None]
) -> None:
    start(home, manager)
    judge_and_send()
    do(home, Own(by=home.care.nurse.person))
    drills.watch_drills(clock.now())
    assert alerts.review(clock.now()).patients == 0
    somebody_comes(home)
    for calls in (1, 0):
        drills.watch_drills(clock.now())
        assert alerts.review(clock.now()).alerts == calls
        assert line_of(home).state is State.RAISED
    messages.send_due(clock.now())
    assert subjects(home, mailbox) == [False, True]


def test_an_exercise_that_was_closed_stays_closed(home: Home, manager: Actor) -> None:
    start(home, manager)
    judge_and_send()
    do(home, Close(by=home.care.nurse.person, outcome=Outcome.TECHNICAL_PROBLEM))
    measure(home, [(Vital.SPO2, 97, NOW)])
    drills.watch_drills(clock.now())
    assert alerts.review(clock.now()).alerts == 0
    assert seen_by_nurse(home) == ()


def test_a_value_before_the_exercise_was_judged_makes_a_real_alert_from_the_first(
    home: Home, manager: Actor, mailbox: Mailbox
) -> None:
    start(home, manager)
    measure(home, [(Vital.SPO2, 85, NOW)])
    judge_and_send()
    assert subjects(home, mailbox) == [False]
    do(home, Own(by=home.care.nurse.person))
    measure(home, [(Vital.SPO2, 85, NOW)])
    assert alerts.review(clock.now()).alerts == 0
    assert line_of(home).state is State.OWNED


def test_other_alerts_of_the_record_are_left_as_they_are(home: Home, manager: Actor) -> None:
    """A real alert that somebody has in charge is not disturbed: his next value joins it."""
    measure(home, [(Vital.SPO2, 85, NOW)])
    alerts.review(clock.now())
    do(home, Own(by=home.care.nurse.person))
    measure(home, [(Vital.SPO2, 84, NOW)])
    run("update alerts.alert set cleared_at = null")
    assert alerts.review(clock.now()).alerts == 0
    assert line_of(home).state is State.OWNED
