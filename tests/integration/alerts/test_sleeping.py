"""« Mise en veille », waking and giving an alert away, on the real database."""

from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from alerts import service as alerts
from alerts.acts import Assign, Close, Own, PersonAct, Snooze, Wake
from alerts.alert import Cause, SleepReason, State
from alerts.outcomes import Outcome
from alerts.refusals import RefusalCode, Refused
from alerts.views import AlertPage
from core import clock
from core.access import Permission
from core.doors import Actor
from core.vitals import Vital
from identity import service as identity
from scoring.level import Level
from tests.as_owner import run
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure, opened, rows, seen_by_nurse

NOW = timedelta(0)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(database: Database) -> Home:
    return make_home()


def alarm(home: Home, spo2: int = 88) -> UUID:
    measured(home, spo2, NOW)
    return seen_by_nurse(home)[0].alert_id


def measured(home: Home, spo2: int, later: timedelta) -> None:
    now = clock.now() + later
    measure(home, [(Vital.SPO2, spo2, NOW)], now=now)
    alerts.review(now)


def colleague(home: Home) -> Actor:
    person = identity.register_person("Karim Benali")
    post = identity.give_post(person, home.care.centre, "telemonitoring_nurse")
    return Actor(person=person, post=post, session=None)


def done(home: Home, actor: Actor, alert: UUID, act: PersonAct) -> AlertPage:
    ctx = opened(actor, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    page = alerts.act(ctx, alert, act)
    assert isinstance(page, AlertPage)
    return page


def snooze(actor: Actor, until: datetime) -> Snooze:
    return Snooze(
        by=actor.person, until=until, reason=SleepReason.MEASURE_AGAIN, note="main froide"
    )


def test_a_snooze_by_one_nurse_is_seen_and_ended_by_another(home: Home) -> None:
    alert, nurse, other = alarm(home), home.care.nurse, colleague(home)
    until = clock.now() + 20 * MINUTE
    done(home, nurse, alert, snooze(nurse, until))
    (row,) = alerts.queue_page(other, 10, 0)
    (line,) = row.alerts
    assert line.sleep is not None
    assert (line.state, line.sleeper_name, line.next_step_at) == (
        State.ASLEEP,
        "Inès Moreau",
        until,
    )
    assert (line.sleep.reason, line.sleep.note) == (SleepReason.MEASURE_AGAIN, "main froide")
    assert [one.sleeper_name for one in seen_by_nurse(home)] == ["Inès Moreau"]
    assert alerts.escalate_due(until - MINUTE).alerts == 0
    page = done(home, other, alert, Wake(by=other.person))
    assert (page.line.state, page.line.sleep) == (State.RAISED, None)
    assert [(event.what, event.by_name) for event in page.events[-2:]] == [
        ("asleep", "Inès Moreau"),
        ("woken", "Karim Benali"),
    ]


def test_a_sleep_ends_by_itself_and_the_next_is_called(home: Home) -> None:
    alert, nurse = alarm(home), home.care.nurse
    until = clock.now() + 20 * MINUTE
    done(home, nurse, alert, snooze(nurse, until))
    assert alerts.escalate_due(until + MINUTE).alerts == 1
    (line,) = seen_by_nurse(home)
    assert (line.state, line.sleep) == (State.RAISED, None)
    told = [what for (what,) in rows("select what from alerts.alert_event order by id")]
    assert told[-2:] == ["woken", "called"]


def test_a_red_cannot_be_kept_silent_for_longer_than_its_limit(home: Home) -> None:
    alert, nurse = alarm(home), home.care.nurse
    done(home, nurse, alert, snooze(nurse, clock.now() + 29 * MINUTE))
    run("update alerts.alert set state = 'raised', sleep = null, slept_seconds = 1740")
    ctx = opened(nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    refused = alerts.act(ctx, alert, snooze(nurse, clock.now() + 5 * MINUTE))
    assert isinstance(refused, Refused)
    assert refused.code is RefusalCode.SLEEP_TOO_LONG


def test_a_worse_value_wakes_it_and_calls_again(home: Home) -> None:
    alert, nurse = alarm(home, spo2=93), home.care.nurse
    done(home, nurse, alert, snooze(nurse, clock.now() + 600 * MINUTE))
    measured(home, 86, MINUTE)
    (line,) = seen_by_nurse(home)
    assert (line.level, line.state, line.sleep) == (Level.RED, State.RAISED, None)


def test_given_to_a_colleague_the_calls_go_on_until_he_takes_it(home: Home) -> None:
    alert, nurse, other = alarm(home), home.care.nurse, colleague(home)
    page = done(home, nurse, alert, Assign(by=nurse.person, to=other.person))
    assert page.line.assigned_name == "Karim Benali"
    assert (page.events[-1].what, page.events[-1].to_name) == ("assigned", "Karim Benali")
    due_at = page.line.next_step_at
    assert due_at is not None
    assert alerts.escalate_due(due_at + MINUTE).alerts == 1
    taken = done(home, other, alert, Own(by=other.person))
    assert (taken.line.owner_name, taken.line.assigned_to) == ("Karim Benali", None)
    given = next(event for event in taken.events if event.what == "assigned")
    assert given.to_name == "Karim Benali"


def test_it_is_given_to_nobody_its_ladder_could_not_call(home: Home) -> None:
    alert, nurse = alarm(home), home.care.nurse
    elsewhere = make_home().care.gp.person
    ctx = opened(nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    for stranger in (identity.register_person("Paul Personne"), elsewhere):
        refused = alerts.act(ctx, alert, Assign(by=nurse.person, to=stranger))
        assert isinstance(refused, Refused)
        assert refused.code is RefusalCode.NO_COLLEAGUE
    assert {one.name for one in alerts.answerers(ctx)} == {"Inès Moreau", "Dr Paul Lefèvre"}
    assert {one.person for one in alerts.answerers(ctx)} == {nurse.person, home.care.gp.person}


def test_who_put_it_to_sleep_and_leaves_wakes_it(home: Home) -> None:
    alert, gp = alarm(home), home.care.gp
    done(home, gp, alert, snooze(gp, clock.now() + 25 * MINUTE))
    run(
        "update access.membership set ends_at = %s where party = %s",
        clock.now(),
        gp.person,
    )
    assert alerts.escalate_due(clock.now() + MINUTE).alerts == 1


def test_the_condition_is_shown_and_closes_nothing(home: Home) -> None:
    alarm(home)
    (line,) = seen_by_nurse(home)
    assert (line.cause, line.cleared_at) == (Cause.ABNORMAL, None)
    measured(home, 97, MINUTE)
    (line,) = seen_by_nurse(home)
    assert line.state is State.RAISED
    assert line.cleared_at is not None
    measured(home, 87, 2 * MINUTE)
    (line,) = seen_by_nurse(home)
    assert line.cleared_at is None
    told = [what for (what,) in rows("select what from alerts.alert_event order by id")]
    assert [what for what in told if what in ("cleared", "active_again")] == [
        "cleared",
        "active_again",
    ]


def test_no_alert_is_closed_without_an_outcome_whoever_writes_it(
    home: Home,
) -> None:
    alert, nurse = alarm(home), home.care.nurse
    with pytest.raises(psycopg.errors.CheckViolation, match="closed_with_outcome"):
        run(
            "update alerts.alert set state = 'closed', next_step_at = null, closed_at = now(),"
            " closed_by = %s",
            nurse.person,
        )
    closed = done(home, nurse, alert, Close(by=nurse.person, outcome=Outcome.ADVICE_GIVEN))
    assert closed.line.state is State.CLOSED


def test_every_outcome_is_kept_and_no_other(home: Home) -> None:
    alert, nurse = alarm(home), home.care.nurse
    done(home, nurse, alert, Close(by=nurse.person, outcome=Outcome.GP_CALLED))
    for outcome in Outcome:
        run("update alerts.alert set outcome = %s", outcome.value)
    with pytest.raises(psycopg.errors.CheckViolation, match="outcome_coded"):
        run("update alerts.alert set outcome = 'forgotten'")
