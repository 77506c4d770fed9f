"""« Patients à appeler »: who is on the list, in which order, who calls, and what came of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from core import clock
from core.doors import Service, serving
from identity import service as identity
from questionnaires.plans import service as plans
from tests.as_owner import mutate, rows, run
from tests.conftest import Database
from tests.integration.plans.home import clock_setter, start
from tests.integration.web.scene import ORIGIN, NewClient, open_account, sign_in
from tests.people import Care, make_care, make_patient

MONDAY = datetime(2027, 1, 4, 6, 30, tzinfo=UTC)
EVENING = datetime(2027, 1, 4, 15, 30, tzinfo=UTC)
HEADERS = {"origin": ORIGIN}


@pytest.fixture
def care(database: Database, clock_file: Path) -> Care:
    """Jeanne, followed by a centre, silent since nine: grace is over at 15 h."""
    made = make_care()
    clock_setter(clock_file)(MONDAY)
    start(made.nurse, made.patient)
    run("update identity.patient set phone = '06 98 76 54 32' where patient_id = %s", made.patient)
    open_account(made.nurse.person, "nurse")
    open_account(made.gp.person, "gp")
    clock_setter(clock_file)(EVENING)
    run(
        "update questionnaires.task set state = 'missed', missed_at = %s where alarm_at <= %s",
        EVENING,
        EVENING,
    )
    return made


@pytest.fixture
def nurse(care: Care, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "nurse")


def another(care: Care, clock_file: Path, name: str, *, risk: bool = False) -> UUID:
    """A patient more of the centre's, silent for as long."""
    clock_setter(clock_file)(MONDAY)
    patient = make_patient(name, "Paul")
    identity.join_circle(patient, care.centre, "telemonitoring_centre")
    start(care.nurse, patient, high_risk=risk)
    clock_setter(clock_file)(EVENING)
    run(
        "update questionnaires.task set state = 'missed', missed_at = %s"
        " where patient_id = %s and due_at <= %s",
        EVENING,
        patient,
        EVENING,
    )
    return patient


def act(client: TestClient, patient: UUID, **form: str) -> str:
    answer = client.post(f"/patients/{patient}/calls", data=form, headers=HEADERS)
    return answer.text


def test_the_silent_stand_there_with_their_number_and_nobody_else(
    care: Care, nurse: TestClient
) -> None:
    page = nurse.get("/calls").text
    assert "MARTIN Jeanne" in page
    assert 'href="tel:0698765432"' in page
    assert "N’a encore jamais répondu" in page
    assert rows("select detail -> 'patients' from audit.event where permission = 'queue:read'") == [
        ([str(care.patient)],)
    ]


def test_at_risk_first_and_whoever_is_called_later_last(
    care: Care, nurse: TestClient, clock_file: Path
) -> None:
    another(care, clock_file, "Zola", risk=True)
    later = another(care, clock_file, "Aubert", risk=True)
    act(nurse, later, act="note", outcome="no_answer")
    page = nurse.get("/calls").text
    places = [page.index(name) for name in ("ZOLA", "MARTIN", "AUBERT")]
    assert places == sorted(places)
    assert "À rappeler à" in page


def test_whoever_has_answered_since_or_is_let_go_is_not_called(
    care: Care, nurse: TestClient
) -> None:
    with serving(Service.ADMINISTRATION) as conn:
        plans.end_plan(conn, care.patient, "recovery", clock.now())
    page = nurse.get("/calls").text
    assert "MARTIN" not in page
    assert "Personne n’est à appeler" in page


def test_two_nurses_do_not_call_at_once(
    care: Care, nurse: TestClient, new_client: NewClient, clock_file: Path
) -> None:
    other = identity.register_person("Luc Petit")
    identity.give_post(other, care.centre, "telemonitoring_nurse")
    open_account(other, "luc")
    luc = sign_in(new_client(), "luc")
    assert "Vous appelez : les autres le voient" in act(nurse, care.patient, act="take")
    assert "Quelqu’un d’autre appelle déjà" in act(luc, care.patient, act="take")
    page = luc.get("/calls").text
    assert "Inès Moreau appelle" in page
    assert "Résultat de l’appel" not in page
    clock_setter(clock_file)(EVENING + timedelta(minutes=11))
    assert "Vous appelez" in act(luc, care.patient, act="take")
    act(luc, care.patient, act="note", outcome="message_left")
    assert rows("select count(*) from coordination.call_in_hand") == [(0,)]
    assert "Luc Petit" in luc.get("/calls").text


def test_a_list_in_two_hands_is_caught(
    care: Care, nurse: TestClient, new_client: NewClient, clock_file: Path
) -> None:
    """The fault: whoever comes second takes the call out of the hands of the first."""
    mutate("coordination.take_call", "h.until <= v_now or h.by_person = v_me", "true")
    with pytest.raises(AssertionError):
        test_two_nurses_do_not_call_at_once(care, nurse, new_client, clock_file)


def test_reached_leads_to_entering_the_answers(care: Care, nurse: TestClient) -> None:
    answer = nurse.post(
        f"/patients/{care.patient}/calls",
        data={"act": "note", "outcome": "reached"},
        headers=HEADERS,
        follow_redirects=False,
    )
    assert answer.headers["location"] == f"/patients/{care.patient}/answers/new"


def test_a_wrong_number_is_marked_until_the_number_is_another(
    care: Care, nurse: TestClient
) -> None:
    page = act(nurse, care.patient, act="note", outcome="wrong_number")
    assert "Numéro à vérifier : quelqu’un d’autre répond" in page
    run("update identity.patient set phone = '06 98 76 54 33' where patient_id = %s", care.patient)
    assert "Numéro à vérifier" not in nurse.get("/calls").text


def test_a_time_to_call_back_is_the_next_of_that_hour(care: Care, nurse: TestClient) -> None:
    act(nurse, care.patient, act="note", outcome="call_later", again="17:30")
    assert rows("select next_at from coordination.call") == [
        (datetime(2027, 1, 4, 16, 30, tzinfo=UTC),)
    ]


def test_only_the_desk_sees_and_only_ones_own_is_called(
    care: Care, nurse: TestClient, new_client: NewClient
) -> None:
    gp = sign_in(new_client(), "gp")
    assert gp.get("/calls").status_code == 403
    refused = gp.post(
        f"/patients/{care.patient}/calls",
        data={"act": "take"},
        headers=HEADERS,
        follow_redirects=False,
    )
    assert refused.headers["location"] == "/calls?said=refused"
    assert rows("select count(*) from coordination.call_in_hand") == [(0,)]
    stranger = make_patient("Ailleurs", "Zoé")
    answer = nurse.post(f"/patients/{stranger}/calls", data={"act": "take"}, headers=HEADERS)
    assert answer.status_code == 404


def test_another_centre_sees_none_of_them(care: Care, new_client: NewClient) -> None:
    centre = identity.register_organisation("Autre centre")
    person = identity.register_person("Nadia Autre")
    identity.give_post(person, centre, "telemonitoring_nurse")
    open_account(person, "nadia")
    assert "MARTIN" not in sign_in(new_client(), "nadia").get("/calls").text


def test_without_the_circle_another_centre_would_see_them(
    care: Care, new_client: NewClient
) -> None:
    mutate("coordination.silent_patients", "m.party = v_organisation", "true")
    with pytest.raises(AssertionError):
        test_another_centre_sees_none_of_them(care, new_client)
