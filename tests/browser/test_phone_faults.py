"""Promises of the phone, each broken on purpose from outside: what watches over them sees it."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from questionnaires import phone_service
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.phone import (
    answer_all,
    await_that,
    broken_script,
    other_modules,
    ready,
    rows,
    send,
    touch,
)
from tests.browser.test_phone_limits import MOST_BYTES, MOST_TOUCHES, touches_of_a_day, weights
from tests.browser.test_phone_offline import fails
from tests.integration.web.scene import Scene

QUESTIONS = "/p/questions"


@pytest.fixture
def patient(scene: Scene, visitor: NewVisitor) -> Visitor:
    someone = visitor("phone")
    someone.enter("patient")
    return someone


def keeps_over_a_reload(patient: Visitor) -> bool:
    """Answer a question, read the page again; say whether the answer is still there."""
    page = patient.page
    ready(page, patient.url + QUESTIONS)
    touch(page, "essouffl", "Oui, quand je fais un effort")
    expect(page.get_by_role("group", name="malaise")).to_be_visible()
    page.reload()
    expect(page.locator("form.ask")).to_have_attribute("data-ready", "yes")
    return page.locator("input[value=effort]").is_checked()


def keeps_when_not_taken(patient: Visitor) -> bool:
    """Send to a server that does not take it; say whether the phone still has it."""
    page = patient.page
    with page.expect_response("**/p/api/answers"):
        send(page)
    await_that(page, lambda: is_noted(rows(page, "queue")), "the phone to note the refusal")
    return bool(rows(page, "queue"))


def is_noted(queue: list[dict[str, Any]]) -> bool:
    """Say whether the phone has concluded something from the answer of the server."""
    return all(one["tries"] > 0 or one["state"] != "waiting" for one in queue)


@pytest.mark.parametrize("is_broken", [False, True], ids=["sound", "fault"])
def test_an_answer_that_a_reload_forgets_is_noticed(
    patient: Visitor, monkeypatch: pytest.MonkeyPatch, is_broken: bool
) -> None:
    old = "draft.save(form, { key: work.key, spent: spent(), values: answers, here, called });"
    new = "draft.forget(form);" if is_broken else old
    with broken_script(monkeypatch, "form.js", old, new):
        assert keeps_over_a_reload(patient) != is_broken


@pytest.mark.parametrize("is_broken", [False, True], ids=["sound", "fault"])
def test_an_answer_that_a_failing_server_loses_is_noticed(
    patient: Visitor, monkeypatch: pytest.MonkeyPatch, is_broken: bool
) -> None:
    old, new = "const later = await again(row);", "const later = await drop(row.id);"
    with broken_script(monkeypatch, "queue.js", old, new if is_broken else old):
        ready(patient.page, patient.url + QUESTIONS)
        answer_all(patient.page)
        monkeypatch.setattr(phone_service, "take_in", fails)
        assert keeps_when_not_taken(patient) != is_broken


@pytest.mark.parametrize("is_broken", [False, True], ids=["sound", "fault"])
def test_an_answer_that_a_session_takes_along_is_noticed(
    patient: Visitor, monkeypatch: pytest.MonkeyPatch, is_broken: bool
) -> None:
    old = 'return note(row, "sign_in", said);'
    new = 'return drop(row.id).then(() => ({ id: row.id, state: "sign_in" }));'
    with broken_script(monkeypatch, "queue.js", old, new if is_broken else old):
        ready(patient.page, patient.url + QUESTIONS)
        answer_all(patient.page)
        patient.page.context.clear_cookies()
        assert keeps_when_not_taken(patient) != is_broken


def test_more_touches_than_promised_are_counted(
    scene: Scene, visitor: NewVisitor, clock_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: a touched answer does not go on by itself."""
    with broken_script(monkeypatch, "ask.js", "telling.catch(() => {}).then(forward)", "0"):
        counted, _ = touches_of_a_day(scene, visitor, clock_file)
    assert counted > MOST_TOUCHES


def test_more_bytes_than_promised_are_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    with other_modules(monkeypatch, {"vendored.js": os.urandom(MOST_BYTES)}):
        assert sum(weights().values()) > MOST_BYTES
