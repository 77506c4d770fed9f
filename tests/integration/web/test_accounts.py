"""My connections, and the life of accounts and posts: invited, suspended, ended, replaced."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from typer.testing import CliRunner

from alerts.store.calling import load_reachable
from app.cli import app as command_line
from core import clock
from core.doors import Actor, Service, serving
from core.ids import new_id
from core.settings import settings
from dashboard.edge import guard
from identity import service as identity
from identity.administration import operator_service
from identity.administration import service as administration
from identity.administration.forms import Outcome, Period
from identity.session_service import open_session
from messages.service import register_contact
from tests.integration.web.scene import (
    PASSWORD,
    NewClient,
    Scene,
    open_account,
    sign_in,
    sign_in_by_page,
)

ACCOUNTS = "/admin/accounts"
SESSIONS = "/account/sessions"
FORM = {
    "given": "Lina",
    "family": "Petit",
    "mail": "lina.petit@centre.example",
    "rpps": "10000000009",
    "role": "telemonitoring_nurse",
}


def rows(query: str, *params: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(settings().owner_dsn) as conn:
        return conn.execute(query.encode(), params).fetchall()


def run(query: str, *params: object) -> None:
    with psycopg.connect(settings().owner_dsn) as conn:
        conn.execute(query.encode(), params)


def day(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


@pytest.fixture
def admin(scene: Scene, new_client: NewClient) -> TestClient:
    """The administrator of the centre, signed in."""
    person = identity.register_person("Ada Ministre")
    identity.give_post(person, scene.home.care.centre, "administrator")
    open_account(person, "admin")
    return sign_in(new_client(), "admin")


# My connections


def test_my_connections_are_listed_and_one_is_ended(scene: Scene, new_client: NewClient) -> None:
    here, there, other = new_client(), new_client(), new_client()
    for client in (here, there):
        sign_in(client, "nurse")
    sign_in(other, "gp")
    page = here.get(SESSIONS).text
    assert page.count('/end"') == 2
    assert page.count("Cette connexion") == 1
    assert "Centre de télésuivi" in page
    (theirs,) = rows(
        "select s.id from identity.session s join identity.account a on a.person = s.person "
        "where a.login = 'gp'"
    )[0]
    assert "déjà terminée" in here.post(f"{SESSIONS}/{theirs}/end").text
    assert other.get(SESSIONS).status_code == 200
    mine = rows("select id from identity.session where token_hash = sha256(%s)", token(here))[0][0]
    paths = re.findall(rf'action="({SESSIONS}/[0-9a-f-]+/end)"', here.get(SESSIONS).text)
    (elsewhere,) = [path for path in paths if str(mine) not in path]
    assert "est terminée" in here.post(elsewhere).text
    assert there.get(SESSIONS, follow_redirects=False).status_code == 303
    assert here.get(SESSIONS).status_code == 200


def token(client: TestClient) -> bytes:
    return client.cookies["chevet_session"].encode()


@pytest.mark.promise("S13")
def test_signing_out_everywhere_holds_at_the_next_request(
    scene: Scene, new_client: NewClient
) -> None:
    clients = [sign_in(new_client(), "gp") for _ in range(3)]
    assert all(client.get(scene.page).status_code == 200 for client in clients)
    clients[0].post(f"{SESSIONS}/end-all", follow_redirects=False)
    for client in clients:
        assert client.get(scene.page, follow_redirects=False).status_code == 303


@pytest.fixture
def sockets() -> TestClient:
    """A socket behind the console's lock that gives back what it is told."""

    async def echo(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})

    return TestClient(guard.Guard(echo, prefix="/console", headers=[]))


@pytest.mark.promise("S9")
def test_signing_out_everywhere_closes_open_sockets_in_five_seconds(
    scene: Scene, new_client: NewClient, sockets: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    nurse, elsewhere = sign_in(new_client(), "nurse"), sign_in(new_client(), "nurse")
    cookie = {"cookie": f"chevet_session={nurse.cookies['chevet_session']}"}
    with sockets.websocket_connect("/console/_ws", headers=cookie) as socket:
        socket.send_text("still there")
        assert socket.receive_text() == "still there"
        began = time.monotonic()
        elsewhere.post(f"{SESSIONS}/end-all", follow_redirects=False)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == guard.SESSION_OVER
        assert time.monotonic() - began <= 5
    # A lock that asked once and believed it for good would keep the socket open.
    nurse = sign_in(new_client(), "nurse")
    cookie = {"cookie": f"chevet_session={nurse.cookies['chevet_session']}"}
    believed = guard._person(cookie["cookie"])
    monkeypatch.setattr(guard, "_person", lambda cookies: believed)
    with sockets.websocket_connect("/console/_ws", headers=cookie) as socket:
        nurse.post(f"{SESSIONS}/end-all", follow_redirects=False)
        socket.send_text("still there")
        assert socket.receive_text() == "still there"


def suspended(scene: Scene) -> None:
    assert operator_service.suspend("nurse", suspended=True) == scene.home.care.nurse.person


def expired(scene: Scene) -> None:
    person = scene.home.care.nurse.person
    run("update identity.account set expires_at = now() where person = %s", person)


def gone(scene: Scene) -> None:
    assert isinstance(operator_service.end_posts("nurse", str(scene.home.care.centre)), list)


@pytest.mark.promise("S9")
@pytest.mark.parametrize("ends", [suspended, expired, gone])
def test_who_may_no_longer_act_loses_pages_console_and_sockets(
    scene: Scene,
    new_client: NewClient,
    sockets: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    ends: Callable[[Scene], None],
) -> None:
    monkeypatch.setattr(guard, "RECHECK_SECONDS", 0.2)
    nurse = sign_in(new_client(), "nurse")
    assert scene.home.care.nurse.person in called(scene)
    cookie = {"cookie": f"chevet_session={nurse.cookies['chevet_session']}"}
    with sockets.websocket_connect("/console/_ws", headers=cookie) as socket:
        socket.send_text("still there")
        assert socket.receive_text() == "still there"
        ends(scene)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == guard.SESSION_OVER
    assert nurse.get(scene.page, follow_redirects=False).status_code == 303
    asked = sockets.post("/console/_dash-update-component", headers=cookie, json={})
    assert asked.status_code == 401
    assert scene.home.care.nurse.person not in called(scene)


def called(scene: Scene) -> set[UUID]:
    """Return whom an alert of the patient can be called to."""
    with serving(Service.ESCALATION) as conn:
        people = load_reachable(conn, scene.home.care.patient, "telemonitoring_nurse")
    return {one.person for one in people}


@pytest.mark.promise("S13")
def test_the_owner_is_told_of_a_new_browser_without_a_name_in_the_mail(
    scene: Scene, new_client: NewClient
) -> None:
    gp = scene.home.care.gp.person
    register_contact(gp, "email", "gp@cabinet.example")
    mails = "select address, params from messages.outbox where template = 'new_browser'"
    first, second = new_client(), new_client()
    for client in (first, first, second):
        client.get("/sign-in")
        sign_in_by_page(client, "gp")
        run("update identity.totp set last_step = 0")
        told = rows(mails)
        assert len(told) == (1 if client is second else 0)
        client.post("/sign-out")
    assert told == [("gp@cabinet.example", {})]


# The administrator


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


# Substitutes


def substitute_of(replaced: Actor, days: int = 7) -> Actor:
    """Return somebody of another practice who replaces an actor from now on."""
    person = identity.register_person("Dr Rose Remplaçante")
    open_account(person, "rose")
    now = clock.now()
    period = Period(starts_at=now, ends_at=now + timedelta(days=days))
    assert replaced.post is not None
    assert administration.substitute(replaced, replaced.post, "rose", period) is Outcome.DONE
    (post,) = rows("select id from access.post where replaces = %s", replaced.post)[0]
    return Actor(person=person, post=post, session=None)


@pytest.mark.promise("S9")
def test_a_substitute_sees_what_the_replaced_sees_for_those_days(
    scene: Scene, new_client: NewClient, clock_file: Path
) -> None:
    gp = scene.home.care.gp
    rose = substitute_of(gp)
    client = sign_in(new_client(), "rose")
    assert client.get(scene.page).status_code == 200
    assert "Jeanne Martin" in client.get("/").text
    with_post = rows(
        "select post from audit.event where person = %s and outcome = 'success' limit 1",
        rose.person,
    )
    assert with_post == [(rose.post,)]
    clock_file.write_text(str(timedelta(days=8).total_seconds()))
    late = new_client()
    token = open_session(rose.person, aal="two")
    late.cookies.set("chevet_session", token, domain="testserver.local", path="/")
    assert late.get(scene.page).status_code == 404


@pytest.mark.promise("S9")
def test_a_substitute_does_not_outlast_the_post_nor_the_membership(
    scene: Scene, new_client: NewClient
) -> None:
    gp = scene.home.care.gp
    rose = substitute_of(gp)
    client = sign_in(new_client(), "rose")
    mother = identity.register_patient(
        birth_name="Lefèvre",
        birth_first_names="Odile",
        birth_date=clock.now().date() - timedelta(days=30000),
        sex="female",
    )
    identity.join_circle(mother, gp.person, "carer")
    assert client.get(f"/patients/{mother}/circle").status_code == 404
    run(
        "update access.membership set ends_at = now() where party = %s and patient_id = %s",
        gp.person,
        scene.home.care.patient,
    )
    assert client.get(scene.page).status_code == 404
    run("update access.post set ends_at = now() where id = %s", gp.post)
    assert client.get("/", follow_redirects=False).status_code == 303
    assert rows("select ends_at <= now() from access.post where id = %s", rose.post) == [(True,)]


@pytest.mark.promise("S9")
def test_what_is_hidden_from_the_replaced_is_hidden_from_the_substitute(
    scene: Scene, new_client: NewClient
) -> None:
    patient, gp = scene.home.care.patient, scene.home.care.gp.person
    substitute_of(scene.home.care.gp)
    author, item = identity.register_person("Autrice"), new_id(clock.now())
    run(
        "insert into access.item (item_id, patient_id, kind, author, author_name, author_role,"
        " patient_name, signed_at) values (%s, %s, 'note', %s, 'Autrice', 'home_nurse', '', now())",
        item,
        patient,
        author,
    )
    run(
        "insert into coordination.note (item_id, patient_id, author, sent, text)"
        " values (%s, %s, %s, now(), 'Une note confiée')",
        item,
        patient,
        author,
    )
    rose = sign_in(new_client(), "rose")
    assert "Une note confiée" in rose.get(f"/patients/{patient}/notes").text
    run(
        "insert into access.item_hidden (id, item_id, party, by, at)"
        " values (%s, %s, %s, %s, now())",
        new_id(clock.now()),
        item,
        gp,
        patient,
    )
    assert "Une note confiée" not in rose.get(f"/patients/{patient}/notes").text


def test_i_let_somebody_replace_me_and_end_it(scene: Scene, new_client: NewClient) -> None:
    gp, page = sign_in(new_client(), "gp"), "/account/substitutes"
    assert "Personne ne vous remplace" in gp.get(page).text
    dates = {"first": "2099-01-01", "last": "2099-01-07"}
    said = gp.post(page, data={"login": "stranger", **dates}).text
    assert "Inconnue" in said
    assert "jusqu’au 7 janv. 2099" in said
    assert "remplace déjà" in gp.post(page, data={"login": "stranger", **dates}).text
    assert "cet identifiant" in gp.post(page, data={"login": "no-one", **dates}).text
    assert "pour vous-même" in gp.post(page, data={"login": "gp", **dates}).text
    backwards = {"login": "nurse", "first": day(9), "last": day(3)}
    assert "dernier jour" in gp.post(page, data=backwards).text
    (end,) = re.findall(rf'action="({page}/[0-9a-f-]+/end)"', gp.get(page).text)
    nurse = sign_in(new_client(), "nurse")
    assert "Rien n’a été modifié" in nurse.post(end).text
    assert "C’est fait" in gp.post(end).text
    assert "Personne ne vous remplace" in gp.get(page).text


# Patients


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


# The operator


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
