"""A grave answer: the whole screen says to call, network or not, and the team has it at once."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from playwright.sync_api import expect

from core import clock
from core.settings import settings
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.phone import (
    answers_of,
    await_that,
    await_worker,
    broken_script,
    expect_sent,
    ready,
    rows,
    send,
    touch,
)
from tests.conftest import Database
from tests.integration.web.scene import Scene

GRAVE = "Oui, au repos ou quand je parle"
CLOSED = "const closed = false;"
Open = Callable[[bool], Visitor]


@pytest.fixture
def patient(scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A patient with the questions before him, while the team reads or not."""

    def make(is_open: bool) -> Visitor:
        now = clock.now().astimezone()
        other = (now + timedelta(days=3)).strftime("%a").lower()
        monkeypatch.setenv("CHEVET_TIME_ZONE", "Europe/Paris")
        hours = "mon-sun 00:00-24:00" if is_open else f"{other} 08:00-20:00"
        monkeypatch.setenv("CHEVET_SERVICE_OPENING", hours)
        settings.cache_clear()
        someone = visitor("phone")
        someone.sign_in("patient", "/p")
        ready(someone.page, someone.url + "/p/questions")
        await_worker(someone.page)
        return someone

    return make


def called_of(database: Database) -> list[tuple[bool]]:
    with psycopg.connect(database.dsn("OWNER")) as owner:
        return owner.execute("select called from questionnaires.called").fetchall()


def test_while_the_team_reads_it_says_call_15_and_sends_at_once(
    patient: Open, database: Database
) -> None:
    someone = patient(True)
    page = someone.page
    touch(page, "essouffl", GRAVE)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Appelez le 15 maintenant.")
    expect(dialog.get_by_text("Le service est fermé")).to_be_hidden()
    someone.shot("app-call-15")
    box = dialog.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (390, 844)
    await_that(page, lambda: len(answers_of(database)) > 0, "the grave answer to arrive")
    assert [answers for answers, _, _ in answers_of(database)] == [{"dyspnoea": "rest"}]
    dialog.get_by_role("button", name="Oui, j’ai appelé").click()
    touch(page, "malaise")
    touch(page, "manger")
    for _ in range(3):
        page.get_by_role("button", name="Continuer").click()
    send(page)
    expect_sent(page)
    assert called_of(database) == [(True,)]
    with psycopg.connect(database.dsn("OWNER")) as owner:
        (whole,) = owner.execute(
            "select answers from questionnaires.answer where replaces is not null"
        ).fetchall()
    assert whole[0]["cannot_eat_or_drink"] == "no"


def test_closed_and_offline_it_says_so_at_once_and_keeps_what_was_said(
    patient: Open, database: Database
) -> None:
    someone = patient(False)
    page = someone.page
    page.context.set_offline(True)
    ready(page, someone.url + "/p/questions")
    touch(page, "essouffl", GRAVE)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Le service est fermé. Appelez le 15 maintenant.")
    someone.shot("app-closed")
    dialog.get_by_role("button", name="Non, pas encore").click()
    touch(page, "malaise")
    touch(page, "manger")
    for _ in range(3):
        page.get_by_role("button", name="Continuer").click()
    send(page)
    page.wait_for_function("() => document.getElementById('done').hidden === false")
    assert len(rows(page, "queue")) == 1
    page.context.set_offline(False)
    expect_sent(page)
    assert called_of(database) == [(False,)]


def test_a_screen_that_forgets_that_the_service_is_closed_is_noticed(
    patient: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = "const closed = isClosed(form, await now());"
    with broken_script(monkeypatch, "urgent.js", sound, CLOSED):
        page = patient(False).page
        page.context.set_offline(True)
        touch(page, "essouffl", GRAVE)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Appelez le 15 maintenant.")
        expect(dialog.get_by_text("Le service est fermé")).to_be_hidden()


def test_without_a_script_it_says_the_same(patient: Open, database: Database, scene: Scene) -> None:
    someone = patient(False)
    page = someone.page
    key = "a-form-without-a-script"
    form = {
        "dyspnoea": "rest",
        "faintness_or_confusion": "no",
        "cannot_eat_or_drink": "no",
        "client_key": key,
    }
    sent = page.request.post(
        someone.url + "/p/questions", form=form, headers={"origin": someone.url}
    )
    assert sent.ok
    page.goto(someone.url + "/p/sent")
    expect(page.get_by_role("alert")).to_contain_text(
        "Le service est fermé. Appelez le 15 maintenant."
    )
    someone.shot("app-sent-closed")
    page.get_by_role("button", name="Oui, j’ai appelé").click()
    expect(page.get_by_role("alert")).to_contain_text("Vous avez dit que vous avez appelé")
    assert called_of(database) == [(True,)]
