"""The other doors to a questionnaire: desk, paper, link, call list; both languages and widths."""

import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from core import clock
from core.access import Role
from core.sealing import unseal_text
from identity import service as identity
from messages import service as messages
from messages.message import SEALED_PARAM
from questionnaires.library_service import active_edition
from tests.as_owner import rows, run
from tests.browser.conftest import NewVisitor, Visitor
from tests.integration.plans.home import start
from tests.integration.web.scene import Scene
from tests.integration.web.test_carer import READS, WRITES, make_carer
from tests.people import make_patient

LANGUAGES = ("en", "fr")
GRAVE = {"dyspnoea": "rest", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}


def walk(someone: Visitor, pages: dict[str, str]) -> None:
    """Look at pages, name to path, in both languages and at both widths."""
    for locale in LANGUAGES:
        someone.speak(locale)
        for name, path in pages.items():
            someone.page.goto(someone.url + path)
            expect(someone.page.locator("html")).to_have_attribute("lang", locale)
            someone.both_sizes(f"{name}-{locale}")


def test_desk_paper_and_links_have_no_barrier(scene: Scene, visitor: NewVisitor) -> None:
    patient = scene.home.care.patient
    record, digest = f"/patients/{patient}", active_edition("home-daily").digest
    messages.register_contact(patient, "email", "jeanne@patient.example")
    gp = visitor("desk")
    gp.enter("gp")
    gp.post(f"{record}/answers/links", {"what": digest, "to": f"email {patient}"})
    pages = {
        "desk-choose": f"{record}/answers/new",
        "desk-form": f"{record}/answers/new?what={digest}",
        "papers": f"{record}/answers/paper",
        "links": f"{record}/answers/links",
        "bedside-form": f"{record}/bedside",
    }
    walk(gp, pages)
    gp.page.goto(gp.url + pages["desk-form"])
    gp.page.locator("form[method=post] button[type=submit], main form button.button").last.click()
    expect(gp.page.locator("[aria-invalid=true], [role=alert]").first).to_be_visible()
    gp.both_sizes("desk-mend-fr")


def test_the_call_list_has_no_barrier(scene: Scene, visitor: NewVisitor, clock_file: Path) -> None:
    care = scene.home.care
    start(care.nurse, care.patient)
    clock_file.write_text(str(timedelta(hours=36).total_seconds()))
    run(
        "update questionnaires.task set state = 'missed', missed_at = %s where alarm_at <= %s",
        clock.now(),
        clock.now(),
    )
    nurse = visitor("desk")
    nurse.enter("nurse")
    walk(nurse, {"calls": "/calls"})
    expect(nurse.page.get_by_text(re.compile("MARTIN Jeanne")).first).to_be_visible()


def test_a_link_is_answered_without_a_barrier(scene: Scene, visitor: NewVisitor) -> None:
    patient, digest = scene.home.care.patient, active_edition("home-daily").digest
    messages.register_contact(patient, "email", "jeanne@patient.example")
    messages.register_contact(patient, "sms", "+33639980112")
    gp, someone = visitor("desk"), visitor("phone")
    gp.enter("gp")
    gp.post(f"/patients/{patient}/answers/links", {"what": digest, "to": f"email {patient}"})
    sent = dict(rows("select template, params from messages.outbox"))
    token = unseal_text(sent["answer_link"]["token"], SEALED_PARAM)
    code = unseal_text(sent["answer_code"]["code"], SEALED_PARAM)
    walk(someone, {"link-code": f"/q/{token}"})
    page = someone.page
    page.get_by_role("textbox").first.fill("000000" if code != "000000" else "111111")
    page.locator("main form button").first.click()
    expect(page.get_by_text("Ce n’est pas le code")).to_be_visible()
    someone.both_sizes("link-code-wrong-fr")
    page.get_by_role("textbox").first.fill(code)
    page.locator("main form button").first.click()
    expect(page.get_by_role("group").first).to_be_visible()
    walk(someone, {"link-form": f"/q/{token}"})
    page.get_by_label("Oui, au repos ou quand je parle").check()
    for group in ("malaise", "manger"):
        page.get_by_role("group", name=re.compile(group)).get_by_label("Non", exact=True).check()
    page.locator("main form button").last.click()
    expect(page.get_by_role("link", name=re.compile("15")).first).to_be_visible()
    someone.both_sizes("link-sent-fr")
    other = visitor("phone")
    walk(other, {"link-gone": f"/q/{token}"})


def test_who_answers_for_two_chooses_without_a_barrier(scene: Scene, visitor: NewVisitor) -> None:
    claire = make_carer(scene, [*READS, *WRITES])
    identity.join_circle(make_patient("Durand", "Paul"), claire, Role.CARER)
    carer = visitor("phone")
    carer.enter("claire")
    home = f"/p/for/{scene.home.care.patient}"
    carer.post(f"{home}/questions", GRAVE)
    walk(carer, {"carer-choose": "/p/for", "carer-home": home, "carer-answers": f"{home}/answers"})
