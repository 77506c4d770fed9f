"""What alerts were worth, on the real database and under the eyes of who asks."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from alerts import service as alerts
from alerts.acts import Close, Own
from alerts.outcomes import Outcome
from alerts.precision import Group
from alerts.precision_service import PeriodRefused, Weighed
from alerts.views import AlertPage
from core import clock
from core.access import Permission
from core.doors import Actor
from core.vitals import Vital
from identity import service as identity
from tests.as_owner import run
from tests.conftest import Database
from tests.days import day_in_france
from tests.integration.alerts.home import Home, make_home, measure, opened, seen_by_nurse

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def home(database: Database) -> Home:
    return make_home()


def alarm(home: Home, vital: Vital = Vital.SPO2, value: float = 88) -> UUID:
    measure(home, [(vital, value, timedelta(0))])
    alerts.review(clock.now())
    return seen_by_nurse(home)[0].alert_id


def close(home: Home, alert: UUID, outcome: Outcome) -> None:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    by = home.care.nurse.person
    assert isinstance(alerts.act(ctx, alert, Own(by=by)), AlertPage)
    assert isinstance(alerts.act(ctx, alert, Close(by=by, outcome=outcome)), AlertPage)


def weighed(actor: Actor, group: Group = Group.RULE, first: date | None = None) -> Weighed:
    today = day_in_france()
    found = alerts.precision(actor, first or today, today, PARIS, group)
    assert isinstance(found, Weighed)
    return found


def test_an_alert_from_its_raising_to_its_outcome(home: Home) -> None:
    before = weighed(home.care.nurse)
    assert (before.whole.alerts, before.whole.ppv, before.loads) == (0, None, ())
    alert = alarm(home)
    found = weighed(home.care.nurse)
    assert (found.whole.alerts, found.whole.open, found.whole.to_answer) == (1, 1, None)
    close(home, alert, Outcome.HOSPITALISED)
    found = weighed(home.care.nurse)
    assert (found.whole.alerts, found.whole.open, found.whole.useful, found.whole.red) == (
        1,
        0,
        1,
        1,
    )
    assert found.whole.to_answer is not None
    assert [(line.key, line.alerts) for line in found.lines] == [("spo2", 1)]
    assert [load.closed for load in found.loads] == [1]
    by_patient = weighed(home.care.nurse, Group.PATIENT)
    assert [line.key for line in by_patient.lines] == [str(home.care.patient)]
    assert 0 < by_patient.lines[0].patient_days < 1
    by_programme = weighed(home.care.nurse, Group.PROGRAMME)
    assert [(line.key, line.alerts) for line in by_programme.lines] == [("covid-home", 1)]


def test_only_the_organisation_that_followed_counts_it(home: Home) -> None:
    alarm(home)
    elsewhere = identity.register_organisation("Centre d'à côté")
    person = identity.register_person("Karim Benali")
    post = identity.give_post(person, elsewhere, "telemonitoring_nurse")
    stranger = Actor(person=person, post=post, session=None)
    assert weighed(stranger).whole.alerts == 0
    assert weighed(stranger).whole.patient_days == 0
    gp = weighed(home.care.gp)
    assert (gp.whole.alerts, gp.whole.patient_days) == (0, 0)


def test_what_was_raised_before_the_organisation_came_is_not_its_own(home: Home) -> None:
    alarm(home)
    run("update alerts.alert set raised_at = raised_at - interval '3 days'")
    first = day_in_france() - timedelta(days=5)
    assert weighed(home.care.nurse, first=first).whole.alerts == 0
    run("update access.membership set starts_at = starts_at - interval '9 days'")
    run("update alerts.prescription set starts_at = starts_at - interval '9 days'")
    found = weighed(home.care.nurse, first=first).whole
    assert found.alerts == 1
    assert 5 < found.patient_days < 6.1


def test_a_period_that_ends_before_it_begins_or_lasts_for_ever_is_refused(home: Home) -> None:
    today = day_in_france()
    for first, last in ((today, today - timedelta(days=1)), (today - timedelta(days=400), today)):
        found = alerts.precision(home.care.nurse, first, last, PARIS, Group.RULE)
        assert isinstance(found, PeriodRefused)
