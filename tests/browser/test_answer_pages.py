"""Answers and requests as staff read them: both languages, both widths, no barrier."""

import re

from playwright.sync_api import expect

from tests.as_owner import rows
from tests.browser.conftest import NewVisitor, Visitor
from tests.integration.web.scene import Scene
from tests.integration.web.test_requests import WISH

CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}
ALIKE = {"birth_name": "Martin", "first_name": "Jeanne", "birth_date": "1951-04-02"}
KNOWN = {**ALIKE, "birth_first_names": "Jeanne", "sex": "female"}


def send_answers(patient: Visitor) -> None:
    """A calm day, and a grave one with numbers."""
    patient.enter("patient")
    patient.post("/p/questions", CALM)
    patient.post("/p/questions", {**CALM, "dyspnoea": "rest", "temperature": "38,4"})


def test_answers_and_their_corrections_have_no_barrier(scene: Scene, visitor: NewVisitor) -> None:
    gp, record = visitor("phone"), f"/patients/{scene.home.care.patient}"
    gp.enter("gp")
    gp.page.goto(f"{gp.url}{record}/answers")
    gp.both_sizes("answers-none")
    send_answers(visitor("phone"))
    ((grave,),) = rows("select id from questionnaires.answer where answers ->> 'dyspnoea' = 'rest'")
    page = f"{record}/answers/{grave}"
    for locale, correct in (("fr", "Corriger"), ("en", "Correct")):
        gp.speak(locale)
        for path, name in (
            (f"{record}/answers", "answers"),
            (f"{record}/answers?source=paper", "answers-of-no-kind"),
            (page, "answer"),
            (f"{page}/correct", "correct"),
        ):
            gp.page.goto(gp.url + path)
            gp.both_sizes(f"{name}-{locale}")
        gp.page.get_by_label(re.compile("Temp")).fill("400")
        gp.page.get_by_role("button", name=correct, exact=True).click()
        expect(gp.page.locator("[aria-invalid=true]").first).to_be_visible()
        gp.both_sizes(f"correct-wrong-{locale}")
    gp.page.get_by_label(re.compile("Temp")).fill("37.4")
    gp.page.get_by_label("Reason of the correction").fill("Misread")
    gp.page.get_by_role("button", name="Correct", exact=True).click()
    expect(gp.page.locator("ins").first).to_contain_text("37.4")
    for locale in ("en", "fr"):
        gp.speak(locale)
        gp.page.goto(f"{gp.url}{page}")
        gp.both_sizes(f"answer-corrected-{locale}")


def ask(gp: Visitor, scene: Scene, **more: str) -> str:
    """Send a request to the centre; return its page."""
    gp.post("/requests/new", {**WISH, "centre": str(scene.home.care.centre), **more})
    ((request,),) = rows("select id from coordination.request order by sent_at desc limit 1")
    return f"/requests/{request}"


def test_requests_are_answered_without_a_barrier(scene: Scene, visitor: NewVisitor) -> None:
    gp, nurse = visitor("phone"), visitor("phone")
    gp.enter("gp")
    nurse.enter("nurse")
    page = nurse.page
    for locale in ("fr", "en"):
        gp.speak(locale)
        nurse.speak(locale)
        alike, refused = ask(gp, scene, **ALIKE), ask(gp, scene)
        for path, name in (("/requests", "requests"), (refused, "request-sent")):
            page.goto(nurse.url + path)
            nurse.both_sizes(f"{name}-{locale}")
        page.locator("details summary").click()
        page.locator("#refusal").select_option("no_capacity")
        page.locator("#note").fill("Place libre jeudi")
        nurse.both_sizes(f"request-refusing-{locale}")
        page.locator("details button").click()
        expect(page.get_by_role("status")).to_be_visible()
        nurse.both_sizes(f"request-refused-{locale}")
        nurse.post(alike, {"act": "accept"})
        page.goto(nurse.url + alike)
        nurse.both_sizes(f"request-identity-{locale}")
        for field, value in KNOWN.items():
            if field not in ("sex", "first_name"):
                page.locator(f"[name={field}]").fill(value)
        page.locator("#sex").select_option("female")
        page.locator("form.card button.big").click()
        expect(page.locator("#alike")).to_be_visible()
        nurse.both_sizes(f"request-alike-{locale}")
        page.locator("button[name=same]").click()
        expect(page).to_have_url(re.compile("/inclusion"))
        page.goto(nurse.url + alike)
        nurse.both_sizes(f"request-accepted-{locale}")
        for path, name in (("/requests", "mine"), (refused, "refused"), ("/requests/new", "new")):
            gp.page.goto(gp.url + path)
            gp.both_sizes(f"request-{name}-asker-{locale}")
