"""Looking back before signing: the patient's own last days, bounded, and nothing is written."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from alerts import prescription_service as prescriptions
from alerts.prescription import Content, Limits
from alerts.replaying_service import compare
from core import clock
from core.access import Permission
from core.doors import acting_as
from core.sqlfile import load_queries
from core.vitals import Vital
from scoring.level import Level
from tests import as_owner
from tests.conftest import Database
from tests.integration.alerts.home import Home, make_home, measure, measure_stretch, opened
from tests.integration.alerts.test_plans import planned, scanned, sequential

NOW = timedelta(0)
DAY = timedelta(days=1)


def contents(home: Home, **limits: Any) -> tuple[Content, Content]:
    ctx = opened(home.care.gp, home.care.patient, Permission.ALERTS_READ)
    live = prescriptions.prescribed(ctx).live
    assert live is not None
    first = msgspec.structs.replace(live.content.parameters[0], limits=Limits(**limits))
    draft = msgspec.structs.replace(live.content, parameters=(first, *live.content.parameters[1:]))
    return draft, live.content


def seen(home: Home) -> Any:
    return opened(home.care.gp, home.care.patient, Permission.VITALS_READ)


def test_the_last_thirty_days_by_the_draft_and_by_the_live_version(database: Database) -> None:
    home = make_home()
    measure(home, [(Vital.SPO2, 94, 20 * DAY), (Vital.SPO2, 91, 10 * DAY), (Vital.SPO2, 97, NOW)])
    measure(home, [(Vital.SPO2, 80, 31 * DAY)])
    before = as_owner.rows("select count(*) from alerts.alert")
    draft, live = contents(home, red_low=90, orange_low=92)
    found = compare(seen(home), draft, live)
    assert found.live.counts() == {("spo2", Level.ORANGE): 1, ("spo2", Level.RED): 1}
    assert found.draft.counts() == {("spo2", Level.ORANGE): 1}
    assert (found.draft.fired[0].value, found.readings, found.cut) == (91, 3, False)
    silent, _ = contents(home, red_low=80, orange_low=85)
    assert compare(seen(home), silent, live).silent
    assert as_owner.rows("select count(*) from alerts.alert") == before


def test_of_what_was_sampled_the_lowest_of_each_minute_is_judged(database: Database) -> None:
    home = make_home()
    now = clock.now()
    minute = now.replace(second=0, microsecond=0) - timedelta(hours=1)
    measure_stretch(home, Vital.SPO2, [96, 96, 90, 96], minute, now)
    as_owner.run(
        "insert into vitals.minute (minute_at, patient_key, vital, low, median, high, count,"
        " quality) values (%s, %s, 1, 90, 96, 96, 4, 0)",
        minute,
        home.key,
    )
    draft, live = contents(home, red_low=90, orange_low=92)
    assert compare(seen(home), draft, live).draft.counts() == {("spo2", Level.RED): 1}


def test_a_look_is_bounded_and_says_from_when_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_home()
    measure(home, [(Vital.SPO2, 91, n * DAY) for n in range(8)])
    for module in ("alerts.store.replaying", "alerts.replaying_service"):
        monkeypatch.setattr(f"{module}.MOST_VALUES", 5)
    draft, live = contents(home, red_low=90, orange_low=92)
    found = compare(seen(home), draft, live)
    assert (found.readings, found.cut) == (5, True)
    assert clock.now() - found.since < 5 * DAY


def test_a_replay_walks_the_patients_own_rows_by_their_index(database: Database) -> None:
    home = make_home()
    as_owner.run(
        "insert into vitals.reading (measured_at, received_at, patient_key, source, value, vital,"
        " quality) select now() - n * interval '10 minutes', now(), %s + k, 1, 95, 1, 0"
        " from generate_series(1, 2000) n, generate_series(0, 29) k",
        home.key,
    )
    as_owner.run("analyze vitals.reading")
    now = clock.now()
    params = {
        "patient": home.care.patient,
        "vitals": [1, 2],
        "since": now - 30 * DAY,
        "until": now,
        "most": 1500,
    }
    with acting_as(seen(home)) as conn:
        plan = planned(conn, load_queries("alerts")["readings_to_replay"], params)
    assert not any("_hyper_" in table for table in sequential(plan)), sequential(plan)
    assert int(plan["Actual Rows"]) == 1500
    assert scanned(plan) < 2 * 2000 + 500
