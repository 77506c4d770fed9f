"""The life of accounts and posts: invited, suspended, ended, by whoever answers for them."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.cli import app as command_line
from core import clock
from identity import service as identity
from identity.session_service import open_session
from tests.as_owner import rows, run
from tests.integration.web.scene import (
    PASSWORD,
    NewClient,
    Scene,
    open_account,
    sign_in,
)

ACCOUNTS = "/admin/accounts"
FORM = {
    "given": "Lina",
    "family": "Petit",
    "mail": "lina.petit@centre.example",
    "rpps": "10000000009",
    "role": "telemonitoring_nurse",
}


def day(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


@pytest.fixture
def admin(scene: Scene, new_client: NewClient) -> TestClient:
    """The administrator of the centre, signed in."""
    person = identity.register_person("Ada Ministre")
    identity.give_post(person, scene.home.care.centre, "administrator")
    open_account(person, "admin")
    return sign_in(new_client(), "admin")


def code_of(page: str) -> str:
    found = re.search(r'<strong class="number">([^<]+)</strong>', page)
    assert found, page
    return found[1]


def test_an_invited_professional_opens_her_account(
    admin: TestClient, new_client: NewClient
) -> None:
    page = admin.post(ACCOUNTS, data={**FORM, "until": day(30)}).text
    code = code_of(page)
    assert "Invité, pas encore ouvert" in page
    (mail,) = rows("select address, template from messages.outbox where template = 'activation'")
    assert mail == ("lina.petit@centre.example", "activation")
    (token_hash,) = rows("select token_hash from identity.ticket where kind = 'activation'")[0]
    assert len(token_hash) == 32
    assert code not in str(rows("select * from identity.ticket"))
    again = code_of(admin.post(f"{ACCOUNTS}/{person_of('lina.petit@centre.example')}/invite").text)
    assert again != code
    assert "occupe déjà ce poste" in admin.post(ACCOUNTS, data=FORM).text
    assert rows("select count(*) from identity.professional where rpps = '10000000009'") == [(1,)]
    acts = rows(
        "select detail ->> 'act', detail ->> 'outcome', outcome from audit.event "
        "where permission = 'accounts:manage' order by id"
    )
    assert acts == [
        ("invite", "invited", "success"),
        ("invite_again", "invited", "success"),
        ("invite", "held", "refused"),
    ]


def person_of(login: str) -> UUID:
    (person,) = rows("select person from identity.account where login = %s", login)[0]
    assert isinstance(person, UUID)
    return person


def test_a_form_with_a_fault_is_shown_again_with_what_was_typed(admin: TestClient) -> None:
    for field, value, said in (
        ("rpps", "10000000008", "dernier chiffre"),
        ("mail", "nowhere", "n’est pas une adresse"),
        ("role", "patient", "ne peut pas être donné"),
        ("until", "2001-01-01", "un jour à venir"),
    ):
        answer = admin.post(ACCOUNTS, data={**FORM, field: value})
        assert answer.status_code == 422, field
        assert said in answer.text, field
        assert 'value="Petit"' in answer.text
    assert rows("select count(*) from identity.account where login like 'lina%%'") == [(0,)]


@pytest.mark.promise("S13")
def test_nobody_is_handed_the_account_of_somebody_known_elsewhere(
    scene: Scene, admin: TestClient
) -> None:
    """A GP of other circles without an account: whoever activated it would open his records."""
    doctor = identity.register_person("Dr Luc Connu")
    run(
        "insert into identity.professional (person, rpps, family_name, changed_at) "
        "values (%s, '10000000009', 'Connu', now())",
        doctor,
    )
    identity.join_circle(scene.home.care.patient, doctor, "gp")
    refused = admin.post(ACCOUNTS, data=FORM)
    assert refused.status_code == 422
    assert "connue ailleurs" in refused.text
    assert rows("select 1 from identity.account where person = %s", doctor) == []
    taken = admin.post(ACCOUNTS, data={**FORM, "rpps": "10000000017", "mail": "patient"})
    assert taken.status_code == 422


@pytest.mark.promise("S9")
def test_suspending_ends_every_session_at_once(
    scene: Scene, admin: TestClient, new_client: NewClient
) -> None:
    nurse = sign_in(new_client(), "nurse")
    person = scene.home.care.nurse.person
    nurse.post(scene.page, data={"act": "calling_patient"})
    waiting = "select next_step_at > now() from alerts.alert where id = %s"
    assert rows(waiting, scene.alert) == [(True,)]
    assert "Suspendu" in admin.post(f"{ACCOUNTS}/{person}/suspend").text
    assert rows(waiting, scene.alert) == [(False,)], "the alert waits for who may not answer"
    assert nurse.get(scene.page, follow_redirects=False).status_code == 303
    form = {"login": "nurse", "password": PASSWORD}
    assert new_client().post("/sign-in", data=form).status_code == 401
    assert "Compte actif" in admin.post(f"{ACCOUNTS}/{person}/resume").text
    assert sign_in(new_client(), "nurse").get(scene.page).status_code == 200


def test_an_account_ends_on_its_day(
    scene: Scene, admin: TestClient, new_client: NewClient, clock_file: Path
) -> None:
    person = scene.home.care.nurse.person
    admin.post(f"{ACCOUNTS}/{person}/expiry", data={"until": day(1)})
    nurse = sign_in(new_client(), "nurse")
    assert nurse.get(scene.page).status_code == 200
    clock_file.write_text(str(timedelta(days=2).total_seconds()))
    form = {"login": "nurse", "password": PASSWORD}
    assert new_client().post("/sign-in", data=form).status_code == 401


def test_what_is_not_ones_own_to_decide(
    scene: Scene, admin: TestClient, new_client: NewClient
) -> None:
    gp, nurse = scene.home.care.gp, scene.home.care.nurse
    me = person_of("admin")
    for person in (gp.person, scene.home.care.patient):
        assert "Rien n’a été modifié" in admin.post(f"{ACCOUNTS}/{person}/suspend").text
    assert "Rien n’a été modifié" in admin.post(f"{ACCOUNTS}/posts/{gp.post}/end").text
    assert "pour vous-même" in admin.post(f"{ACCOUNTS}/{me}/suspend").text
    identity.give_post(nurse.person, identity.register_organisation("Ailleurs"), "home_nurse")
    assert "connue ailleurs" in admin.post(f"{ACCOUNTS}/{nurse.person}/suspend").text
    assert admin.get(scene.page).status_code == 403
    assert sign_in(new_client(), "gp").get(ACCOUNTS).status_code == 403
    refused = "select permission from audit.event where person = %s and outcome = 'refused'"
    assert rows(refused, gp.person) == [("accounts:manage",)]
    assert rows("select count(*) from identity.account where disabled_at is not null") == [(0,)]


@pytest.mark.promise("S9")
def test_leaving_a_post_closes_its_sessions_and_calls_others(
    scene: Scene, admin: TestClient, new_client: NewClient
) -> None:
    nurse = sign_in(new_client(), "nurse")
    nurse.post(scene.page, data={"act": "calling_patient"})
    before = rows("select owner, next_step_at from alerts.alert where id = %s", scene.alert)
    assert before[0][0] == scene.home.care.nurse.person
    post = scene.home.care.nurse.post
    assert "C’est fait" in admin.post(f"{ACCOUNTS}/posts/{post}/end").text
    assert nurse.get(scene.page, follow_redirects=False).status_code == 303
    (due,) = rows("select next_step_at <= now() from alerts.alert where id = %s", scene.alert)
    assert due == (True,)


def test_a_caregiver_invites_the_patient(scene: Scene, new_client: NewClient) -> None:
    patient = scene.home.care.patient
    page = f"/patients/{patient}/account"
    gp = sign_in(new_client(), "gp")
    assert "Compte actif" in gp.get(page).text
    run("delete from identity.account where person = %s", patient)
    assert gp.post(page, data={"mail": "nowhere"}).status_code == 422
    assert gp.post(page, data={"mail": "NURSE"}).status_code == 422
    run("update identity.account set login = 'nurse@centre.example' where login = 'nurse'")
    taken = gp.post(page, data={"mail": "Nurse@centre.example"})
    assert "appartient à un autre compte" in taken.text
    assert len(code_of(gp.post(page, data={"mail": "jeanne@example.fr"}).text)) > 4
    assert rows("select recipient, address from messages.outbox where template = 'activation'") == [
        (patient, "jeanne@example.fr")
    ]
    assert sign_in(new_client(), "stranger").get(page).status_code == 404


def test_a_site_is_set_up_from_the_command_line(new_client: NewClient) -> None:
    def chevet(*words: str) -> str:
        done = CliRunner().invoke(command_line, list(words))
        assert done.exit_code == 0, done.output
        return done.output.strip()

    centre = chevet("organisation", "create", "Centre de Brie", "--finess", "750000010")
    mail = "ada@brie.example"
    chevet("account", "create", mail, "--given", "Ada", "--family", "Ministre")
    chevet("post", "give", mail, "750000010", "administrator")
    assert "code" in chevet("account", "invite", mail)
    person = person_of(mail)
    assert rows("select organisation::text from access.post where person = %s", person) == [
        (centre,)
    ]
    token = open_session(person, aal="two")
    client = new_client()
    client.cookies.set("chevet_session", token, domain="testserver.local", path="/")
    chevet("account", "suspend", mail)
    assert client.get("/account/sessions", follow_redirects=False).status_code == 303
    chevet("account", "resume", mail)
    assert chevet("post", "end", mail, centre) == "1 ended."
    twice = CliRunner().invoke(command_line, ["post", "end", mail, centre])
    assert twice.exit_code == 1
    acts = rows("select purpose from audit.event where service = 'administration' order by id")
    assert [act for (act,) in acts] == [
        "organisation_created",
        "account_created",
        "post_given",
        "account_invited",
        "account_suspended",
        "account_resumed",
        "post_ended",
    ]
