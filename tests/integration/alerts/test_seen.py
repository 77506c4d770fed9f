"""Many calm patients seen at once: each as he was shown, each by himself in the trail."""

from datetime import timedelta
from uuid import UUID

import pytest

from alerts import seeing_service as seeing
from alerts import service as alerts
from alerts.seeing_service import Seen
from alerts.views import QueueRow
from core import clock
from core.vitals import Vital
from tests.as_owner import rows
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure
from tests.integration.alerts.on_duty.told import make_home_like
from tests.integration.plans.test_silence import answer
from tests.people import make_centre

MINUTE = timedelta(minutes=1)
CALM = [
    (Vital.SPO2, 97.0, MINUTE),
    (Vital.PULSE, 72.0, MINUTE),
    (Vital.RESPIRATORY_RATE, 16.0, MINUTE),
    (Vital.TEMPERATURE, 36.8, MINUTE),
]


@pytest.fixture
def home(database: Database) -> Home:
    home = make_home()
    measure(home, CALM)
    alerts.review(clock.now())
    return home


def row_of(home: Home) -> QueueRow:
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    return row


def one_row(home: Home, whose: Home) -> QueueRow:
    """The row of one of the patients of a home's centre."""
    found = alerts.queue_page(home.care.nurse, 10, 0)
    return next(row for row in found if row.patient_id == whose.care.patient)


def reads() -> list[tuple[object, ...]]:
    """Return who read the answers of whom, by the audit trail."""
    return rows(
        "select person, patient_id from audit.event where permission = 'answers:read'"
        " and outcome = 'success' order by id"
    )


def see(home: Home, row: QueueRow) -> Seen:
    return seeing.see_calm(home.care.nurse, {row.patient_id: row.summary.judged_at})


def test_a_calm_patient_is_noted_as_seen_with_a_trace_of_his_own(home: Home) -> None:
    row = row_of(home)
    assert (row.is_calm, row.seen_at, row.seen_by) == (True, None, None)
    assert see(home, row) == Seen(done=1, changed=0)
    assert row_of(home).seen_by == "Inès Moreau"
    assert reads() == [(home.care.nurse.person, home.care.patient)]


def test_whoever_was_not_shown_is_not_seen_however_calm_he_is(home: Home) -> None:
    other = make_home_like(home)
    measure(other, CALM)
    alerts.review(clock.now())
    shown, hidden = (one_row(home, whose) for whose in (home, other))
    assert (shown.is_calm, hidden.is_calm) == (True, True)
    assert see(home, shown) == Seen(done=1, changed=0)
    assert one_row(home, home).seen_by == "Inès Moreau"
    assert one_row(home, other).seen_at is None
    assert reads() == [(home.care.nurse.person, home.care.patient)]


def test_what_came_since_he_was_shown_is_not_seen(home: Home) -> None:
    shown = row_of(home)
    measure(home, [(Vital.PULSE, 74.0, MINUTE / 2)])
    alerts.review(clock.now())
    assert see(home, shown) == Seen(done=0, changed=1)
    assert row_of(home).seen_at is None
    assert reads() == []


def test_an_answer_nobody_has_judged_yet_is_not_seen_with_what_was_shown(home: Home) -> None:
    shown = row_of(home)
    answer(home.care, clock.now())
    assert see(home, shown) == Seen(done=0, changed=1)
    assert row_of(home).seen_at is None
    assert reads() == []


def test_a_review_that_comes_later_makes_him_unseen(home: Home) -> None:
    see(home, row_of(home))
    measure(home, [(Vital.PULSE, 74.0, MINUTE / 2)])
    alerts.review(clock.now())
    assert row_of(home).seen_at is None


def test_nobody_who_is_not_calm_is_seen_among_others(home: Home) -> None:
    measure(home, [(Vital.SPO2, 90.0, MINUTE / 2)])
    alerts.review(clock.now())
    assert not row_of(home).is_calm
    assert see(home, row_of(home)) == Seen(done=0, changed=1)
    assert reads() == []


def test_a_stranger_sees_nobody(home: Home) -> None:
    row = row_of(home)
    _, stranger = make_centre("Autre centre")
    found = seeing.see_calm(stranger, {row.patient_id: row.summary.judged_at})
    assert found == Seen(done=0, changed=1)
    assert row_of(home).seen_at is None
    nobody = seeing.see_calm(home.care.nurse, {UUID(int=1): row.summary.judged_at})
    assert nobody == Seen(done=0, changed=1)
