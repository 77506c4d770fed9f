"""A remembered phone answers today's questionnaire; every other route of the application asks."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from coordination.chat.edge.live import OVER
from dashboard.edge import guard
from identity.edge import http
from identity.edge.http import PHONE_COOKIE, SESSION_COOKIE
from identity.origin import Origin
from identity.session_service import remember_phone
from tests.as_owner import run
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.security.asking import IN_BRACES, ORIGIN
from tests.security.verdicts import read_verdicts

pytestmark = pytest.mark.promise("S13")
TODAY = {
    "GET /p", "GET /p/questions", "POST /p/questions", "GET /p/sent", "GET /p/api/today",
    "POST /p/api/answers", "POST /p/sent/called", "GET /p/call-back", "POST /p/call-back",
    "GET /p/tasks/{task_id}", "POST /p/tasks/{task_id}", "POST /p/api/photos",
    "POST /p/tasks/{task_id}/later", "GET /p/repeats/{repeat_id}", "POST /p/repeats/{repeat_id}",
    "POST /p/api/repeats/{repeat_id}",
}  # fmt: skip
WAY_IN = {"GET /sign-in/second", "POST /sign-in/second", "POST /sign-in/sms"}
"""The second factor itself: what a remembered phone is asked for."""
CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}


@pytest.fixture
def token(scene: Scene) -> str:
    """What a phone of the patient keeps for thirty days."""
    return remember_phone(scene.home.care.patient, Origin())


def phone(client: TestClient, token: str, cookie: str = PHONE_COOKIE) -> TestClient:
    client.cookies.set(cookie, token, domain="testserver.local", path="/")
    return client


def hears(client: TestClient, path: str) -> bool:
    """Whether a socket does anything but hang up on somebody who has no session."""
    with client.websocket_connect(path, headers={"origin": ORIGIN}) as socket:
        socket.send_text('{"after": 0}')
        try:
            socket.receive_text()
        except WebSocketDisconnect as closed:
            return closed.code != OVER
    return True


def opened(client: TestClient, scene: Scene) -> set[str]:
    """Return the routes which do not ask for more, of all that have something to protect."""
    known = {
        "patient_id": scene.home.care.patient,
        "alert_id": scene.alert,
        "kind": "note",
    }
    form = {"post": str(uuid4())}
    found = set()
    for verdict in read_verdicts("web"):
        if verdict.kind == "public" or verdict.key.startswith("MOUNT"):
            continue
        method, path = verdict.key.split(" ", 1)
        filled = IN_BRACES.sub(lambda name: str(known.get(name[1], uuid4())), path)
        if method == "SOCKET":
            if hears(client, filled):
                found.add(verdict.key)
            continue
        sent = form if method == "POST" else None
        answer = client.request(method, filled, data=sent, follow_redirects=False)
        led_away = answer.headers.get("location", "").startswith("/sign-in")
        if not (led_away or answer.status_code == 401):
            found.add(verdict.key)
    return found - WAY_IN


def test_every_route_but_those_of_today_asks_for_the_second_factor(
    scene: Scene, new_client: NewClient, token: str
) -> None:
    assert len(read_verdicts("web")) > 60
    assert opened(phone(new_client(), token), scene) == TODAY


def test_a_door_that_takes_the_phone_for_two_factors_is_noticed(
    scene: Scene, new_client: NewClient, token: str
) -> None:
    client = phone(new_client(), token)
    app = client.app
    assert isinstance(app, FastAPI)
    app.dependency_overrides[http.signed_in] = lambda: http._who(token)
    more = opened(client, scene) - TODAY
    assert {"GET /p/journal", "GET /p/circle", "GET /account/sessions"} <= more


def test_its_token_is_no_session_for_pages_console_or_sockets(
    scene: Scene, new_client: NewClient, token: str
) -> None:
    moved = phone(new_client(), token, SESSION_COOKIE)
    assert opened(moved, scene) == set()
    for cookie in (PHONE_COOKIE, SESSION_COOKIE):
        assert guard._person(f"{cookie}={token}") is None
    two = sign_in(new_client(), "nurse").cookies[SESSION_COOKIE]
    assert guard._person(f"{SESSION_COOKIE}={two}") is not None


def test_it_answers_today_and_sees_nothing_of_other_days(
    scene: Scene, new_client: NewClient, token: str, clock_file: Path
) -> None:
    client = phone(new_client(), token)
    grave = {**CALM, "dyspnoea": "effort"}
    assert client.post("/p/questions", data=grave).status_code == 200
    assert client.get("/p/sent").status_code == 200
    assert "Envoyé à" in client.get("/p").text
    clock_file.write_text(str(timedelta(days=2).total_seconds()))
    page = client.get("/p").text
    assert "Dernières réponses" not in page
    assert "Lefèvre" not in page
    sent = client.get("/p/sent", follow_redirects=False)
    assert sent.status_code != 200
    # Two factors do see the day before yesterday: the words looked for are the right ones.
    whole = sign_in(new_client(), "patient").get("/p").text
    assert "Dernières réponses" in whole


def test_it_ends_after_thirty_days(
    scene: Scene, new_client: NewClient, token: str, clock_file: Path
) -> None:
    client = phone(new_client(), token)
    clock_file.write_text(str(timedelta(days=29, hours=23).total_seconds()))
    assert client.get("/p/questions").status_code == 200
    clock_file.write_text(str(timedelta(days=30, seconds=1).total_seconds()))
    assert client.get("/p/questions", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("end", ["disabled_at", "expires_at"])
def test_it_ends_with_the_account(
    scene: Scene, new_client: NewClient, token: str, end: str
) -> None:
    client = phone(new_client(), token)
    assert client.get("/p/questions").status_code == 200
    run(f"update identity.account set {end} = now() where person = %s", scene.home.care.patient)
    answer = client.get("/p/questions", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    sent = client.post("/p/questions", data=CALM, follow_redirects=False)
    assert sent.headers["location"].startswith("/sign-in")
