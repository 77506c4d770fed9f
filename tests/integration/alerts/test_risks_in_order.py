"""Whom and what the model is asked about first, and which line counts."""

from datetime import timedelta

import pytest

from alerts.model_service import promote, roll_back
from alerts.risk_service import ask_due
from core import clock
from core.vitals import Vital
from scoring.edge.model_file import SHIPPED
from tests import as_owner
from tests.conftest import Database
from tests.integration.alerts.home import make_home, measure, rows
from tests.integration.alerts.risk_lines import HOUR, UNWELL, lines_of, queue_left, reviewed

_LATEST = """
explain (analyze, costs off, timing off, summary off)
select r.asked_at from unnest(array[%s]::uuid[]) as one (id)
cross join lateral (
    select * from alerts.risk l
    where l.patient_id = one.id and l.run_id is null
    order by l.asked_at desc, l.noted_at desc
    limit 1
) r
"""
"""As `alerts.latest_risk` asks."""


@pytest.fixture
def model(database: Database) -> Database:
    """A database in which the shipped model is in use."""
    assert promote(SHIPPED, "for tests of the lines") == "ward-1"
    return database


def test_what_comes_late_by_a_little_more_than_a_line_counts_in_it(model: Database) -> None:
    """How late it is goes by when it came, not by how near its instant is to the line."""
    home, now = make_home(), clock.now()
    began = now - HOUR / 2
    reviewed(home, UNWELL, began)
    assert ask_due(began) == 1
    reviewed(home, ((Vital.SPO2, 84, HOUR / 2 + timedelta(seconds=20)),), now)
    assert ask_due(now) == 2
    assert [line.inputs["spo2"]["count"] for line in lines_of(home)] == [3, 3]


def test_a_reading_stamped_ahead_hides_nothing_that_comes_before_it(model: Database) -> None:
    home, now = make_home(), clock.now()
    minute = timedelta(minutes=1)
    reviewed(home, (*UNWELL, (Vital.SPO2, 96, -4 * minute)), now)
    assert ask_due(now) == 1
    reviewed(home, ((Vital.SPO2, 85, timedelta(0)),), now + 2 * minute)
    assert ask_due(now + 2 * minute) == 1
    assert [line.inputs["spo2"]["value"] for line in lines_of(home)] == [85, 91]
    assert ask_due(now + 4 * minute) == 1
    assert lines_of(home)[0].asked_at == now + 4 * minute
    assert lines_of(home)[0].inputs["spo2"]["value"] == 96
    assert queue_left() == 0


def test_what_is_new_of_anybody_comes_before_what_is_late(model: Database) -> None:
    late, live, now = make_home(), make_home(nurse=False, gp=False), clock.now()
    reviewed(late, UNWELL, now - HOUR)
    assert ask_due(now - HOUR) == 1
    measure(late, ((Vital.SPO2, 84, 2 * HOUR),), now=now)
    reviewed(live, UNWELL, now)
    assert ask_due(now) == 3
    noted = rows("select asked_at from alerts.risk order by noted_at, id")
    assert noted == [(now - HOUR,), (now,), (now,), (now - HOUR,)]


def test_whoever_is_watched_is_asked_about_when_a_model_comes_into_use(database: Database) -> None:
    """No review comes in between; not of the dead, nor of whose watch has ended."""
    home, dead, over = make_home(), *(make_home(nurse=False, gp=False) for _ in range(2))
    now = clock.now()
    reviewed(home, UNWELL, now)
    as_owner.run(
        "update access.patient set died_on = %s, death_noted_at = %s where id = %s",
        *(now.date(), now, dead.care.patient),
    )
    as_owner.run(
        "update alerts.prescription set ends_at = %s where patient_id = %s",
        *(now, over.care.patient),
    )
    assert promote(SHIPPED, "for this test") == "ward-1"
    assert rows("select patient_key from alerts.risk_due") == [(home.key,)]
    assert ask_due(clock.now()) == 1
    assert lines_of(home)[0].risk is not None
    assert roll_back("for this test") == "rules"
    assert queue_left() == 0


def test_the_latest_line_is_found_by_the_index_in_the_newest_chunk(model: Database) -> None:
    """Of half a year of hourly lines, the query the product asks."""
    home = make_home(nurse=False, gp=False)
    as_owner.run(
        "insert into alerts.risk (id, patient_id, asked_at, noted_at, version, window_from,"
        " window_until, inputs, silence) select gen_random_uuid(), %s, at, at, 'ward-1', at, at,"
        " '{}', 'missing' from generate_series(now() - interval '180 days', now(), '1 hour') at",
        home.care.patient,
    )
    as_owner.run("analyze alerts.risk")
    plan = "\n".join(str(row[0]) for row in rows(_LATEST, [home.care.patient]))
    scans = [one for one in plan.splitlines() if "_hyper_" in one]
    assert len(scans) >= 6, plan
    assert len([one for one in scans if "never executed" not in one]) == 1, plan
    assert all("risk_of_patient" in one for one in scans), plan
