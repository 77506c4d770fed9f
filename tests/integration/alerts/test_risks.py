"""The model is asked about whom a review named: a line each, anew for late data."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from typer.testing import CliRunner

from alerts import model_service, tasks
from alerts import service as alerts
from alerts.model_service import promote, roll_back
from alerts.risk_service import SPACING, ask_due
from app.cli import app
from core import clock
from core.vitals import Quality, Vital
from scoring.edge.model_file import SHIPPED
from tests import as_owner
from tests.conftest import Database
from tests.integration.alerts.home import make_home, measure, rows, seen_by_nurse
from tests.integration.alerts.risk_lines import HOUR, UNWELL, lines_of, queue_left, reviewed


@pytest.fixture
def model(database: Database) -> Database:
    """A database in which the shipped model is in use."""
    assert promote(SHIPPED, "for tests of the lines") == "ward-1"
    return database


def test_a_review_names_whom_to_ask_and_the_answer_is_a_line(model: Database) -> None:
    home, now = make_home(), clock.now()
    reviewed(home, UNWELL, now)
    assert ask_due(now) == 1
    (line,) = lines_of(home)
    assert line.version == "ward-1"
    assert line.asked_at == now
    assert (line.window_from, line.window_until) == (now - 72 * HOUR, now)
    assert line.risk is not None
    assert line.band in ("raised", "high")
    assert line.level == "red"
    assert {one["vital"] for one in line.reasons} <= {"spo2", "pulse"}
    assert line.inputs["spo2"] == {"count": 2, "value": 91.0, "at": now.isoformat()}
    assert (line.inputs["age"], line.inputs["male"], line.inputs["oxygen"]) == (75, False, None)
    assert "respiratory_rate" in line.missing
    assert line.missing[-1] == "supplemental_oxygen"
    assert queue_left() == 0
    assert ask_due(now) == 0


def test_late_data_ask_again_about_the_instants_they_fall_into(model: Database) -> None:
    """Both lines are kept and the one noted last counts; an instant before the data is let be."""
    home, now = make_home(), clock.now()
    reviewed(home, UNWELL, now - 10 * HOUR)
    reviewed(home, UNWELL[:2], now - 2 * HOUR)
    assert ask_due(now - 2 * HOUR) == 1, "two that waited: the newest is asked about"
    reviewed(home, UNWELL[:2], now - HOUR)
    assert ask_due(now - HOUR) == 1
    before = lines_of(home)
    assert [line.asked_at for line in before] == [now - HOUR, now - 2 * HOUR]
    reviewed(home, ((Vital.SPO2, 84, 90 * timedelta(minutes=1)),), now)
    assert ask_due(now) == 2
    after = lines_of(home)
    assert [line.asked_at for line in after] == [now, now - HOUR, now - 2 * HOUR]
    assert after[2] == before[1]
    assert after[1].noted_at > before[0].noted_at
    assert after[1].inputs["spo2"]["count"] == before[0].inputs["spo2"]["count"] + 1
    assert after[1].level == before[0].level
    everything = "select count(*) from alerts.risk where asked_at = %s"
    assert rows(everything, [now - HOUR]) == [(2,)]


def test_readings_that_follow_each_other_fill_no_table(model: Database) -> None:
    home, now = make_home(), clock.now()
    for seconds in range(0, 50, 10):
        at = now + timedelta(seconds=seconds)
        reviewed(home, UNWELL[:2], at)
        ask_due(at)
    assert [line.asked_at for line in lines_of(home)] == [now]
    assert ask_due(now + SPACING) == 1
    assert lines_of(home)[0].asked_at == now + timedelta(seconds=40)


@pytest.mark.parametrize("lacking", [Vital.SPO2, Vital.PULSE])
def test_a_line_says_why_the_model_says_nothing(model: Database, lacking: Vital) -> None:
    home, now = make_home(), clock.now()
    reviewed(home, tuple(one for one in UNWELL if one[0] is not lacking), now)
    assert ask_due(now) == 1
    (line,) = lines_of(home)
    assert (line.risk, line.band, line.silence) == (None, None, "missing")
    assert line.missing == [lacking.name.lower(), "supplemental_oxygen"]


def test_of_a_child_the_model_says_nothing(model: Database) -> None:
    home, now = make_home(), clock.now()
    as_owner.run(
        "update identity.patient set birth_date = %s where patient_id = %s",
        (now - 15 * 365 * 24 * HOUR).date(),
        home.care.patient,
    )
    reviewed(home, UNWELL, now)
    assert ask_due(now) == 1
    assert lines_of(home)[0].silence == "too_young"


def test_what_a_device_doubts_is_not_given_to_the_model(model: Database) -> None:
    home, now = make_home(), clock.now()
    measure(home, UNWELL[:1], quality=Quality.QUESTIONABLE, now=now)
    reviewed(home, UNWELL[1:], now)
    ask_due(now)
    assert lines_of(home)[0].inputs["spo2"]["value"] == 95


def test_oxygen_is_what_was_answered_and_sampled_minutes_count(model: Database) -> None:
    home, now = make_home(), clock.now()
    reviewed(home, UNWELL[:2], now)
    as_owner.run(
        "insert into vitals.minute (minute_at, patient_key, vital, low, median, high, count,"
        " quality) values (%s, %s, 1, 88, 93, 96, 60, 0)",
        now - HOUR,
        home.key,
    )
    answer = "00000000-0000-4000-8000-000000000001"
    as_owner.run(
        "insert into questionnaires.answer (id, patient_id, instrument, version, answers,"
        " answered_at, received_at, entered_by, client_key)"
        " values (%s, %s, 'x', 1, '{}', %s, %s, %s, 'k')",
        *(answer, home.care.patient, now, now, home.care.patient),
    )
    as_owner.run(
        "insert into questionnaires.observation (id, patient_id, answer_id, link_id, loinc, value,"
        " observed_at) values (gen_random_uuid(), %s, %s, 'oxygen_flow', '3151-8', 2, %s)",
        *(home.care.patient, answer, now - 20 * HOUR),
    )
    ask_due(now)
    (line,) = lines_of(home)
    assert line.inputs["oxygen"] is True
    assert line.inputs["spo2"]["count"] == 2
    assert "supplemental_oxygen" not in line.missing


@pytest.mark.parametrize("scale", [1, 2])
def test_nobody_on_scale_two_is_told_that_more_saturation_would_do(
    model: Database, scale: int
) -> None:
    home, now = make_home(), clock.now()
    as_owner.run("update alerts.prescription set spo2_scale = %s", scale)
    reviewed(home, ((Vital.SPO2, 90, timedelta(0)), (Vital.PULSE, 72, timedelta(0))), now)
    assert ask_due(now) == 1
    (line,) = lines_of(home)
    assert line.band in ("raised", "high")
    assert (line.instead is not None and line.instead["vital"] == "spo2") == (scale == 1)


def test_without_a_model_in_use_nobody_is_asked_about(database: Database) -> None:
    home, now = make_home(), clock.now()
    reviewed(home, UNWELL, now)
    assert queue_left() == 0
    promote(SHIPPED, "for this test")
    reviewed(home, UNWELL, now + HOUR)
    assert queue_left() == 2
    roll_back("for this test")
    assert ask_due(now + HOUR) == 0
    assert (queue_left(), lines_of(home)) == (0, [])


def test_a_model_that_cannot_be_read_says_nothing_and_the_rules_go_on(
    model: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    as_owner.run("update alerts.model set file = '\\x00'")
    model_service._heads.cache_clear()
    home, now = make_home(), clock.now()
    reviewed(home, UNWELL, now)
    assert ask_due(now) == 0
    assert lines_of(home) == []
    assert queue_left() == 0
    assert "model_unreadable" in capsys.readouterr().out
    assert [line.level.code for line in seen_by_nurse(home)] != []


def locked(conn: psycopg.Connection[tuple[object, ...]]) -> None:
    conn.execute("lock table alerts.risk_due in access exclusive mode")


def locked_lines(conn: psycopg.Connection[tuple[object, ...]]) -> None:
    conn.execute("lock table alerts.risk in access exclusive mode")


def forbidden(conn: psycopg.Connection[tuple[object, ...]]) -> None:
    conn.execute("revoke insert on alerts.risk_due from chevet_worker")
    conn.commit()


def gone(conn: psycopg.Connection[tuple[object, ...]]) -> None:
    conn.execute("alter table alerts.risk_due rename to risk_gone")
    conn.commit()


@pytest.mark.parametrize("harm", [locked, locked_lines, forbidden, gone])
def test_no_trouble_of_the_queue_takes_a_review_back(
    model: Database, harm: Callable[[psycopg.Connection[tuple[object, ...]]], None]
) -> None:
    """The review ends while the lock is still held: it has not waited for it."""
    home, now = make_home(), clock.now()
    measure(home, UNWELL, now=now)
    with psycopg.connect(model.dsn("OWNER")) as conn:
        harm(conn)
        assert alerts.review(now) == alerts.Reviewed(patients=1, alerts=2, failed=0)
        conn.rollback()
    assert len(seen_by_nurse(home)) == 2
    assert rows("select 1 from core.due") == []


def test_many_who_ask_at_once_add_one_line_each(model: Database) -> None:
    homes, now = [make_home(nurse=False, gp=False) for _ in range(6)], clock.now()
    for home in homes:
        measure(home, UNWELL, now=now)
    alerts.review(now)
    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(lambda _: ask_due(now), range(3))) == 6
    assert rows("select count(*), count(distinct patient_id) from alerts.risk") == [(6, 6)]


def test_the_worker_and_the_operator_ask_the_same(model: Database) -> None:
    home, now = make_home(), clock.now()
    reviewed(home, UNWELL, now - HOUR)
    assert tasks.ask_risks() == 1
    reviewed(home, UNWELL[:2], now)
    assert CliRunner().invoke(app, ["model", "ask"]).stdout == "1 lines\n"
    assert len(lines_of(home)) == 2
