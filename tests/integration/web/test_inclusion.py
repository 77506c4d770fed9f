"""Including on one path: all of it begins or nothing, and nothing that was typed is lost."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs
from starlette.testclient import TestClient

from alerts import prescription_service as prescriptions
from alerts.prescription import Limits
from alerts.profile import Signed
from alerts.store.prescribing import Kept
from coordination.inclusion import inclusion_service
from core.access import Permission
from devices import service as devices
from identity import service as identity
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.alerts.home import opened
from tests.integration.plans.home import clock_setter
from tests.integration.web.scene import NewClient, open_account, sign_in
from tests.people import Care, make_care, make_gp

NOON = datetime(2027, 1, 4, 11, 0, tzinfo=UTC)
PATH = {
    "programme": "covid-14",
    "met": ["adult", "able", "reachable", "stable", "known_saturation"],
    "informed": "yes",
    "means": "spoken",
    "usage_data": "no",
    "zone": "Europe/Paris",
    "act": "include",
}


@pytest.fixture
def care(database: Database, clock_file: Path) -> Care:
    made = make_care()
    clock_setter(clock_file)(NOON)
    open_account(made.nurse.person, "nurse")
    open_account(made.gp.person, "gp")
    return made


@pytest.fixture
def nurse(care: Care, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "nurse")


def page_of(care: Care) -> str:
    return f"/patients/{care.patient}/inclusion"


def begun() -> list[tuple[object, ...]]:
    """What of a follow-up there is: its parts, counted."""
    return rows(
        "select (select count(*) from coordination.episode),"
        " (select count(*) from coordination.agreement),"
        " (select count(*) from alerts.prescription),"
        " (select count(*) from questionnaires.plan),"
        " (select count(*) from devices.assignment)"
    )


def test_one_form_begins_everything(care: Care, nurse: TestClient) -> None:
    devices.register_device("oximeter-7", "Oxymètre", care.centre)
    form = {**PATH, "device": "oximeter-7", "call_name": "Luc Martin", "call_phone": "0639980155"}
    answer = nurse.post(page_of(care), data=form)
    assert answer.status_code == 200, answer.text
    assert "Le télésuivi a commencé" in answer.text
    assert "Appelez le patient avant lundi 4 janvier, 14 h 00" in answer.text
    assert begun() == [(1, 2, 1, 1, 1)]
    ((due, plan, wanted),) = rows(
        "select first_contact_due_at, plan_id, person_to_call ->> 'name' from coordination.episode"
    )
    assert timedelta(hours=2) <= due - NOON < timedelta(hours=2, minutes=1)
    assert plan is not None
    assert wanted == "Luc Martin"
    assert rows(
        "select kind, agreed, text_version, means, given_by from coordination.agreement"
        " order by kind"
    ) == [
        ("telemonitoring", True, 1, "spoken", care.patient),
        ("usage_data", False, 1, "spoken", care.patient),
    ]
    ((wording,),) = rows("select wording from coordination.agreement where kind = 'telemonitoring'")
    assert "j’appelle le 15" in str(wording)
    assert rows("select count(*) > 0 from questionnaires.task") == [(True,)]
    record = nurse.get(f"/patients/{care.patient}/follow-up").text
    assert "Luc Martin" in record
    assert "COVID-19, 14 jours" in record


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("informed", "", "sans avoir été informé"),
        ("met", ["adult"], "Un critère n’est pas rempli"),
        ("usage_data", "", "Indiquez ce que le patient a répondu"),
        ("device", "oximeter-99", "Quelqu’un d’autre a cet appareil"),
        ("gp", "nobody.known", "Personne n’est connu sous ce numéro"),
        ("means", "digital", "Saisissez l’adresse électronique"),
    ],
)
def test_an_error_begins_nothing_and_keeps_what_was_typed(
    care: Care, nurse: TestClient, field: str, value: object, told: str
) -> None:
    form = {**PATH, "call_name": "Luc Martin", "call_phone": "0639980155", field: value}
    answer = nurse.post(page_of(care), data=form)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="Luc Martin"' in answer.text
    assert begun() == [(0, 0, 0, 0, 0)]
    again = nurse.get(page_of(care)).text
    assert 'value="Luc Martin"' in again
    assert "Inclusions commencées" in nurse.get("/follow-ups").text


@pytest.mark.parametrize("who", ["nurse", "colleague"])
def test_nobody_enters_in_a_role_he_does_not_work_in(
    care: Care, nurse: TestClient, who: str
) -> None:
    """A role opens a record: who includes gives herself none, and a namesake is no doctor."""
    colleague = identity.register_person("Paule Colleague")
    identity.give_post(colleague, care.centre, "telemonitoring_nurse")
    open_account(colleague, "colleague")
    answer = nurse.post(page_of(care), data={**PATH, "gp": who})
    assert answer.status_code == 422
    assert "Personne n’est connu" in answer.text
    assert rows("select count(*) from access.membership where reason = 'inclusion'") == [(0,)]


def test_a_criterion_not_met_needs_a_reason(care: Care, nurse: TestClient) -> None:
    form = {**PATH, "met": ["adult"], "exception": "Sa fille répond et mesure pour elle"}
    assert nurse.post(page_of(care), data=form).status_code == 200
    ((kept,),) = rows("select eligibility from coordination.episode")
    assert kept == {
        "adult": True,
        "able": False,
        "reachable": False,
        "stable": False,
        "known_saturation": False,
        "exception": "Sa fille répond et mesure pour elle",
    }


def test_nobody_is_included_twice_nor_dead(care: Care, nurse: TestClient) -> None:
    assert nurse.post(page_of(care), data=PATH).status_code == 200
    twice = nurse.post(page_of(care), data=PATH)
    assert "déjà suivi dans ce programme" in twice.text
    assert begun() == [(1, 2, 1, 1, 0)]
    run("update access.patient set died_on = %s, death_noted_at = %s", NOON.date(), NOON)
    dead = nurse.post(page_of(care), data={**PATH, "programme": "diabetes"})
    assert "Un décès est noté" in dead.text
    assert begun() == [(1, 2, 1, 1, 0)]


def test_another_follow_up_keeps_what_a_clinician_had_set(care: Care, nurse: TestClient) -> None:
    assert nurse.post(page_of(care), data=PATH).status_code == 200
    care_of = opened(care.nurse, care.patient, Permission.MONITORING_WRITE)
    live = prescriptions.prescribed(care_of).live
    assert live is not None
    spo2 = structs.replace(live.content.parameters[0], limits=Limits(red_low=86), usual=89)
    own = (spo2, *live.content.parameters[1:])
    kept = prescriptions.keep_draft(care_of, structs.replace(live.content, parameters=own))
    assert isinstance(kept, Kept)
    assert isinstance(prescriptions.sign_draft(care_of, kept), Signed)
    second = {**PATH, "programme": "post-discharge"}
    assert nurse.post(page_of(care), data=second).status_code == 200
    again = prescriptions.prescribed(care_of).live
    assert again is not None
    assert (again.version, again.content.parameters) == (3, own)


def test_a_record_without_a_gp_begins_nothing_until_somebody_is_named(
    care: Care, nurse: TestClient
) -> None:
    run("update access.membership set ends_at = starts_at where party = %s", care.gp.person)
    run(
        "insert into alerts.without_gp (id, patient_id, hours, noted_at, noted_by)"
        " values (gen_random_uuid(), %s, 'mon-sun 00:00-24:00', now(), %s)",
        care.patient,
        care.nurse.person,
    )
    refused = nurse.post(page_of(care), data=PATH)
    assert "Ce dossier est sans médecin traitant" in refused.text
    assert begun() == [(0, 0, 0, 0, 0)]
    run("update alerts.without_gp set substitute = %s", care.nurse.person)
    assert nurse.post(page_of(care), data=PATH).status_code == 200
    assert begun()[0][2] == 1


def test_what_the_team_wrote_of_a_call_stays_with_the_team(
    care: Care, nurse: TestClient, new_client: NewClient
) -> None:
    """It may be about whoever lives with the patient, and reads his plan by his agreement."""
    nurse.post(page_of(care), data=PATH)
    ((episode,),) = rows("select id from coordination.episode")
    form = {"episode": str(episode), "outcome": "no_answer", "note": "Le fils répond à sa place"}
    nurse.post(f"/patients/{care.patient}/first-contact", data=form)
    son = identity.register_person("Luc Martin")
    identity.join_circle(care.patient, son, "carer")
    run("update access.membership set agreed = '{plan:read,identity:read}' where role = 'carer'")
    open_account(son, "son")
    page = f"/patients/{care.patient}/follow-up"
    assert "Le fils répond" in nurse.get(page).text
    read = sign_in(new_client(), "son").get(page)
    assert read.status_code == 200
    assert "Sans réponse" in read.text
    assert "Le fils répond" not in read.text


def test_kept_and_refused_with_a_reason(care: Care, nurse: TestClient) -> None:
    kept = nurse.post(page_of(care), data={**PATH, "act": "keep", "informed": ""})
    assert "Votre saisie est gardée" in kept.text
    none = nurse.post(page_of(care), data={**PATH, "act": "refuse"})
    assert none.status_code == 422
    form = {**PATH, "act": "refuse", "refusal": "unreachable", "note": "Trois appels"}
    assert "n’est pas inclus" in nurse.post(page_of(care), data=form).text
    assert rows("select state, refusal, note from coordination.inclusion") == [
        ("refused", "unreachable", "Trois appels")
    ]
    assert begun() == [(0, 0, 0, 0, 0)]


def test_the_patient_finishes_on_his_phone(
    care: Care, nurse: TestClient, new_client: NewClient
) -> None:
    form = {**PATH, "means": "digital", "usage_data": "", "mail": "jeanne@example.org"}
    answer = nurse.post(page_of(care), data=form)
    assert re.search(r'<strong class="number">\S+</strong>', answer.text)
    assert begun() == [(1, 0, 1, 1, 0)]
    assert rows("select address from messages.outbox") == [("jeanne@example.org",)]
    assert "Accord attendu" in nurse.get("/follow-ups").text
    run("delete from identity.account where person = %s", care.patient)
    open_account(care.patient, "jeanne")
    phone = sign_in(new_client(), "jeanne")
    assert "/p/follow-up" in phone.get("/p").text
    assert "j’appelle le 15" in phone.get("/p/follow-up").text
    ((episode,),) = rows("select id from coordination.episode")
    half = phone.post("/p/follow-up", data={"episode": str(episode), "telemonitoring": "yes"})
    assert half.status_code == 422
    both = {"episode": str(episode), "telemonitoring": "yes", "usage_data": "no"}
    assert "Votre réponse est gardée" in phone.post("/p/follow-up", data=both).text
    assert rows(
        "select kind, agreed, means, given_by = recorded_by from coordination.agreement"
        " order by kind"
    ) == [("telemonitoring", True, "digital", True), ("usage_data", False, "digital", True)]
    assert "Accord attendu" not in nurse.get("/follow-ups").text
    assert "/p/follow-up" not in phone.get("/p").text


def test_a_dead_patient_is_not_invited(care: Care, nurse: TestClient) -> None:
    run("update access.patient set died_on = %s, death_noted_at = %s", NOON.date(), NOON)
    where = f"/patients/{care.patient}/follow-up/invitation"
    answer = nurse.post(where, data={"mail": "jeanne@example.org"})
    assert "personne n’est invité" in answer.text
    assert rows("select count(*) from messages.outbox") == [(0,)]


def test_only_who_is_around_him_includes_him(care: Care, new_client: NewClient) -> None:
    stranger = make_gp("Dr Anne Inconnue")
    open_account(stranger.person, "stranger")
    client = sign_in(new_client(), "stranger")
    assert client.get(page_of(care)).status_code == 404
    assert client.post(page_of(care), data=PATH).status_code == 404
    assert "MARTIN" not in client.get("/follow-ups").text


def test_a_crash_on_the_way_begins_nothing(
    care: Care, nurse: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: the very last step fails, when all else is written."""

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("crash")

    with monkeypatch.context() as broken:
        broken.setattr(inclusion_service.store, "decide", crash)
        assert nurse.post(page_of(care), data={**PATH, "mail": "j@home.example"}).status_code == 500
    assert begun() == [(0, 0, 0, 0, 0)]
    assert rows("select count(*) from messages.outbox") == [(0,)]
    assert nurse.post(page_of(care), data=PATH).status_code == 200
    assert begun() == [(1, 2, 1, 1, 0)]
