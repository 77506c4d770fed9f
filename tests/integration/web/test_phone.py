"""The patient's phone: his questionnaire, who read it, who opened his record."""

import re
from datetime import timedelta
from pathlib import Path

import psycopg

from alerts import service as alerts
from core import clock
from tests.conftest import Database
from tests.integration.alerts.home import rows
from tests.integration.web.scene import NewClient, Scene, open_of, sign_in

CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}


def key_in(page: str) -> str:
    found = re.search(r'name="client_key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_answers_and_typed_values_are_stored_once_and_judged(
    scene: Scene, new_client: NewClient, database: Database
) -> None:
    client = sign_in(new_client(), "patient")
    key = key_in(client.get("/p/questions").text)
    form = {**CALM, "temperature": "39,2", "pulse": "", "client_key": key}
    for _ in range(2):
        sent = client.post("/p/questions", data=form)
        assert sent.status_code == 200
    assert "39,2 °C" in sent.text.replace("\xa0", " ")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        stored = conn.execute("select answers from questionnaires.answer").fetchall()
        typed = conn.execute("select value from vitals.reading where vital = 4").fetchall()
    assert stored == [({**CALM, "temperature": 39.2},)]
    assert [round(value, 1) for (value,) in typed] == [39.2]
    alerts.review(clock.now())
    assert len(open_of(scene.home)) == 2  # SpO2 of the scene, and this temperature


def test_an_answer_at_its_worst_says_call_15_and_raises_an_alert(
    scene: Scene, new_client: NewClient
) -> None:
    client = sign_in(new_client(), "patient")
    sent = client.post("/p/questions", data={**CALM, "dyspnoea": "rest"})
    assert "Appelez le 15 maintenant" in sent.text
    alerts.review(clock.now())
    assert len(open_of(scene.home)) == 2
    calm = client.post("/p/questions", data=CALM)
    assert "Appelez le 15 maintenant" not in calm.text


def test_bad_input_is_named_and_nothing_typed_is_lost(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "patient")
    form = {"dyspnoea": "effort", "temperature": "372", "spo2": "quatre-vingt", "client_key": "k1"}
    page = client.post("/p/questions", data=form)
    assert page.status_code == 422
    assert "entre 25 et 45" in page.text
    assert 'value="372"' in page.text
    assert 'value="quatre-vingt"' in page.text
    assert re.search(r'value="effort" checked', page.text)
    assert page.text.count('data-error role="alert">') == 4
    assert key_in(page.text) == "k1"
    assert rows("select 1 from questionnaires.answer") == []


def test_the_patient_sees_that_the_team_has_read(scene: Scene, new_client: NewClient) -> None:
    patient, gp = sign_in(new_client(), "patient"), sign_in(new_client(), "gp")
    patient.post("/p/questions", data=CALM)
    assert "Envoyé à" in patient.get("/p").text
    assert gp.get(scene.page).status_code == 200
    assert "Relevé par l’équipe à" in patient.get("/p").text


def test_the_patient_reads_who_opened_his_record(scene: Scene, new_client: NewClient) -> None:
    sign_in(new_client(), "gp").get(scene.page)
    sign_in(new_client(), "stranger").get(scene.page)
    page = sign_in(new_client(), "patient").get("/p/journal").text
    assert "Dr Paul Lefèvre" in page
    assert "lire les alertes" in page
    assert "Dr Anne Inconnue" in page
    assert "A essayé et a été refusé" in page


def test_a_professional_has_no_phone_page(scene: Scene, new_client: NewClient) -> None:
    assert sign_in(new_client(), "gp").get("/p").status_code == 404


def test_an_old_session_of_staff_ends_by_idleness(
    scene: Scene, new_client: NewClient, clock_file: Path
) -> None:
    staff, patient = sign_in(new_client(), "gp"), sign_in(new_client(), "patient")
    clock_file.write_text(str(timedelta(minutes=16).total_seconds()))
    assert staff.get("/", follow_redirects=False).status_code == 303
    assert patient.get("/p", follow_redirects=False).status_code == 200
