"""An alert asleep for one person alone: one queue changes, and nobody else's calls."""

from datetime import timedelta
from uuid import UUID

import pytest

from alerts import service as alerts
from alerts.acts import Own
from alerts.alert import SleepReason, State
from alerts.aside import SetAside
from alerts.refusals import RefusalCode, Refused
from alerts.views import AlertPage
from core import clock
from core.access import Permission
from core.doors import Actor
from core.vitals import Vital
from dashboard.service import read_queue
from dashboard.triage import Filters
from identity import service as identity
from identity.people import SignedIn
from scoring.level import Level
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure, opened, seen_by_nurse

MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(database: Database) -> Home:
    return make_home()


def alarm(home: Home, spo2: int) -> UUID:
    measured(home, spo2, timedelta(0))
    return seen_by_nurse(home)[0].alert_id


def measured(home: Home, spo2: int, later: timedelta) -> None:
    now = clock.now() + later
    measure(home, [(Vital.SPO2, spo2, timedelta(0))], now=now)
    alerts.review(now)


def colleague(home: Home) -> Actor:
    person = identity.register_person("Karim Benali")
    post = identity.give_post(person, home.care.centre, "telemonitoring_nurse")
    return Actor(person=person, post=post, session=None)


def put_aside(
    home: Home, actor: Actor, alert: UUID, shown: Level | None = None, by: UUID | None = None
) -> AlertPage | Refused:
    ctx = opened(actor, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    wish = SetAside(
        by=by or actor.person,
        until=clock.now() + 20 * MINUTE,
        reason=SleepReason.VISIT_EXPECTED,
        note="IDEL à 15 h",
    )
    page = alerts.put_aside(ctx, alert, wish, shown=shown)
    assert isinstance(page, AlertPage | Refused)
    return page


def queue_of(actor: Actor, filters: Filters | None = None) -> list[UUID]:
    who = SignedIn(
        session=UUID(int=0),
        person=actor.person,
        post=actor.post,
        role="telemonitoring_nurse",
        organisation=None,
        organisation_name=None,
        name="",
        locale="fr",
        time_zone="Europe/Paris",
        patient_id=None,
        aal="two",
        proved_at=clock.now(),
        training=False,
    )
    return [row.patient_id for row in read_queue(who, filters or Filters(), 0).rows]


def test_one_nurses_queue_changes_and_nothing_else(home: Home) -> None:
    alert, nurse, other = alarm(home, 93), home.care.nurse, colleague(home)
    before = rows("select state, next_step_at, owner, sleep from alerts.alert")
    page = put_aside(home, nurse, alert)
    assert isinstance(page, AlertPage)
    assert page.aside is not None
    assert (page.aside.reason, page.aside.note) == (SleepReason.VISIT_EXPECTED, "IDEL à 15 h")
    assert rows("select state, next_step_at, owner, sleep from alerts.alert") == before
    assert queue_of(nurse) == []
    assert queue_of(nurse, Filters(whose="aside")) == [home.care.patient]
    assert queue_of(other) == [home.care.patient]
    theirs = alerts.alert_page(opened(other, home.care.patient, Permission.ALERTS_READ), alert)
    assert isinstance(theirs, AlertPage)
    assert theirs.aside is None
    assert [(e.what, e.by_name) for e in theirs.events[-1:]] == [("set_aside", "Inès Moreau")]


def test_the_calls_go_on(home: Home) -> None:
    alert, nurse = alarm(home, 93), home.care.nurse
    put_aside(home, nurse, alert)
    due_at = seen_by_nurse(home)[0].next_step_at
    assert due_at is not None
    assert alerts.escalate_due(due_at + MINUTE).alerts == 1


def test_a_worse_value_brings_it_back(home: Home) -> None:
    alert, nurse = alarm(home, 93), home.care.nurse
    put_aside(home, nurse, alert)
    measured(home, 86, MINUTE)
    assert seen_by_nurse(home)[0].level is Level.RED
    assert queue_of(nurse) == [home.care.patient]


def test_it_comes_back_when_asked_and_is_written_once(home: Home) -> None:
    alert, nurse = alarm(home, 93), home.care.nurse
    put_aside(home, nurse, alert)
    ctx = opened(nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    alerts.take_back(ctx, alert)
    page = alerts.take_back(ctx, alert)
    assert isinstance(page, AlertPage)
    assert page.aside is None
    assert queue_of(nurse) == [home.care.patient]
    assert [e.what for e in page.events].count("taken_back") == 1


def test_it_comes_back_when_its_time_is_over(home: Home) -> None:
    alert, nurse = alarm(home, 93), home.care.nurse
    put_aside(home, nurse, alert)
    run("update alerts.aside set at = at - interval '1 hour', until = until - interval '1 hour'")
    assert queue_of(nurse) == [home.care.patient]


def test_a_red_stays_until_a_colleague_has_it(home: Home) -> None:
    alert, nurse, other = alarm(home, 88), home.care.nurse, colleague(home)
    refused = put_aside(home, nurse, alert)
    assert isinstance(refused, Refused)
    assert refused.code is RefusalCode.RED_OF_NOBODY
    ctx = opened(other, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    alerts.act(ctx, alert, Own(by=other.person))
    assert isinstance(put_aside(home, nurse, alert), AlertPage)
    assert queue_of(nurse) == []
    owned_until = seen_by_nurse(home)[0].owned_until
    assert owned_until is not None
    assert alerts.escalate_due(owned_until + MINUTE).alerts == 1
    assert seen_by_nurse(home)[0].state is State.RAISED
    assert queue_of(nurse) == [home.care.patient]


def test_an_alert_known_as_orange_that_is_red_is_refused(home: Home) -> None:
    alert, nurse, other = alarm(home, 93), home.care.nurse, colleague(home)
    measured(home, 86, MINUTE)
    ctx = opened(other, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    alerts.act(ctx, alert, Own(by=other.person))
    refused = put_aside(home, nurse, alert, shown=Level.ORANGE)
    assert isinstance(refused, Refused)
    assert refused.code is RefusalCode.WORSENED


def test_nobody_puts_anything_aside_for_a_colleague(home: Home) -> None:
    alert, nurse, other = alarm(home, 93), home.care.nurse, colleague(home)
    put_aside(home, nurse, alert, by=other.person)
    assert queue_of(other) == [home.care.patient]
    assert queue_of(nurse) == []
    assert rows("select person from alerts.aside") == [(nurse.person,)]


def test_a_stay_that_ended_shows_nothing_and_loses_nothing(home: Home) -> None:
    alert, nurse = alarm(home, 93), home.care.nurse
    put_aside(home, nurse, alert)
    run("update access.post set ends_at = %s where person = %s", clock.now(), nurse.person)
    assert alerts.asides_of(nurse) == ()
    assert rows("select count(*) from alerts.aside") == [(1,)]
