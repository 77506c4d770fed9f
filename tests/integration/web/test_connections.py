"""My connections: listed, ended one by one or all at once, at the next request and on sockets."""

import re
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from alerts.store.duties import load_candidates
from core.doors import Service, serving
from dashboard.edge import guard
from identity.administration import operator_service
from messages.service import register_contact
from tests.as_owner import rows, run
from tests.integration.web.scene import (
    NewClient,
    Scene,
    sign_in,
    sign_in_by_page,
)

SESSIONS = "/account/sessions"


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
        people = load_candidates(conn, scene.home.care.patient, "telemonitoring_nurse")
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
