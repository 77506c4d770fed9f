"""What waits for a new measure stands in the queue, and on the alert that did not wait for it."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from alerts import service as alerts
from core import clock
from core.settings import settings
from core.vitals import Vital
from messages import service as messages
from tests.browser.console.centre import Centre
from tests.browser.console.conftest import PHONE, SignIn, screenshot
from tests.browser.console.test_handover import assert_accessible
from tests.integration.alerts.home import measure, watch


def test_the_queue_and_the_alert_say_what_is_awaited(
    sign_in: SignIn, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_SMS_URL", "json://127.0.0.1:9/sms/{to}")
    settings.cache_clear()
    for name, pulse in (("Diallo", 115), ("Nguyen", 140)):
        home = centre.homes[name]
        messages.register_contact(home.care.patient, "sms", "+33698765432")
        watch(home, 2)
        measure(home, [(Vital.PULSE, pulse, timedelta(0))])
    alerts.review(clock.now())

    page = sign_in("ines")
    waits = page.locator(".queue .entry", has_text="DIALLO")
    expect(waits).to_contain_text("Pouls : nouvelle mesure demandée au patient, attendue avant")
    assert_accessible(page)
    screenshot(page, "repeat-queue")
    screenshot(page, "repeat-queue", PHONE)
    waits.click()
    head = page.locator(".identity-head")
    expect(head).to_contain_text("Pouls : nouvelle mesure demandée au patient, attendue avant")
    assert_accessible(page)
    screenshot(page, "repeat-patient")
    screenshot(page, "repeat-patient", PHONE)
    page.go_back()
    page.locator(".queue .entry", has_text="NGUYEN").click()
    card = page.locator(".repeat")
    expect(card).to_contain_text("Nouvelle mesure demandée à")
    assert_accessible(page)
    screenshot(page, "repeat-card")
