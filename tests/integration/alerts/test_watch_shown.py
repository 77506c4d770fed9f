"""What is told of a look: to monitoring, the doctor, the operator by hand, and a nurse."""

from datetime import timedelta
from math import isnan

import pytest
from prometheus_client import REGISTRY
from typer.testing import CliRunner

from alerts.looks import LookRow
from alerts.model_page_service import model_state
from alerts.watch_service import watch
from app.cli import app
from app.doctor import model_findings
from app.model_gauges import show_model
from core import clock
from dashboard.layouts.model import model_page
from dashboard.layouts.model_words import csv_lines
from dashboard.reader import Reader
from tests import as_owner
from tests.conftest import Database
from tests.integration.alerts.home import make_home
from tests.integration.alerts.model_people import (
    VERSION,
    move_in,
    put_into_use,
    struck_more,
    usual,
)

HOUR = timedelta(hours=1)


def figure(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"chevet_model_{name}", labels)


def said() -> list[tuple[str, bool]]:
    return [(one.found, one.well) for one in model_findings()]


def test_monitoring_and_the_doctor_know_of_the_newest_look(database: Database) -> None:
    now = clock.now()
    show_model(now)
    assert figure("in_use") == 0
    assert isnan(figure("last_look_seconds") or 0)
    assert said() == [("none in use: the rules speak alone", True)]
    put_into_use(usual(), now - 13 * HOUR)
    show_model(now)
    assert figure("in_use") == 1
    assert figure("last_look_seconds") == pytest.approx(13 * 3600, abs=1)
    assert said() == [(f"{VERSION}, in use for 13 h, nobody has looked since", False)]
    as_owner.run("update alerts.model_turn set at = at - interval '40 days'")
    move_in(struck_more(usual(), 48), now)
    assert isinstance(watch(now), LookRow)
    show_model(now + HOUR)
    assert figure("last_look_seconds") == pytest.approx(3600, abs=1)
    assert figure("out_of_range") == 0
    assert figure("look_lines") == 240
    assert figure("calibration_ratio") == pytest.approx(1, abs=0.1)
    assert figure("psi", input="pulse") == pytest.approx(0, abs=1e-6)
    assert said() == [(f"{VERSION}, looked at 0 h ago: in_range", True)]


def test_by_hand_it_ends_with_another_status_when_the_model_was_taken_back(
    database: Database,
) -> None:
    run = CliRunner().invoke(app, ["model", "watch"])
    assert (run.exit_code, run.stdout) == (0, "No model is in use: the rules speak alone.\n")
    now = clock.now()
    put_into_use(usual(), now - timedelta(days=40))
    move_in(struck_more(usual(), 110), now)
    run = CliRunner().invoke(app, ["model", "watch"])
    assert run.exit_code == 3, run.output
    assert f"{VERSION} is out of range: the rules speak alone." in run.stderr
    assert '"because": [\n   "calibration"\n  ]' in run.stdout
    show_model(clock.now())
    assert (figure("in_use"), figure("out_of_range")) == (0, 1)
    assert said() == [("none in use: the rules speak alone; the newest look took it back", True)]


def test_a_look_from_before_the_newest_turn_is_history_and_not_how_things_are(
    database: Database,
) -> None:
    home, now = make_home(), clock.now()
    reader = Reader(locale="fr", time_zone="Europe/Paris", now=now)
    put_into_use(usual(), now - timedelta(days=40))
    move_in(struck_more(usual(), 110), now)
    assert isinstance(watch(now), LookRow)
    taken_back = "Le modèle est hors limites : il a été retiré"
    assert taken_back in str(model_page(reader, model_state(home.care.nurse)))
    at = clock.now()
    put_into_use(usual(), at)
    page = str(model_page(reader, model_state(home.care.nurse)))
    assert "Aucun contrôle n’a eu lieu depuis le dernier changement" in page
    assert "Le modèle était hors limites." in page
    assert taken_back not in page
    show_model(at + HOUR)
    assert (figure("in_use"), figure("out_of_range"), figure("look_lines")) == (1, 0, 0)
    assert isnan(figure("calibration_ratio") or 0)
    assert figure("psi", input="pulse") is None
    assert said() == [(f"{VERSION}, in use for 0 h, nobody has looked since", True)]
    as_owner.run(
        "insert into alerts.model_turn (id, version, kind, at, reason)"
        " values (gen_random_uuid(), null, 'rules_only', %s, 'by hand')",
        at + timedelta(seconds=1),
    )
    show_model(at + HOUR)
    assert (figure("in_use"), figure("out_of_range")) == (0, 0)
    assert said() == [("none in use: the rules speak alone", True)]
    assert taken_back not in str(model_page(reader, model_state(home.care.nurse)))


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_nurse_reads_the_page_and_a_patient_reads_nothing(
    database: Database, locale: str
) -> None:
    home, now = make_home(), clock.now()
    reader = Reader(locale=locale, time_zone="Europe/Paris", now=now)
    empty = str(model_page(reader, model_state(home.care.nurse)))
    assert {"fr": "Aucun modèle n’est en service", "en": "No model is in use"}[locale] in empty
    put_into_use(usual(), now - timedelta(days=40))
    before = str(model_page(reader, model_state(home.care.nurse)))
    assert {"fr": "Aucun contrôle", "en": "Nobody has looked yet"}[locale] in before
    assert {"fr": "jamais éprouvé à domicile", "en": "never tried at home"}[locale] in before
    move_in(struck_more(usual(), 48), now)
    close_an_alert(home.key, now - 20 * HOUR)
    assert isinstance(watch(now), LookRow)
    state = model_state(home.care.nurse)
    assert state.look is not None
    assert state.look.findings["closed"]["none"] == {"useful": 1, "useless": 0, "not_said": 0}
    page = str(model_page(reader, state))
    assert {"fr": "Le modèle est dans les limites", "en": "The model is in range"}[locale] in page
    lines = csv_lines(reader, state.turns, state.look)
    assert len({len(line) for line in lines}) == 1
    assert lines[1][2:4] == [{"fr": "0,00", "en": "0.00"}[locale],
                             {"fr": "Dans les limites", "en": "In range"}[locale]]  # fmt: skip
    nothing = model_state(home.care.patient_actor)
    assert (nothing.turns, nothing.card, nothing.look) == ((), None, None)


@pytest.mark.parametrize(
    ("hours", "noted", "band"),
    [
        (1.0, 1.0, "high"),
        (23.9, 23.9, "high"),
        (24.1, 24.1, "none"),
        (0.0, 0.0, "none"),
        (-0.1, -0.1, "none"),
        (1.0, 0.0, "high"),
        (1.0, -0.5, "none"),
    ],
)
def test_an_alert_is_counted_by_what_was_said_within_a_day_before(
    database: Database, hours: float, noted: float, band: str
) -> None:
    home, now = make_home(), clock.now()
    put_into_use(usual(), now - timedelta(days=40))
    close_an_alert(home.key, now - HOUR)
    as_owner.run(
        "insert into alerts.risk (id, patient_id, asked_at, noted_at, version, window_from,"
        " window_until, inputs, risk, band) select gen_random_uuid(), id, %s, %s, %s, %s, %s,"
        " '{}', 0.9, 'high' from access.patient where key = %s",
        *[now - HOUR - each * HOUR for each in (hours, noted)], VERSION, *[now] * 2, home.key,
    )  # fmt: skip
    found = watch(now)
    assert isinstance(found, LookRow)
    useful = {name: one["useful"] for name, one in found.findings["closed"].items()}
    assert useful == {"low": 0, "raised": 0, "high": 0, "none": 0, band: 1}


def close_an_alert(key: int, raised: object) -> None:
    """Store an alert that was raised then and ended in hospital."""
    as_owner.run(
        "insert into alerts.alert (id, patient_id, patient_key, item, level, state, raised_at,"
        " first_breach_at, late, evidence, ladder, round, from_rung, rung, exhaustions, cause,"
        " closed_by, closed_at, outcome)"
        " select gen_random_uuid(), p.id, p.key, 'spo2', 'red', 'closed', %s, %s, false, '{}',"
        " '{}', 1, 0, 0, 0, 'abnormal', p.id, %s, 'hospitalised'"
        " from access.patient p where p.key = %s",
        *[raised] * 3, key,
    )  # fmt: skip
