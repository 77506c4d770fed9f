"""The review on a real database: what comes in is judged once, and what follows is one whole."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from alerts import review_service
from alerts import service as alerts
from alerts.profile import Override
from alerts.wording import evidence_sentence
from core import clock
from core.access import Permission
from core.vitals import Quality, Vital
from questionnaires import answers_service
from questionnaires.answered import Source
from questionnaires.service import daily
from scoring.home_state import MissingWhy
from scoring.item import Bound, Limit
from scoring.level import Level
from tests import as_owner
from tests.conftest import Database
from tests.integration.alerts.home import (
    Home,
    due_left,
    key_of,
    make_home,
    measure,
    measure_stretch,
    opened,
    rows,
    seen_by_nurse,
)
from tests.people import make_care, make_patient

NOW = timedelta(0)
HOUR = timedelta(hours=1)


def test_a_red_value_raises_one_alert_with_its_evidence_and_calls_the_nurse(
    database: Database,
) -> None:
    home = make_home()
    measure(home, [(Vital.SPO2, 91, NOW), (Vital.PULSE, 96, NOW)])
    assert alerts.review(clock.now()) == alerts.Reviewed(patients=1, alerts=1, failed=0)
    (line,) = seen_by_nurse(home)
    assert (line.item, line.level, line.late) == ("spo2", Level.RED, False)
    said = evidence_sentence(line.reason.evidence, "fr")
    assert said == "SpO₂ (saturation) : 91 % (rouge : 92 % ou moins)"
    keys = rows("select key, recipient, state, params from messages.outbox")
    nurse = home.care.nurse.person
    key = f"{line.alert_id}:1:1:{nurse}:email"
    ((*told, params),) = keys
    assert told == [key, nurse, "waiting"]
    assert params.pop("link").startswith("sealed:")
    assert params == {"alert_id": str(line.alert_id)}
    assert due_left() == 0


def test_one_red_sample_inside_a_batch_alarms_though_the_next_is_fine(database: Database) -> None:
    home = make_home()
    now = clock.now()
    start = now - timedelta(seconds=60)
    measure_stretch(home, Vital.SPO2, [96, 96, None, 90, 97, 96], start, now)
    alerts.review(now)
    (line,) = seen_by_nurse(home)
    assert (line.level, line.reason.evidence.value) == (Level.RED, 90)
    assert line.reason.evidence.measured_at == start + timedelta(seconds=3)


def test_the_next_reviews_add_evidence_and_worsening_calls_again(database: Database) -> None:
    home = make_home()
    for value in (94, 94, 91, 90):
        measure(home, [(Vital.SPO2, value, NOW)])
        alerts.review(clock.now())
    (line,) = seen_by_nurse(home)
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    page = alerts.alert_page(ctx, line.alert_id)
    assert not isinstance(page, alerts.NotFound)
    parts = [(entry.part, entry.evidence.value) for entry in page.evidence]
    frozen = [("first", 94), ("worst", 94), ("last", 94)]
    assert parts == [*frozen, ("worsened", 91), ("last_seen", 90)]
    assert line.level is Level.RED
    assert [event.what for event in page.events] == ["raised", "called", "worsened", "called"]
    keys = [key for (key,) in rows("select key from messages.outbox order by key")]
    assert [str(key).split(":")[1] for key in keys] == ["1", "2"]


def test_the_home_state_names_its_items_and_what_is_missing(database: Database) -> None:
    home = make_home()
    measure(home, [(Vital.SPO2, 97, HOUR), (Vital.TEMPERATURE, 39.2, HOUR)])
    alerts.review(clock.now())
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert row.summary.level is Level.ORANGE
    assert [finding.item for finding in row.summary.items][:2] == ["temperature", "spo2"]
    assert {m.item for m in row.summary.missing if m.why is MissingWhy.NEVER} >= {"pulse"}
    assert {value.vital: value.value for value in row.summary.latest}[Vital.SPO2] == 97
    assert row.summary.news2.total is None
    assert "consciousness" in row.summary.news2.missing
    assert [alert.item for alert in row.alerts] == ["temperature"]


def test_of_a_child_no_news2_is_said_to_be_incomplete(database: Database) -> None:
    """It does not apply: whoever reads what is missing would measure it."""
    home, fifteen = make_home(), clock.now() - timedelta(days=15 * 365)
    birth = "update identity.patient set birth_date = %s where patient_id = %s"
    as_owner.run(birth, fifteen.date(), home.care.patient)
    measure(home, [(Vital.SPO2, 97, HOUR), (Vital.TEMPERATURE, 39.2, HOUR)])
    assert alerts.review(clock.now()).failed == 0
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert (row.summary.news2.total, row.summary.news2.missing) == (None, ())
    assert row.summary.news2.refused not in (None, "incomplete")
    assert row.summary.level is Level.ORANGE


def test_a_value_from_the_future_is_never_the_latest(database: Database) -> None:
    home = make_home()
    measure(home, [(Vital.SPO2, 97, HOUR)])
    measure(home, [(Vital.SPO2, 99, -timedelta(days=3))])
    alerts.review(clock.now())
    summary = alerts.patient_summary(
        opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    )
    assert summary is not None
    assert [value.value for value in summary.latest] == [97]
    measure(home, [(Vital.SPO2, 90, NOW)])
    alerts.review(clock.now())
    assert [line.level for line in seen_by_nurse(home)] == [Level.RED]


def test_an_invalid_value_is_set_aside_and_does_not_reassure(database: Database) -> None:
    home = make_home()
    measure(home, [(Vital.SPO2, 97, NOW)], quality=Quality.INVALID)
    alerts.review(clock.now())
    (row,) = alerts.queue_page(home.care.nurse, 10, 0)
    assert row.summary.level is Level.UNKNOWN
    assert [doubtful.item for doubtful in row.summary.doubtful] == ["spo2"]


def test_without_a_prescription_nothing_is_judged_and_nothing_is_lost(database: Database) -> None:
    home = make_home()
    other = make_patient("Petit", "Louis")
    unwatched = Home(home.care, int(str(rows("select max(key) from access.patient")[0][0])))
    measure(unwatched, [(Vital.SPO2, 80, NOW)])
    alerts.review(clock.now())
    assert due_left() == 0
    assert rows("select level from alerts.patient_summary where patient_id = %s", [other]) == [
        ("unknown",)
    ]
    assert rows("select count(*) from doorway.review_reading") == [(1,)]
    assert rows("select count(*) from alerts.alert") == [(0,)]


def test_four_reviewers_at_once_raise_each_alert_once(database: Database) -> None:
    homes = [make_home() for _ in range(12)]
    for home in homes:
        for value in (91, 90, 89):
            measure(home, [(Vital.SPO2, value, NOW), (Vital.PULSE, 135, NOW)])
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: alerts.review(clock.now()), range(4)))
    assert sum(each.patients for each in done) == len(homes)
    assert sum(each.alerts for each in done) == 2 * len(homes)
    assert rows("select count(*), count(distinct (patient_id, item)) from alerts.alert") == [
        (2 * len(homes), 2 * len(homes))
    ]
    assert due_left() == 0


def test_a_patient_who_cannot_be_judged_stops_nobody_and_is_not_forgotten(
    database: Database,
) -> None:
    broken, fine = make_home(), make_home()
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute(
            "update alerts.prescription set profile_version = 99 where patient_id = %s",
            [broken.care.patient],
        )
    for home in (broken, fine):
        measure(home, [(Vital.SPO2, 90, NOW)])
    assert alerts.review(clock.now()) == alerts.Reviewed(patients=1, alerts=1, failed=1)
    assert due_left() == 1
    (failing,) = alerts.failing_work()
    assert (failing.work, failing.failures, failing.error) == ("review", 1, "FileNotFoundError")
    assert alerts.review(clock.now()).failed == 0
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("update alerts.prescription set profile_version = 1")
    assert alerts.review(clock.now() + timedelta(seconds=2)).alerts == 1
    assert alerts.failing_work() == []
    assert due_left() == 0


def test_a_long_pass_ends_between_two_patients_and_the_next_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_service, "LONGEST_PASS_SECONDS", 0.0)
    for home in (make_home(), make_home()):
        measure(home, [(Vital.SPO2, 80, NOW)])
    assert [alerts.review(clock.now()).patients for _ in range(3)] == [1, 1, 0]


@pytest.mark.promise("R3")
def test_what_came_before_the_first_prescription_is_judged_by_it(database: Database) -> None:
    care = make_care()
    home = Home(care, key_of(care.patient))
    now = clock.now()
    measure(home, [(Vital.PULSE, 70, NOW)])
    measure_stretch(home, Vital.SPO2, [97, 80, 97], now - HOUR, now)
    assert alerts.review(clock.now()).alerts == 0
    alerts.prescribe(care.patient, "covid-home", "home-two-rungs", care.gp.person)
    assert alerts.review(clock.now()).alerts == 1
    assert [(line.item, line.level) for line in seen_by_nurse(home)] == [("spo2", Level.RED)]
    alerts.prescribe(care.patient, "covid-home", "home-two-rungs", care.gp.person)
    assert due_left() == 0


def test_a_worried_answer_alarms(database: Database) -> None:

    home = make_home()
    edition = daily()
    given = {item.link_id: "no" for item in edition.flat() if item.options}
    given |= {"dyspnoea": "rest", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}
    ctx = opened(home.care.patient_actor, home.care.patient, Permission.ANSWERS_WRITE)
    stored = answers_service.submit(
        ctx,
        edition.digest,
        given,
        key="k1",
        source=Source.PATIENT,
        answered_at=clock.now(),
    )
    assert isinstance(stored, answers_service.Stored), stored
    alerts.review(clock.now())
    assert [(line.item, line.level) for line in seen_by_nurse(home)] == [("dyspnoea", Level.RED)]


def test_a_patients_own_limits_are_those_he_is_judged_by(database: Database) -> None:
    home = make_home()
    gp = home.care.gp.person
    own = Override(
        item="spo2",
        limits=(Limit(level=Level.RED, bound=Bound.AT_MOST, value=85, source="COPD"),),
        essential=None,
        usual=90.0,
        author=gp,
        at=clock.now(),
        reason="COPD, target 88 to 92 %",
    )
    alerts.prescribe(home.care.patient, "covid-home", "home-two-rungs", gp, overrides=[own])
    measure(home, [(Vital.SPO2, 89, NOW)])
    assert alerts.review(clock.now()).alerts == 0
    measure(home, [(Vital.SPO2, 85, NOW)])
    assert alerts.review(clock.now()).alerts == 1
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    profile = alerts.watching_profile(ctx)
    assert profile is not None
    assert profile.overrides == (own,)
