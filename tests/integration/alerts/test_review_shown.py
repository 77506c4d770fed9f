"""What the team sees of reviews: the queue, a review that does not come, the chart."""

from datetime import timedelta

import psycopg

from alerts import service as alerts
from core import clock
from core.access import Permission
from core.doors import acting_as
from core.vitals import Vital
from identity import service as identity
from scoring.level import Level
from tests.conftest import Database
from tests.integration.alerts.home import (
    Home,
    make_home,
    measure,
    measure_stretch,
    opened,
    seen_by_nurse,
)
from tests.integration.alerts.test_review import HOUR, NOW
from tests.people import make_centre


def test_a_patient_who_cannot_be_judged_is_not_shown_as_well(database: Database) -> None:
    home = make_home()
    now = clock.now()
    measure(home, [(Vital.SPO2, 98, NOW), (Vital.PULSE, 70, NOW)])
    alerts.review(now)
    assert shown(home) == ("green", 0)
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("update alerts.prescription set profile_version = 99")
    measure(home, [(Vital.SPO2, 80, NOW)])
    for minutes in range(3):
        assert alerts.review(now + timedelta(minutes=minutes)).failed == 1
    assert shown(home) == ("unknown", 10)
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("update alerts.prescription set profile_version = 1")
    alerts.review(now + timedelta(hours=1))
    assert shown(home) == ("red", 430)


def shown(home: Home) -> tuple[str, int]:
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    return row.summary.level.code, row.rank


def test_a_review_that_does_not_come_on_is_told_to_the_nurse(database: Database) -> None:
    from dashboard.service import stopped_processes

    home = make_home()
    assert "review" not in stopped_processes()
    measure(home, [(Vital.SPO2, 80, NOW)], now=clock.now() - timedelta(seconds=61))
    assert "review" in stopped_processes()
    alerts.review(clock.now())
    assert "review" not in stopped_processes()


def test_a_centre_that_enters_the_circle_has_the_patient_in_its_queue(database: Database) -> None:
    home = make_home()
    measure(home, [(Vital.SPO2, 80, NOW)])
    alerts.review(clock.now())
    other, nurse = make_centre("Centre du soir")
    assert alerts.queue_page(nurse, 10, 0) == ()
    identity.join_circle(home.care.patient, other, "telemonitoring_centre")
    (row,) = alerts.queue_page(nurse, 10, 0)
    assert (row.patient_id, row.summary.open_red) == (home.care.patient, 1)


def test_a_prescribed_patient_stands_in_the_queue_before_anything_is_measured(
    database: Database,
) -> None:
    home = make_home()
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert (row.patient_id, row.summary.level) == (home.care.patient, Level.UNKNOWN)
    assert alerts.queue_counts(home.care.nurse)[0].patients == 1
    assert alerts.queue_page(home.care.gp, 10, 0) == ()


def test_the_chart_shows_samples_when_short_and_medians_when_long(database: Database) -> None:
    home = make_home()
    now = clock.now()
    measure(home, [(Vital.PULSE, 88, HOUR)], now=now)
    measure_stretch(home, Vital.SPO2, [95, 96, None, 97], now - timedelta(minutes=10), now)
    ctx = opened(home.care.nurse, home.care.patient, Permission.VITALS_READ)
    short = alerts.chart(ctx, now - 2 * HOUR, now)
    assert (short.raw, [point.value for point in short.spo2.points]) == (True, [95, 96, 97])
    assert [point.source for point in short.pulse.points] == ["spot"]
    assert not alerts.chart(ctx, now - 24 * HOUR, now).raw


def test_a_stranger_reads_no_alert(database: Database) -> None:
    home, stranger = make_home(), make_home().care.gp
    measure(home, [(Vital.SPO2, 90, NOW)])
    alerts.review(clock.now())
    (line,) = seen_by_nurse(home)
    assert alerts.find_patient(home.care.gp, line.alert_id) == home.care.patient
    assert alerts.find_patient(stranger, line.alert_id) is None
    with acting_as(stranger, patient=home.care.patient) as conn:
        assert conn.execute("select count(*) from alerts.alert").fetchone() == (0,)
