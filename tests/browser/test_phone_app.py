"""The phone app in a real browser: one question a screen, with and without a network."""

import re

import psycopg
import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import NewVisitor
from tests.conftest import Database
from tests.integration.web.scene import Scene

KEPT = re.compile("Enregistré sur ce téléphone")


def answers_of(database: Database) -> list[tuple[object, ...]]:
    with psycopg.connect(database.dsn("OWNER")) as owner:
        return owner.execute(
            "select answers, answered_at, received_at, client_key, source"
            " from questionnaires.answer order by received_at"
        ).fetchall()


def ready(page: Page, path: str = "/p/questions") -> None:
    """Open the questions once the worker keeps them."""
    page.goto(path)
    expect(page.locator("form.ask")).to_have_attribute("data-ready", "yes")


def kept_for_offline(page: Page) -> None:
    page.wait_for_function(
        "async () => (await (await caches.open('chevet-today')).keys()).length > 0"
        " && navigator.serviceWorker.controller !== null"
    )


def answer_all(page: Page, dyspnoea: str = "Non") -> None:
    """Touch an answer at each question, type nothing measured, up to the summary."""
    page.get_by_role("radio", name=dyspnoea, exact=True).click()
    for question in ("malaise", "manger"):
        group = page.get_by_role("group", name=re.compile(question))
        expect(group).to_be_visible()
        group.get_by_label("Non", exact=True).click()
    for _ in range(3):
        page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Vos réponses")).to_be_visible()


def send(page: Page) -> None:
    page.get_by_role("button", name="Envoyer mes réponses").click()


def counting(page: Page) -> list[Request]:
    posted: list[Request] = []
    page.context.on(
        "request",
        lambda one: posted.append(one) if one.url.endswith("/p/api/answers") else None,
    )
    return posted


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_one_question_a_screen(scene: Scene, visitor: NewVisitor, size: str) -> None:
    patient = visitor(size)
    patient.sign_in("patient", "/p")
    page = patient.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Jeanne")
    patient.shot("app-home")
    ready(page, patient.url + "/p/questions")
    patient.shot("app-question")
    answer_all(page)
    patient.shot("app-summary")
    send(page)
    expect(page.get_by_role("heading", name="Envoyé")).to_be_visible()
    patient.shot("app-sent")
    for name in (
        "notifications",
        "call-back",
        "messages",
        "trends",
        "team",
        "pause",
        "help",
        "offline",
    ):
        page.goto(f"{patient.url}/p/{name}")
        patient.shot(f"app-{name}")
