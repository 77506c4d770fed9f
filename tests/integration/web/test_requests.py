"""« Demande de télésuivi »: sent by whoever may, read and answered by its centre alone."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from coordination.inclusion.notice_service import keep_follow_ups
from core import clock
from identity import service as identity
from messages import service as messages
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.web.scene import NewClient, open_account, sign_in
from tests.people import Care, make_care, make_centre, make_gp

WISH = {
    "birth_name": "Lenoir",
    "first_name": "Odette",
    "birth_date": "1944-02-11",
    "sex": "female",
    "phone": "06 39 98 01 77",
    "programme": "covid-14",
    "risk": "high",
    "reason": "COVID-19, J6, sort des urgences",
    "discharge_on": (clock.now() + timedelta(days=1)).date().isoformat(),
    "oxygen": "2,5",
    "patient_told": "yes",
}


@pytest.fixture
def care(database: Database) -> Care:
    made = make_care()
    open_account(made.nurse.person, "nurse")
    open_account(made.gp.person, "gp")
    messages.register_contact(made.nurse.person, "email", "nurse@example.org")
    messages.register_contact(made.gp.person, "email", "gp@example.org")
    return made


@pytest.fixture
def nurse(care: Care, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "nurse")


@pytest.fixture
def gp(care: Care, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "gp")


def ask(gp: TestClient, care: Care, **more: str) -> UUID:
    answer = gp.post("/requests/new", data={**WISH, "centre": str(care.centre), **more})
    assert "La demande est envoyée" in answer.text
    ((id,),) = rows("select id from coordination.request order by sent_at desc limit 1")
    assert isinstance(id, UUID)
    return id


def test_a_request_reaches_its_centre_and_nobody_else(
    care: Care, nurse: TestClient, gp: TestClient, new_client: NewClient
) -> None:
    _, elsewhere = make_centre("Un autre centre")
    open_account(elsewhere.person, "elsewhere")
    id = ask(gp, care)
    page = nurse.get("/requests").text
    assert "LENOIR Odette" in page
    assert "oxygène 2,5 L/min" in page
    assert "Risque élevé" in page
    whole = nurse.get(f"/requests/{id}").text
    assert "COVID-19, J6, sort des urgences" in whole
    assert "06 39 98 01 77" in whole
    other = sign_in(new_client(), "elsewhere")
    assert "LENOIR" not in other.get("/requests").text
    assert "LENOIR" not in other.get(f"/requests/{id}").text
    refused = other.post(f"/requests/{id}", data={"act": "accept"})
    assert "n’existe pas" in refused.text
    assert rows("select state from coordination.request") == [("sent",)]


def test_what_was_typed_stays_when_something_is_missing(care: Care, gp: TestClient) -> None:
    form = {**WISH, "centre": str(care.centre), "oxygen": "40", "patient_told": ""}
    answer = gp.post("/requests/new", data=form)
    assert answer.status_code == 422
    assert "Indiquez le débit" in answer.text
    assert "à l’insu de la personne" in answer.text
    assert 'value="Lenoir"' in answer.text
    assert "sort des urgences</textarea>" in answer.text
    assert rows("select count(*) from coordination.request") == [(0,)]


def test_refused_with_a_reason_that_the_asker_reads(
    care: Care, nurse: TestClient, gp: TestClient
) -> None:
    id = ask(gp, care)
    assert nurse.post(f"/requests/{id}", data={"act": "refuse"}).status_code == 422
    form = {"act": "refuse", "refusal": "no_capacity", "note": "Place libre jeudi"}
    assert "La demande est refusée" in nurse.post(f"/requests/{id}", data=form).text
    page = gp.get(f"/requests/{id}").text
    assert "Place libre jeudi" in page
    again = nurse.post(f"/requests/{id}", data={"act": "accept"})
    assert "déjà répondu" in again.text
    keep_follow_ups(clock.now())
    told = rows(
        "select address, params ->> 'path' from messages.outbox order by created_at, address"
    )
    assert ("gp@example.org", f"/requests/{id}") in told
    assert ("nurse@example.org", f"/requests/{id}") in told
    assert "Lenoir" not in str(told)


def test_an_unknown_person_is_identified_then_included(
    care: Care, nurse: TestClient, gp: TestClient
) -> None:
    id = ask(gp, care)
    assert "Vérifier l’identité" in nurse.post(f"/requests/{id}", data={"act": "accept"}).text
    person = {
        "birth_name": "Lenoir",
        "birth_first_names": "Odette Marie",
        "birth_date": "1944-02-11",
        "sex": "female",
        "phone": "0639980177",
        "document": "identity_card",
    }
    answer = nurse.post(f"/requests/{id}/patient", data=person, follow_redirects=False)
    ((patient,),) = rows("select patient_id from coordination.request")
    assert answer.headers["location"] == f"/patients/{patient}/inclusion?request={id}"
    assert rows("select ins_status from identity.patient where patient_id = %s", patient) == [
        ("validated",)
    ]
    circle = {
        role
        for (role,) in rows("select role from access.membership where patient_id = %s", patient)
    }
    assert circle == {"patient", "telemonitoring_centre", "gp"}


def test_somebody_registered_already_is_found_first(
    care: Care, nurse: TestClient, gp: TestClient
) -> None:
    more = {"birth_name": "Martin", "first_name": "Jeanne", "birth_date": "1951-04-02"}
    id = ask(gp, care, **more)
    nurse.post(f"/requests/{id}", data={"act": "accept"})
    person = {
        "birth_name": "Martin",
        "birth_first_names": "Jeanne",
        "birth_date": "1951-04-02",
        "sex": "female",
    }
    seen = nurse.post(f"/requests/{id}/patient", data=person)
    assert seen.status_code == 409
    assert "C’est la même personne" in seen.text
    same = nurse.post(
        f"/requests/{id}/patient",
        data={**person, "same": str(care.patient)},
        follow_redirects=False,
    )
    assert same.headers["location"] == f"/patients/{care.patient}/inclusion?request={id}"
    assert rows("select count(*) from identity.patient") == [(1,)]


def test_a_patient_of_a_closed_circle_is_not_opened_by_a_request(
    care: Care, nurse: TestClient, gp: TestClient
) -> None:
    stranger = identity.register_patient(
        birth_name="Lenoir",
        birth_first_names="Odette",
        birth_date=date(1944, 2, 11),
        sex="female",
    )
    id = ask(gp, care)
    nurse.post(f"/requests/{id}", data={"act": "accept"})
    person = {
        "birth_name": "Lenoir",
        "birth_first_names": "Odette",
        "birth_date": "1944-02-11",
        "sex": "female",
        "same": str(stranger),
    }
    answer = nurse.post(f"/requests/{id}/patient", data=person)
    assert answer.status_code == 422
    assert "n’est pas dans son cercle" in answer.text
    assert rows("select patient_id from coordination.request") == [(None,)]


def test_for_a_known_patient_the_centre_enters_the_circle_once_it_accepts(
    care: Care, gp: TestClient, new_client: NewClient
) -> None:
    centre, other = make_centre("Centre des Coteaux")
    open_account(other.person, "other")
    form = {**WISH, "centre": str(centre), "patient": str(care.patient)}
    assert "MARTIN Jeanne" in gp.get(f"/requests/new?patient={care.patient}").text
    assert "La demande est envoyée" in gp.post("/requests/new", data=form).text
    nurse = sign_in(new_client(), "other")
    assert nurse.get(f"/patients/{care.patient}/identity").status_code == 404
    ((id,),) = rows("select id from coordination.request")
    answer = nurse.post(f"/requests/{id}", data={"act": "accept"}, follow_redirects=False)
    assert answer.headers["location"] == f"/patients/{care.patient}/inclusion?request={id}"
    assert nurse.get(f"/patients/{care.patient}/identity").status_code == 200


def test_nobody_asks_from_a_record_that_is_not_his(care: Care, new_client: NewClient) -> None:
    stranger = make_gp("Dr Anne Inconnue")
    open_account(stranger.person, "stranger")
    client = sign_in(new_client(), "stranger")
    assert client.get(f"/requests/new?patient={care.patient}").status_code == 404
    form = {**WISH, "centre": str(care.centre), "patient": str(care.patient)}
    assert client.post("/requests/new", data=form).status_code == 404


def test_a_nurse_asks_nobody(care: Care, nurse: TestClient) -> None:
    assert nurse.get("/requests/new").status_code == 403


PERSON = {
    "birth_name": "Lenoir",
    "birth_first_names": "Odette",
    "birth_date": "1944-02-11",
    "sex": "female",
    "document": "identity_card",
}


@pytest.mark.parametrize(
    ("role", "organisation", "circle_role"),
    [
        ("hospital_doctor", "Hôpital, service de pneumologie", "ward"),
        ("dac_coordinator", "DAC du Val", "dac"),
        ("hospital_doctor", "SAMU 94, régulation", "ward"),
    ],
)
def test_hospital_dac_and_samu_ask_and_enter_in_the_role_in_which_they_asked(
    care: Care,
    nurse: TestClient,
    new_client: NewClient,
    role: str,
    organisation: str,
    circle_role: str,
) -> None:
    """A regulating doctor works in a hospital's SAMU: a post of hospital doctor there (0101)."""
    place, doctor = identity.register_organisation(organisation), identity.register_person("Dr A")
    identity.give_post(doctor, place, role)
    open_account(doctor, "asker")
    asker = sign_in(new_client(), "asker")
    assert "/requests/new" in asker.get("/requests").text
    id = ask(asker, care)
    page = nurse.get(f"/requests/{id}").text
    assert organisation in page.replace("&#39;", "'")
    assert rows("select count(*) from access.membership where party = %s", place) == [(0,)]
    nurse.post(f"/requests/{id}", data={"act": "accept"})
    nurse.post(f"/requests/{id}/patient", data=PERSON)
    assert rows("select role from access.membership where party = %s", place) == [(circle_role,)]


def test_a_request_that_opened_a_record_would_be_seen(
    care: Care, nurse: TestClient, gp: TestClient, new_client: NewClient
) -> None:
    """The fault: whoever asks lets the centre in at once."""
    run("delete from access.membership where party = %s", care.centre)
    run(
        "create function access.opens() returns trigger language plpgsql security definer as $$"
        " begin insert into access.membership (id, patient_id, party, role, basis, starts_at,"
        " granted_by) values (gen_random_uuid(), new.patient_id, new.centre,"
        " 'telemonitoring_centre', 'care_team', now(), new.requested_by); return null; end $$;"
        " create trigger opens after insert on coordination.request for each row"
        " execute function access.opens()"
    )
    with pytest.raises(AssertionError):
        asked_from_the_record(care, nurse, gp)


def test_a_request_opens_no_record(care: Care, nurse: TestClient, gp: TestClient) -> None:
    run("delete from access.membership where party = %s", care.centre)
    asked_from_the_record(care, nurse, gp)


def asked_from_the_record(care: Care, nurse: TestClient, gp: TestClient) -> None:
    form = {**WISH, "centre": str(care.centre), "patient": str(care.patient)}
    sent = gp.post("/requests/new", data=form)
    assert rows("select count(*) from coordination.request") == [(1,)], sent.text
    assert nurse.get(f"/patients/{care.patient}/follow-up").status_code == 404
    assert nurse.get(f"/patients/{care.patient}/plan").status_code == 404
