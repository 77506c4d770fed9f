"""The console in the matrix: every route Dash answers to, every callback, the socket."""

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.access import Role
from dashboard.edge.guard import SESSION_OVER
from dashboard.layouts.shell import QUARANTINE
from dashboard.pages.route import PATIENTS
from tests.integration.web.scene import ORIGIN
from tests.security.asking import ask, ask_callback, complaints, fill
from tests.security.cast import Cast, Someone
from tests.security.console_values import held_by_browser
from tests.security.relations import Relation, Standing
from tests.security.routes import dash_callbacks, dash_routes
from tests.security.verdicts import Outcome, Verdict, read_verdicts

pytestmark = pytest.mark.promise("S1")
ROUTES = read_verdicts("console")
PAGES = read_verdicts("pages")
CALLBACKS = read_verdicts("callbacks")
SOCKET = "/console/_dash-ws-callback"


def test_every_route_of_the_console_has_a_verdict() -> None:
    found = {route.key for route in dash_routes()}
    known = {verdict.key for verdict in ROUTES}
    assert sorted(found - known) == [], "add each to [console] of tests/security/verdicts.toml"
    assert sorted(known - found) == [], "there is no such route: remove it from [console]"


def test_every_callback_has_a_verdict() -> None:
    found, known = set(dash_callbacks()), {verdict.key for verdict in CALLBACKS}
    assert sorted(found - known) == [], (
        "add each to [callbacks] of tests/security/verdicts.toml, such as: name = "
        '"record vitals:read" for a patient_callback, "list queue:read" for a console_callback'
    )
    assert sorted(known - found) == [], "there is no such callback: remove it from [callbacks]"


def test_every_page_of_the_console_has_a_verdict() -> None:
    assert {f"GET {QUARANTINE}", f"GET {PATIENTS}{{patient_id}}"} == {one.key for one in PAGES}


@pytest.mark.parametrize("verdict", [*ROUTES, *PAGES], ids=lambda verdict: verdict.key)
def test_a_route_of_the_console_obeys(cast: Cast, client: TestClient, verdict: Verdict) -> None:
    method, path = verdict.key.split(" ", 1)
    if method == "SOCKET":
        return
    real = {"MOUNT /console/assets": "/console/assets/console.js", "GET {path:path}": "/console/x"}
    address = fill(real.get(verdict.key, path), cast)
    verb = "GET" if method == "MOUNT" else method
    wrong = []
    for who in cast.everybody.values():
        answer = ask(client, who, verb, address)
        if answer.outcome is Outcome.BROKEN and verdict.kind == "post" and "suites" in path:
            continue  # Dash fails on a package it has not; nobody else comes that far.
        wrong += complaints(who, answer, verdict)
    assert wrong == []


@pytest.mark.parametrize(
    "verdict", [one for one in CALLBACKS if one.key != "live"], ids=lambda verdict: verdict.key
)
def test_a_callback_obeys(cast: Cast, client: TestClient, verdict: Verdict) -> None:
    callback, given = dash_callbacks()[verdict.key], held_by_browser(cast)
    wrong = []
    for who in cast.everybody.values():
        wrong += complaints(who, ask_callback(client, who, callback, given), verdict)
    assert wrong == []


def test_the_socket_closes_at_once_for_whoever_has_no_queue(cast: Cast, client: TestClient) -> None:
    (verdict,) = [one for one in ROUTES if one.key.startswith("SOCKET")]
    kept_out = [
        who
        for who in cast.everybody.values()
        if Outcome.LET_IN not in verdict.expected(who.standing)
    ]
    assert len(kept_out) > 100
    assert [who.standing for who in kept_out if close_code(client, who) != SESSION_OVER] == []


def test_the_socket_stays_while_the_session_lives(cast: Cast, client: TestClient) -> None:
    """Else the test before this one would prove nothing: a socket may be closed to all."""
    cast.restore()
    nurse = cast.everybody[Standing(Role.TELEMONITORING_NURSE, Relation.CIRCLE_POST)]
    with client.websocket_connect(SOCKET, headers=headers_of(nurse)) as socket:
        assert ask(client, nurse, "GET", "/console/").outcome is Outcome.LET_IN
        cast.owner.execute(
            "update identity.session set ended_at = now() where person = %s", [nurse.person]
        )
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == SESSION_OVER
    cast.restore()


def headers_of(who: Someone) -> dict[str, str]:
    return {"origin": ORIGIN, "cookie": f"chevet_session={who.token}"}


def close_code(client: TestClient, who: Someone) -> int:
    """Return with which code a socket opened with the actor's cookie is closed."""
    with (
        client.websocket_connect(SOCKET, headers=headers_of(who)) as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_text()
    return int(closed.value.code)
