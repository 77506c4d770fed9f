"""Pages of answers: read and corrected by staff, typed in at the desk, measured, sent by a link."""

import re

import psycopg
import pytest

from questionnaires.library_service import active_edition
from tests.conftest import Database
from tests.integration.alerts.home import rows
from tests.integration.plans.home import start
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.integration.web.test_links import link_and_code

CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}
COUNT = "select source, answers, words, task_id from questionnaires.answer order by received_at, id"


@pytest.fixture
def record(scene: Scene) -> str:
    return f"/patients/{scene.home.care.patient}"


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("&#39;", "’").replace("’", "'")


def test_staff_reads_and_corrects_what_the_patient_sent(
    scene: Scene, new_client: NewClient, record: str
) -> None:
    patient, gp = sign_in(new_client(), "patient"), sign_in(new_client(), "gp")
    patient.post("/p/questions", data={**CALM, "dyspnoea": "effort", "temperature": "38,4"})
    page = plain(gp.get(f"{record}/answers").text)
    assert "par le patient" in page
    assert "38,4 °C" in page
    (one,) = rows("select id from questionnaires.answer")[0]
    form = gp.get(f"{record}/answers/{one}/correct").text
    assert 'value="38.4"' in form
    key = re.search(r'name="client_key" value="([^"]+)"', form)
    assert key
    sent = {**CALM, "temperature": "37,4", "client_key": key[1]}
    assert gp.post(f"{record}/answers/{one}/correct", data=sent).status_code == 422
    done = gp.post(f"{record}/answers/{one}/correct", data={**sent, "_reason": "Erreur de lecture"})
    assert done.status_code == 200
    shown = plain(done.text)
    assert "Erreur de lecture" in shown
    assert "<del>38,4 °C</del>" in shown
    assert "<ins>37,4 °C</ins>" in shown
    assert "Cette réponse a été corrigée" in plain(gp.get(f"{record}/answers/{one}").text)
    assert gp.get(f"{record}/answers?source=paper").status_code == 200


def test_a_patient_sees_no_level_of_his_answers(
    scene: Scene, new_client: NewClient, record: str
) -> None:
    patient = sign_in(new_client(), "patient")
    patient.post("/p/questions", data={**CALM, "dyspnoea": "rest"})
    page = patient.get(f"{record}/answers").text
    assert "level-red" not in page
    assert "Rouge" not in page


def test_the_desk_types_what_is_said_and_what_is_written(
    scene: Scene, new_client: NewClient, record: str
) -> None:
    gp = sign_in(new_client(), "gp")
    digest = active_edition("home-daily").digest
    assert digest in gp.get(f"{record}/answers/new").text
    form = {**CALM, "_what": digest, "_how": "phone", "_words": "Je tousse", "client_key": "k"}
    assert gp.get(f"{record}/answers/new?what={digest}").status_code == 200
    for _ in range(2):
        assert "Je tousse" in gp.post(f"{record}/answers/new", data=form).text
    paper = {**CALM, "_what": digest, "_how": "paper", "client_key": "p"}
    assert gp.post(f"{record}/answers/new", data=paper).status_code == 422
    assert gp.post(f"{record}/answers/new", data={**paper, "_day": "2999-01-01"}).status_code == 422
    (day,) = rows("select (now() - interval '1 day')::date::text")[0]
    assert gp.post(f"{record}/answers/new", data={**paper, "_day": str(day)}).status_code == 200
    found = [(source, words) for source, _, words, _ in rows(COUNT)]
    assert found == [("staff_phone", "Je tousse"), ("paper", None)]


def test_a_paper_form_is_a_pdf(scene: Scene, new_client: NewClient, record: str) -> None:
    gp = sign_in(new_client(), "gp")
    assert gp.get(f"{record}/answers/paper").status_code == 200
    digest = active_edition("home-daily").digest
    answer = gp.get(f"{record}/paper/{digest}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert gp.get(f"{record}/paper/{'0' * 64}.pdf").status_code == 404


def test_what_is_measured_at_the_bedside_is_told_on_the_spot(
    scene: Scene, new_client: NewClient, record: str
) -> None:
    gp = sign_in(new_client(), "gp")
    assert gp.get(f"{record}/bedside").status_code == 200
    assert gp.post(f"{record}/bedside", data={"client_key": "k"}).status_code == 422
    told = plain(gp.post(f"{record}/bedside", data={"spo2": "90", "client_key": "k"}).text)
    assert "Une valeur dépasse un seuil rouge" in told
    assert "seuil : 92 % ou moins" in told
    assert "Mesuré par Dr Paul Lefèvre" in told
    fine = plain(gp.post(f"{record}/bedside", data={"spo2": "97", "weight": "70,5"}).text)
    assert "Aucune valeur ne dépasse" in fine
    assert "pas de seuil fixé" in fine
    kept = {"spo2": "96", "client_key": "s", "_by": "script", "_waited": "600"}
    answers = [gp.post(f"{record}/bedside", data=kept) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    late = rows(
        "select received_at - answered_at > interval '9 minutes' from questionnaires.answer"
        " where client_key = 's'"
    )
    assert late == [(True,)]


def ask_of(scene: Scene, database: Database, questionnaire: str) -> object:
    """Ask the patient for a questionnaire since an hour ago; return the task."""
    start(scene.home.care.nurse, scene.home.care.patient)
    with psycopg.connect(database.dsn("OWNER"), autocommit=True) as owner:
        owner.execute("update questionnaires.plan_line set questionnaire = %s", [questionnaire])
        found = owner.execute(
            "update questionnaires.task set state = 'open', opens_at = now() - interval '2 hours',"
            " due_at = now() + interval '1 hour', alarm_at = now() + interval '2 hours',"
            " occasion = now() - interval '1 hour', remind_at = '{}'"
            " where id = (select min(id::text)::uuid from questionnaires.task) returning id"
        ).fetchone()
        owner.execute("update questionnaires.task set state = 'cancelled' where id <> %s", found)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("how", ["phone", "paper", "link", "bedside"])
def test_what_comes_by_another_way_settles_the_task_that_waits(
    scene: Scene, new_client: NewClient, record: str, how: str, database: Database
) -> None:
    asked = ask_of(scene, database, "bedside-measures" if how == "bedside" else "home-daily")
    gp, phone = sign_in(new_client(), "gp"), new_client()
    if how == "bedside":
        done = gp.post(f"{record}/bedside", data={"spo2": "97", "client_key": "k"})
    elif how == "link":
        token, code = link_and_code(gp, scene, record)
        phone.post(f"/q/{token}/code", data={"code": code})
        done = phone.post(f"/q/{token}", data=CALM)
    else:
        (day, hour) = rows(
            "select to_char(at, 'YYYY-MM-DD'), to_char(at, 'HH24:MI')"
            " from (select now() at time zone 'Europe/Paris' as at) n"
        )[0]
        form = {"_what": active_edition("home-daily").digest, "_how": how, "client_key": "k"}
        form |= {"_day": str(day), "_clock": str(hour)}
        done = gp.post(f"{record}/answers/new", data={**CALM, **form})
    assert done.status_code == 200
    assert rows("select task_id from questionnaires.answer") == [(asked,)]
    assert rows("select id, state from questionnaires.task where answer_id is not null") == [
        (asked, "done")
    ]
    again = gp.post(f"{record}/bedside", data={"spo2": "97", "client_key": "other"})
    assert again.status_code == 200
    assert rows("select count(*) from questionnaires.answer where task_id = %s", [asked]) == [(1,)]


def test_what_one_opened_is_not_stored_under_anothers_name(
    scene: Scene, new_client: NewClient, record: str
) -> None:
    gp, nurse = sign_in(new_client(), "gp"), sign_in(new_client(), "nurse")
    found = re.search(r'name="_owner" value="([^"]+)"', gp.get(f"{record}/bedside").text)
    assert found
    form = {"spo2": "91", "_owner": found[1], "client_key": "of-the-gp"}
    by_script = nurse.post(f"{record}/bedside", data={**form, "_by": "script"})
    assert (by_script.status_code, by_script.json()) == (409, {"do": "keep"})
    by_hand = nurse.post(f"{record}/bedside", data=form)
    assert (by_hand.status_code, 'value="91"' in by_hand.text) == (409, True)
    assert rows("select 1 from questionnaires.answer") == []
    assert gp.post(f"{record}/bedside", data=form).status_code == 200
    assert rows("select 1 from questionnaires.answer") == [(1,)]
