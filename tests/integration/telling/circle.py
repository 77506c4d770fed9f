"""A circle with people who are told of something, for the tests of that."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from alerts import service as alerts
from alerts.acts import Close
from alerts.outcomes import Outcome
from alerts.views import AlertPage
from coordination import notices_service
from coordination.inclusion import notice_service
from coordination.notices import Line, Occasion
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.vitals import Vital
from identity import service as identity
from messages import service as messages
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure, opened

MINUTE = timedelta(minutes=1)
RED = Line(occasions=frozenset([Occasion.RED]))
MAILS = (
    "select address, template, params from messages.outbox"
    " where template in ('circle_notice', 'record_notice') order by created_at, id"
)


@pytest.fixture
def home(database: Database) -> Home:
    return make_home()


def join(home: Home, name: str, role: str, mail: str) -> UUID:
    person = identity.register_person(name)
    messages.register_contact(person, "email", mail)
    identity.join_circle(home.care.patient, person, role)
    return person


def own(home: Home) -> CareContext:
    return opened(home.care.patient_actor, home.care.patient, Permission.CIRCLE_READ)


def choose(home: Home, name: str, *occasions: Occasion) -> bool:
    (one,) = [each for each in notices_service.told_members(own(home)) if each.name == name]
    return notices_service.choose(
        own(home), one.membership_id, Line(occasions=frozenset(occasions))
    )


def tell(now: datetime) -> int:
    """Do what two duties of the sentinel do."""
    notice_service.note_occasions(now)
    return notice_service.tell(now)


def alarm(home: Home, percent: int = 85) -> None:
    measure(home, [(Vital.SPO2, percent, timedelta(0))], now=clock.now())
    assert alerts.review(clock.now()).alerts == 1


def close(home: Home) -> None:
    nurse = home.care.nurse
    ctx = opened(nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    (line,) = alerts.open_alerts(opened(nurse, home.care.patient, Permission.ALERTS_READ))
    act = Close(by=nurse.person, outcome=Outcome.ADVICE_GIVEN)
    assert isinstance(alerts.act(ctx, line.alert_id, act), AlertPage)
