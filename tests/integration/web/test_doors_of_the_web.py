"""Who gets in: sign-in, the two locks as the web shows them, and requests forged elsewhere."""

import re
from collections import defaultdict
from uuid import uuid4

import psycopg
import pytest
from starlette.testclient import TestClient

from app.errors_http import is_for_programs
from app.web import PUBLIC
from core import clock
from core.settings import settings
from identity import service as identity
from identity.origin import Origin
from identity.password_service import sign_in as check_password
from identity.session_service import who_is
from identity.verdicts import Opened
from tests.conftest import Database
from tests.integration.alerts.home import rows
from tests.integration.web.scene import (
    ORIGIN,
    PASSWORD,
    NewClient,
    Scene,
    give_password,
    open_account,
    sign_in,
    sign_in_by_page,
)
from tests.security.routes import VERBS, web_routes
from tests.security.verdicts import read_verdicts

ASKS_WHO = {"signed_in", "half_signed_in"}
ASKING = ("care_", "own_record_", "key_for_")
"""How the names of the checks begin that ask for a record, or for another system's key."""
LEFT_BEHIND = "/account/contributions/{patient_id}"
"""Of a record the person has left: there is no membership to ask for (S1 holds its verdict)."""

OF_POSTS = {verdict.key for verdict in read_verdicts("web") if verdict.kind == "post"}
"""Refused for the post, before any id is looked at; S1 holds what such a post finds there."""

LED_BACK = {
    "POST /p/notifications/{subscription_id}/end",
    "POST /p/notifications/{subscription_id}/try",
    "POST /l/{alert_id}/leave",
    "POST /account/duties/swaps/{swap_id}",
    "POST /invitations/{waiting_id}/answer",
}
"""One's own browsers, shifts, invitations: another's and none lead back with the same words."""


def test_every_route_asks_who_is_there_or_is_public_by_name() -> None:
    routes = [route for route in web_routes() if route.method in VERBS]
    open_routes = {
        route.path
        for route in routes
        if not any(name in ASKS_WHO or name.startswith(ASKING) for name in route.checks)
    }
    assert len(routes) > 100
    for route in routes:
        if "{patient_id}" in route.path and route.path != LEFT_BEHIND:
            assert any(name.startswith("care_") for name in route.checks), route.path
    assert open_routes <= PUBLIC


@pytest.mark.parametrize(
    ("login", "home"), [("gp", "/"), ("nurse", "/console/"), ("patient", "/p")]
)
def test_sign_in_leads_to_the_home_of_the_role(
    scene: Scene, new_client: NewClient, login: str, home: str
) -> None:
    client = new_client()
    answer = sign_in_by_page(client, login)
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_sign_in_never_leads_to_another_site(
    scene: Scene, new_client: NewClient, next: str
) -> None:
    client = new_client()
    answer = sign_in_by_page(client, "gp", next)
    assert answer.headers["location"] == "/"


def test_a_wrong_password_says_neither_which_nor_who(scene: Scene, new_client: NewClient) -> None:
    wrong = new_client().post("/sign-in", data={"login": "gp", "password": "wrong"})
    nobody = new_client().post("/sign-in", data={"login": "gp", "password": "wrong"})
    unknown = new_client().post("/sign-in", data={"login": "xx", "password": "wrong"})
    assert wrong.status_code == nobody.status_code == unknown.status_code == 401
    assert wrong.text.replace('value="gp"', "") == unknown.text.replace('value="xx"', "")


def test_several_posts_are_asked_for_by_name(scene: Scene, new_client: NewClient) -> None:
    ward = identity.register_organisation("Hôpital Nord")
    post = identity.give_post(scene.home.care.gp.person, ward, "gp")
    client = new_client()
    led = sign_in_by_page(client, "gp", "/about")
    assert led.headers["location"] == "/sign-in/post?next=/about"
    assert "Hôpital Nord" in client.get("/sign-in/post").text
    before = client.cookies["chevet_session"]
    nowhere = client.post("/sign-in/post", data={"post": str(uuid4())})
    assert nowhere.status_code == 404
    form = {"post": str(post), "next": "/about"}
    chosen = client.post("/sign-in/post", data=form, follow_redirects=False)
    assert chosen.headers["location"] == "/about"
    assert client.cookies["chevet_session"] != before
    assert who_is(before) is None
    assert "Hôpital Nord" in client.get("/").text


def test_nobody_signed_in_is_led_to_sign_in_and_back(scene: Scene, new_client: NewClient) -> None:
    client = new_client()
    asked = client.get(f"/a/{scene.alert}", follow_redirects=False)
    assert asked.headers["location"] == f"/sign-in?next=/a/{scene.alert}"
    led = sign_in_by_page(client, "gp", f"/a/{scene.alert}")
    answer = client.get(led.headers["location"])
    assert str(answer.url).endswith(scene.page)
    assert "MARTIN Jeanne" in answer.text


@pytest.mark.promise("S5")
def test_a_stranger_cannot_tell_a_hidden_record_from_none(
    scene: Scene, new_client: NewClient
) -> None:
    """Nor from a page that does not exist; S5 asks more of everybody in tests/security."""
    client = sign_in(new_client(), "stranger")
    nothing = {False: client.get("/nothing/here"), True: client.get("/p/api/nothing/here")}
    real = {"patient_id": scene.home.care.patient, "alert_id": scene.alert}
    checked = 0
    for route in web_routes():
        if route.key in OF_POSTS | LED_BACK or "_id}" not in route.path:
            continue
        missing = nothing[is_for_programs(route.path)]
        hidden = client.request(route.method, route.path.format_map(defaultdict(uuid4, real)))
        assert hidden.status_code == missing.status_code == 404, route.key
        assert hidden.content == missing.content, route.key
        assert dict(hidden.headers) == dict(missing.headers), route.key
        checked += 1
    assert checked >= 29
    assert client.get("/patients/not-an-id/circle").content == nothing[False].content


def test_a_member_without_the_right_is_told_so(scene: Scene, new_client: NewClient) -> None:
    help_at_home = identity.register_person("Léa Aide")
    identity.join_circle(scene.home.care.patient, help_at_home, "home_help")
    open_account(help_at_home, "help")
    client = sign_in(new_client(), "help")
    refused = client.get(scene.page)
    assert refused.status_code == 403
    assert (
        "Votre rôle dans ce cercle de soins ne vous permet pas de lire les alertes" in refused.text
    )
    assert "Jeanne" not in refused.text
    assert client.get(f"/patients/{scene.home.care.patient}/circle").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_request_forged_by_another_site_is_refused(
    scene: Scene, new_client: NewClient, headers: dict[str, str]
) -> None:
    client = sign_in(new_client(), "gp")
    cookies = {"cookie": f"chevet_session={client.cookies['chevet_session']}"}
    with TestClient(client.app) as forged:
        answer = forged.post(scene.page, data={"act": "seen"}, headers={**cookies, **headers})
    assert answer.status_code == 403
    assert rows("select state from alerts.alert") == [("raised",)]
    assert client.post(scene.page, data={"act": "seen"}).status_code == 200
    assert rows("select state from alerts.alert") == [("seen",)]


def test_a_session_that_ended_opens_nothing_more(
    scene: Scene, new_client: NewClient, database: Database
) -> None:
    client = sign_in(new_client(), "gp")
    assert client.get(scene.page).status_code == 200
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("update identity.session set ended_at = %s", [clock.now()])
    after = client.get(scene.page, follow_redirects=False)
    assert after.status_code == 303
    assert after.headers["location"].startswith("/sign-in")


def test_signing_out_ends_the_session_in_the_database(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "gp")
    token = client.cookies["chevet_session"]
    client.post("/sign-out")
    assert who_is(token) is None


def test_pages_are_kept_by_nobody_and_run_no_foreign_script(
    scene: Scene, new_client: NewClient
) -> None:
    answer = sign_in(new_client(), "gp").get(scene.page)
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in answer.text
    for script in re.findall(r"<script[^>]*>[^<]*", answer.text):
        assert re.fullmatch(
            r'<script type="module" src="/bedside/app/[0-9a-f]+/who\.js" data-person="[\w-]*">',
            script,
        )
    assert "strict-transport-security" not in answer.headers


def test_cookies_need_https_unless_told_otherwise(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHEVET_COOKIE_SECURE")
    settings.cache_clear()
    answer = give_password(new_client(), "gp")
    assert "Secure" in answer.headers["set-cookie"]


def test_machines_ask_without_signing_in(database: Database, new_client: NewClient) -> None:
    client = new_client()
    assert client.get("/healthz").text == "ok"
    assert client.get("/readyz").text == "ok"
    assert "chevet_http_requests_total" in client.get("/metrics").text
    assert client.get("/static/chevet.css").status_code == 200
    manifest = client.get("/p/manifest.webmanifest")
    assert manifest.json()["start_url"] == "/p"
    for icon in manifest.json()["icons"]:
        drawn = client.get(icon["src"])
        assert drawn.headers["content-type"].split(";")[0] == icon["type"]


def test_the_language_is_kept_in_the_account(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "gp")
    assert "Mes patients" in client.get("/").text
    client.post("/language", data={"locale": "en", "next": "/"})
    assert "My patients" in client.get("/").text
    assert "My patients" in sign_in(new_client(), "gp").get("/").text
    assert client.post("/language", data={"locale": "xx"}).status_code == 400


def test_a_failure_is_a_page_that_says_what_to_do_and_tells_nothing(
    scene: Scene, new_client: NewClient, database: Database
) -> None:
    client = sign_in(new_client(), "gp")
    with psycopg.connect(database.dsn("OWNER")) as conn:
        conn.execute("revoke select on doorway.circle from chevet_app")
    failed = client.get(f"/patients/{scene.home.care.patient}/circle")
    assert failed.status_code == 500
    assert "Une panne de notre côté" in failed.text
    assert "Jeanne" not in failed.text
    assert "circle" not in failed.text
    assert failed.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in failed.headers["content-security-policy"]


def test_guessing_is_slowed_down_for_that_name_from_there_only(
    scene: Scene, new_client: NewClient
) -> None:
    client = new_client()
    guess = {"login": "gp", "password": "not the one"}
    told = [client.post("/sign-in", data=guess).status_code for _ in range(11)]
    assert told == [401] * 10 + [429]
    slowed = client.post("/sign-in", data={"login": "gp", "password": PASSWORD})
    assert slowed.status_code == 429
    assert "Attendez 15 minutes" in slowed.text
    assert sign_in(new_client(), "patient").get("/p").status_code == 200
    elsewhere = check_password("gp", PASSWORD, origin=Origin(address="192.0.2.7"))
    assert isinstance(elsewhere, Opened), "guessing shuts the owner out"


def test_the_console_may_live_at_another_address(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_CONSOLE_URL", "http://127.0.0.1:8081")
    settings.cache_clear()
    client = new_client()
    answer = sign_in_by_page(client, "nurse")
    assert answer.headers["location"] == "http://127.0.0.1:8081/console/"
    assert "form-action 'self' http://127.0.0.1:8081" in answer.headers["content-security-policy"]
