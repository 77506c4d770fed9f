"""The socket of a room: told at once, caught up, sent once, and closed when its person leaves."""

import json
import time
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from coordination.chat.edge.live import OVER
from coordination.chat.edge.socket import NOT_HERE
from coordination.chat.rooms import READERS
from tests import as_owner
from tests.integration.web.scene import ORIGIN
from tests.integration.web.test_chat import Circle, circle

__all__ = ["circle"]
pytestmark = pytest.mark.promise("S9")
OPEN_SECONDS = 5.0


def live(circle: Circle, who: str, room: str, origin: str = ORIGIN) -> Any:
    path = f"/chat/{room.rsplit('/', 1)[1]}/live"
    return circle.pages[who].websocket_connect(path, headers={"origin": origin})


def heard(socket: WebSocketTestSession, key: str) -> Any:
    """Return what comes under a name, past whatever comes before."""
    while key not in (told := json.loads(socket.receive_text())):
        pass
    return told[key]


def say(socket: WebSocketTestSession, text: str, key: str = "") -> None:
    socket.send_text(json.dumps({"key": key or str(uuid4()), "text": text}))


def closed_with(socket: WebSocketTestSession) -> int:
    while True:
        try:
            socket.receive_text()
        except WebSocketDisconnect as closed:
            return int(closed.code)


def test_roles_of_rooms_are_those_of_the_database(circle: Circle) -> None:
    for kind, roles in READERS.items():
        ((found,),) = as_owner.rows("select coordination.chat_roles(%s)", kind)
        assert set(found) == roles


def test_what_is_said_is_told_once_and_leaving_closes_the_socket(circle: Circle) -> None:
    room = circle.rooms("gp")["Soignants"]
    circle.say("gp", room, "Un")
    with live(circle, "marc", room) as marc, live(circle, "gp", room) as gp:
        for one, after in ((marc, 0), (gp, 1)):
            one.send_text(json.dumps({"after": after}))
        assert heard(marc, "message")["text"] == "Un"
        assert heard(marc, "ready") == heard(gp, "ready") == 1
        key = str(uuid4())
        for _ in range(2):
            say(gp, "Deux <b>", key)
        assert [heard(gp, "stored") for _ in range(2)] == [key, key]
        assert heard(marc, "message")["text"] == "Deux <b>"
        say(gp, "Autre", key)
        assert heard(gp, "refused") == key
        marc.send_text('{"read": 2}')
        assert {one["name"]: one["through"] for one in heard(marc, "receipts")}["Marc Dubois"] == 2
        circle.pages["gp"].post(f"{room}/withdraw", data={"seq": "1"})
        withdrawn = heard(marc, "message")
        assert (withdrawn["seq"], withdrawn["text"], withdrawn["withdrawn"]) == (1, "", True)
        as_owner.run("update access.membership set ends_at = now() where party = %s",
                     circle.people["marc"])  # fmt: skip
        left = time.monotonic()
        assert closed_with(marc) == OVER
        assert time.monotonic() - left < OPEN_SECONDS
        circle.pages["gp"].post("/sign-out")
        assert closed_with(gp) == OVER
    assert as_owner.rows("select count(*) from coordination.chat_message") == [(2,)]
    with live(circle, "marc", room) as marc:
        assert closed_with(marc) == NOT_HERE


def test_whoever_may_not_is_told_nothing_and_what_was_before_is_nobodys(circle: Circle) -> None:
    room = circle.rooms("gp")["Soignants"]
    circle.say("gp", room, "Avant")
    for who in ("nadia", "patient", "stranger"):
        with live(circle, who, room) as socket:
            assert closed_with(socket) == NOT_HERE
    with pytest.raises(WebSocketDisconnect), live(circle, "gp", room, "https://evil.example"):
        pass
    as_owner.run("update access.membership set role = 'pharmacist' where party = %s",
                 circle.people["nadia"])  # fmt: skip
    with live(circle, "nadia", room) as nadia:
        nadia.send_text('{"after": 0}')
        assert heard(nadia, "ready") == 1
        circle.pages["gp"].post(f"{room}/withdraw", data={"seq": "1"})
        circle.say("gp", room, "Après")
        told = heard(nadia, "message")
        assert (told["seq"], told["text"]) == (2, "Après")
        nadia.send_text("nothing of ours")
        assert closed_with(nadia) == 4400
