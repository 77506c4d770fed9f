"""« Notifications » as people use the page, and receipts without a session."""

from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from core import clock
from core.settings import settings
from messages import receipt_service
from messages import service as messages
from messages.edge.push import new_private_key
from tests.as_owner import rows
from tests.integration.web.scene import ORIGIN, NewClient, Scene, sign_in

KEYS = {
    "endpoint": "https://fcm.googleapis.com/fcm/send/abc",
    "p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQt"
    "UbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
    "auth": "tBHItJI5svbpez7KI4CCXg",
}
PAGE = "/p/notifications"


@pytest.fixture
def jeanne(scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("CHEVET_VAPID_PRIVATE_KEY", new_private_key())
    monkeypatch.setenv("CHEVET_VAPID_SUBJECT", "mailto:telesuivi@demo.invalid")
    settings.cache_clear()
    return sign_in(new_client(), "patient")


def switch_on(client: TestClient) -> str:
    answer = client.post(PAGE, json=KEYS, headers={"origin": ORIGIN})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_browser_is_switched_on_tried_and_switched_off(jeanne: TestClient) -> None:
    shown = jeanne.get(PAGE)
    assert "data-key" in shown.text
    made = switch_on(jeanne)
    assert switch_on(jeanne) == made
    assert "Où elles arrivent" in jeanne.get(PAGE).text
    tried = jeanne.post(f"{PAGE}/{made}/try", headers={"origin": ORIGIN})
    assert "en route" in tried.text
    assert rows(
        "select channel, weight, recipient is null from messages.outbox where template = 'reminder'"
    ) == [("push", "own", False)]
    off = jeanne.post(f"{PAGE}/{made}/end", headers={"origin": ORIGIN})
    assert "ne reçoit plus" in off.text
    again = jeanne.post(f"{PAGE}/{made}/end", headers={"origin": ORIGIN})
    assert "n’était pas parmi les vôtres" in again.text


def test_anothers_browser_is_not_there(
    scene: Scene, jeanne: TestClient, new_client: NewClient
) -> None:
    made = switch_on(jeanne)
    gp = sign_in(new_client(), "gp")
    for act in ("end", "try"):
        theirs = gp.post(f"{PAGE}/{made}/{act}", headers={"origin": ORIGIN})
        absent = gp.post(f"{PAGE}/{uuid4()}/{act}", headers={"origin": ORIGIN})
        assert theirs.text == absent.text
        assert "n’était pas parmi les vôtres" in theirs.text
    assert rows("select count(*) from messages.outbox where template = 'reminder'") == [(0,)]
    assert "Où elles arrivent" not in gp.get(PAGE).text


def test_only_a_service_of_notifications_is_taken(jeanne: TestClient) -> None:
    wrong = {**KEYS, "endpoint": "https://intranet.hopital.example/admin"}
    assert jeanne.post(PAGE, json=wrong, headers={"origin": ORIGIN}).status_code == 422


@pytest.mark.parametrize("fallback", ["email", "none", "sms"])
def test_what_comes_instead_is_chosen(jeanne: TestClient, fallback: str) -> None:
    answer = jeanne.post(
        f"{PAGE}/fallback", data={"fallback": fallback}, headers={"origin": ORIGIN}
    )
    assert f'value="{fallback}" checked' in answer.text


def test_nothing_else_can_be_chosen(jeanne: TestClient) -> None:
    answer = jeanne.post(
        f"{PAGE}/fallback", data={"fallback": "pigeon"}, headers={"origin": ORIGIN}
    )
    assert answer.status_code == 400
    assert rows("select count(*) from messages.preference") == [(0,)]


def test_a_receipt_needs_no_session_but_its_proof(
    jeanne: TestClient, new_client: NewClient
) -> None:
    made = switch_on(jeanne)
    jeanne.post(f"{PAGE}/{made}/try", headers={"origin": ORIGIN})
    ((message,),) = rows("select id from messages.outbox where channel = 'push'")
    stranger = new_client()
    told = {"id": str(message), "receipt": "x" * 22}
    assert stranger.post("/p/push/received", json=told).status_code == 404
    told["receipt"] = receipt_service.receipt_of(message)
    assert stranger.post("/p/push/received", json=told).status_code == 204
    assert rows(
        "select received_at is not null, opened_at is null from messages.outbox where id = %s",
        message,
    ) == [(True, True)]


def test_without_a_key_the_page_says_what_comes_instead(
    scene: Scene, new_client: NewClient
) -> None:
    shown = sign_in(new_client(), "patient").get(PAGE).text
    assert "data-key" not in shown
    assert "par SMS ou par courriel" in shown


def test_a_notification_that_nobody_can_sign_waits(
    jeanne: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = switch_on(jeanne)
    jeanne.post(f"{PAGE}/{made}/try", headers={"origin": ORIGIN})
    monkeypatch.setenv("CHEVET_VAPID_PRIVATE_KEY", "")
    settings.cache_clear()
    messages.send_due(clock.now())
    assert rows("select state, last_error from messages.outbox where channel = 'push'") == [
        ("waiting", "CHEVET_VAPID_PRIVATE_KEY is not set")
    ]
