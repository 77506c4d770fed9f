"""The phone as an app: it may be installed, and what is pushed to it is shown and acknowledged."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, CDPSession, Playwright, expect

from app.demo.browsers import launch_chromium
from core.settings import settings
from messages import receipt_service
from messages.edge.push import new_private_key
from tests.as_owner import rows
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.phone import await_worker, broken_worker
from tests.integration.web.scene import Scene
from tests.integration.web.test_notifications import KEYS

RECEIVED = (
    "select received_at is not null, opened_at is not null from messages.outbox"
    " where channel = 'push'"
)


@pytest.fixture(scope="module")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """A whole browser: the headless shell shows no notification."""
    with launch_chromium(driver, whole=True) as browser:
        yield browser


def session(patient: Visitor) -> CDPSession:
    return patient.page.context.new_cdp_session(patient.page)


def installed(visitor: NewVisitor) -> Visitor:
    """A patient whose browser keeps the worker."""
    patient = visitor("phone")
    patient.enter("patient")
    patient.page.goto(patient.url + "/p")
    await_worker(patient.page)
    return patient


def test_a_browser_finds_nothing_that_keeps_it_from_installing(
    scene: Scene, visitor: NewVisitor
) -> None:
    patient = installed(visitor)
    cdp = session(patient)
    cdp.send("Page.enable")
    manifest = cdp.send("Page.getAppManifest")
    assert manifest["url"].endswith("/p/manifest.webmanifest")
    assert manifest["errors"] == []
    found = [
        one["errorId"] for one in cdp.send("Page.getInstallabilityErrors")["installabilityErrors"]
    ]
    # A browser context without a profile is one that Chromium calls « incognito ».
    assert [one for one in found if one != "in-incognito"] == []


def push(patient: Visitor, said: dict[str, object]) -> None:
    """Let the browser's push service deliver a message to the worker."""
    cdp = session(patient)
    known: list[dict[str, str]] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(event["registrations"]),
    )
    cdp.send("BackgroundService.setRecording", {"shouldRecord": True, "service": "notifications"})
    cdp.send("ServiceWorker.enable")
    while not known:
        patient.page.evaluate("() => new Promise(requestAnimationFrame)")
    cdp.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": patient.url,
            "registrationId": known[-1]["registrationId"],
            "data": json.dumps(said),
        },
    )


@pytest.fixture
def pushed(
    scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Visitor]:
    """Push a reminder to a patient's browser."""

    def go() -> Visitor:
        monkeypatch.setenv("CHEVET_VAPID_PRIVATE_KEY", new_private_key())
        monkeypatch.setenv("CHEVET_VAPID_SUBJECT", "mailto:telesuivi@demo.invalid")
        settings.cache_clear()
        patient = installed(visitor)
        patient.page.context.grant_permissions(["notifications"], origin=patient.url)
        kept = patient.page.request.post(
            patient.url + "/p/notifications", data=KEYS, headers={"origin": patient.url}
        )
        patient.post(f"/p/notifications/{kept.json()['id']}/try", {})
        ((message,),) = rows("select id from messages.outbox where channel = 'push'")
        push(
            patient,
            {
                "title": "Chevet",
                "body": "Un message vous attend",
                "id": str(message),
                "receipt": receipt_service.receipt_of(message),
            },
        )
        return patient

    return go


def shown(patient: Visitor) -> list[tuple[str, str]]:
    """Wait for the browser to have shown what was pushed; return the words.

    Chromium tells of it. Asking the worker's registration over and over takes away a notification
    that is being shown just then.
    """
    events: list[dict[str, Any]] = []
    cdp = session(patient)
    cdp.on(
        "BackgroundService.backgroundServiceEventReceived",
        lambda said: events.append(said["backgroundServiceEvent"]),
    )
    cdp.send("BackgroundService.startObserving", {"service": "notifications"})
    for _ in range(300):
        if any(one["eventName"] == "Notification displayed" for one in events):
            return [tuple(one) for one in patient.page.evaluate(KNOWN)]
        patient.page.evaluate("() => new Promise(done => setTimeout(done, 50))")
    raise AssertionError(f"nothing was shown: {events}")


KNOWN = """async () => {
    const here = await navigator.serviceWorker.getRegistration("/p");
    return (await here.getNotifications()).map(one => [one.title, one.body]);
}"""


def receipts(patient: Visitor, turns: int = 300) -> list[tuple[object, ...]]:
    """Wait a while for a receipt; return what the server has noted."""
    for _ in range(turns):
        if rows(RECEIVED) == [(True, False)]:
            break
        patient.page.evaluate("() => new Promise(done => setTimeout(done, 50))")
    return rows(RECEIVED)


def test_a_push_is_shown_without_a_word_of_health_and_the_server_knows_it_arrived(
    pushed: Callable[[], Visitor],
) -> None:
    patient = pushed()
    assert shown(patient) == [("Chevet", "Un message vous attend")]
    assert receipts(patient) == [(True, False)]


def test_a_worker_that_acknowledges_nothing_is_noticed(
    pushed: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    with broken_worker(monkeypatch, "  await acknowledge(id, receipt, false);\n", ""):
        patient = pushed()
        assert shown(patient) == [("Chevet", "Un message vous attend")]
        assert receipts(patient, turns=60) == [(False, False)]


def test_a_push_that_is_not_ours_is_shown_all_the_same(scene: Scene, visitor: NewVisitor) -> None:
    patient = installed(visitor)
    patient.page.context.grant_permissions(["notifications"], origin=patient.url)
    push(patient, {"id": str(uuid4()), "receipt": "x" * 22})
    assert shown(patient) == [("Chevet", "Un message vous attend")]


def test_switching_on_asks_leave_and_says_what_failed(
    scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chromium without a push service subscribes to nothing: the page says so."""
    monkeypatch.setenv("CHEVET_VAPID_PRIVATE_KEY", new_private_key())
    monkeypatch.setenv("CHEVET_VAPID_SUBJECT", "mailto:telesuivi@demo.invalid")
    settings.cache_clear()
    patient = installed(visitor)
    page = patient.page
    page.context.grant_permissions(["notifications"], origin=patient.url)
    page.goto(patient.url + "/p/notifications")
    button = page.get_by_role("button", name="Activer les notifications ici")
    expect(button).to_be_visible()
    patient.both_sizes("notifications-off")
    button.click()
    said = page.locator("[data-notifications] [role=status]")
    expect(said).to_contain_text("Cela n’a pas marché")
    expect(button).to_be_enabled()
    assert rows("select count(*) from messages.subscription") == [(0,)]
    patient.both_sizes("notifications-failed")
