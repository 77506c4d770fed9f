"""A patient measures again on his phone: from the card on his day to the end of the wait."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from alerts import service as alerts
from core import clock
from core.settings import settings
from core.vitals import Vital
from messages import service as messages
from tests.as_owner import rows, run
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.phone import (
    await_that,
    await_worker,
    expect_kept,
    expect_sent,
    ready,
    send,
    touch,
)
from tests.integration.alerts.home import measure, watch
from tests.integration.web.scene import Scene

ASKED = "Une mesure est à refaire"
GUIDE = "Refaire la mesure du pouls"


@pytest.fixture
def patient(scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Jeanne, whose orange pulse waits for a new measure."""
    monkeypatch.setenv("CHEVET_SMS_URL", "json://127.0.0.1:9/sms/{to}")
    settings.cache_clear()
    messages.register_contact(scene.home.care.patient, "sms", "+33698765432")
    watch(scene.home, 2)
    measure(scene.home, [(Vital.PULSE, 115, timedelta(0))])
    alerts.review(clock.now())
    assert state() == [("asked", None, False)]
    someone = visitor("phone")
    someone.enter("patient")
    return someone


def state() -> list[tuple[object, ...]]:
    return rows("select state, alert_id, answer_id is not null from alerts.repeat")


def open_guide(patient: Visitor) -> None:
    page = patient.page
    page.goto(patient.url + "/p")
    expect(page.get_by_role("heading", name=ASKED)).to_be_visible()
    address = page.get_by_role("link", name=GUIDE).get_attribute("href")
    assert address
    ready(page, patient.url + address)


def measure_pulse(patient: Visitor, value: str) -> None:
    page = patient.page
    page.get_by_label(re.compile("Pouls")).fill(value)
    page.get_by_role("button", name="Continuer").click()


def test_a_measure_is_taken_again_and_ends_the_wait(patient: Visitor) -> None:
    open_guide(patient)
    page = patient.page
    expect(page.get_by_text("reposez-vous cinq minutes")).to_be_visible()
    patient.both_sizes("repeat-guide")
    measure_pulse(patient, "beaucoup")
    expect(page.get_by_role("alert").filter(has_text="nombre")).to_be_visible()
    patient.shot("repeat-error")
    measure_pulse(patient, "88")
    touch(page, "plus mal")
    touch(page, "au repos", "Oui")
    expect(page.get_by_role("heading", name="Vos réponses")).to_be_visible()
    patient.shot("repeat-summary")
    send(page)
    expect_sent(page)
    assert state() == [("asked", None, True)]
    alerts.review(clock.now())
    assert state() == [("within", None, True)]
    page.goto(patient.url + "/p")
    expect(page.get_by_role("heading", name="Bonjour Jeanne")).to_be_visible()
    expect(page.get_by_role("heading", name=ASKED)).to_have_count(0)


def test_the_card_stands_on_top_at_every_size(patient: Visitor) -> None:
    patient.page.goto(patient.url + "/p")
    expect(patient.page.get_by_role("heading", level=2).first).to_have_text(ASKED)
    patient.both_sizes("repeat-home")
    patient.in_english("repeat-home", "/p")


def test_a_grave_sign_says_call_15_at_once_and_does_not_wait_for_the_rest(
    patient: Visitor,
) -> None:
    open_guide(patient)
    measure_pulse(patient, "118")
    touch(patient.page, "plus mal", "Oui")
    touch(patient.page, "un de ces signes", "Une douleur dans la poitrine")
    expect(patient.page.locator("#call-15")).to_be_visible()
    patient.shot("repeat-call-15")
    arrived = "select 1 from questionnaires.answer"
    await_that(patient.page, lambda: len(rows(arrived)) > 0, "the grave answer to arrive")
    alerts.review(clock.now())
    found = rows("select item, level from alerts.alert where state <> 'closed' order by item")
    assert ("repeat-pulse.worse_sign", "red") in found
    assert ("pulse", "orange") in found
    assert state()[0][0] == "confirmed"


def kept_without_a_network(patient: Visitor) -> Page:
    """Measure and answer where there is no network; what is sent waits on the phone."""
    page = patient.page
    page.goto(patient.url + "/p")
    await_worker(page)
    open_guide(patient)
    page.context.set_offline(True)
    measure_pulse(patient, "88")
    touch(page, "plus mal")
    touch(page, "au repos", "Oui")
    send(page)
    expect_kept(page)
    return page


def test_without_a_network_it_is_kept_and_attached_once_it_is_sent(patient: Visitor) -> None:
    page = kept_without_a_network(patient)
    assert state() == [("asked", None, False)]
    page.context.set_offline(False)
    expect_sent(page)
    assert state() == [("asked", None, True)]


def test_what_leaves_the_phone_a_day_late_is_kept_and_said(patient: Visitor) -> None:
    page = kept_without_a_network(patient)
    run(
        "update alerts.repeat set asked_at = asked_at - interval '25 hours',"
        " due_at = due_at - interval '25 hours'"
    )
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Envoyé et gardé")).to_be_visible()
    said = page.get_by_text("Ce qui vous était demandé est terminé")
    expect(said.last).to_be_visible()
    patient.both_sizes("repeat-late")
    assert state() == [("asked", None, True)]
    assert rows("select count(*) from questionnaires.answer_reading") == [(1,)]
    page.goto(patient.url + "/p/sent?late=yes")
    expect(page.get_by_role("status").filter(has_text="est terminé")).to_be_visible()
    patient.both_sizes("repeat-late-sent")
    patient.in_english("repeat-late-sent", "/p/sent?late=yes")
