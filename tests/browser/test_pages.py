"""Every page as people see it, on a phone and at a desk: no barrier, nothing out of the screen."""

import re

import psycopg
import pytest
from playwright.sync_api import expect

from core.access import Permission
from core.care import open_record
from tests.browser.conftest import SIZES, NewVisitor
from tests.browser.phone import without_modules
from tests.conftest import Database
from tests.integration.web.scene import Scene


@pytest.mark.parametrize("size", SIZES)
def test_sign_in(scene: Scene, visitor: NewVisitor, size: str) -> None:
    someone = visitor(size)
    someone.page.goto(someone.url + "/sign-in")
    someone.shot("sign-in")
    someone.page.get_by_label("Identifiant").fill("gp")
    someone.page.get_by_label("Mot de passe").fill("wrong")
    someone.page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(someone.page.get_by_role("alert")).to_contain_text("n’est pas le bon")
    expect(someone.page.get_by_label("Identifiant")).to_have_value("gp")
    someone.shot("sign-in-wrong")
    someone.page.goto(someone.url + "/about")
    someone.shot("about")


@pytest.mark.parametrize("size", SIZES)
def test_a_patient_answers_in_a_minute(scene: Scene, visitor: NewVisitor, size: str) -> None:
    patient = visitor(size)
    without_modules(patient.page)
    patient.sign_in("patient")
    page = patient.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Jeanne")
    patient.shot("phone-home")
    targets = page.locator("main").locator("a.button, a.link-card, button").locator("visible=true")
    assert targets.count() > 8
    for target in targets.all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    page.get_by_role("link", name="Répondre maintenant").click()
    patient.shot("questions")
    page.get_by_label("Non").first.check()
    page.get_by_label("Température").fill("372")
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("alert").first).to_contain_text("Rien n’est encore envoyé")
    patient.shot("questions-errors")
    page.get_by_label("Température").fill("37,2")
    for question in ("malaises", "manger"):
        page.get_by_role("group", name=re.compile(question)).get_by_label("Non").check()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, c’est envoyé")
    patient.shot("sent")
    page.get_by_role("link", name="Accueil").click()
    expect(page.get_by_text("Envoyé à")).to_be_visible()
    patient.shot("phone-home-done")
    for name, path in (("own-circle", "/p/circle"), ("own-journal", "/p/journal")):
        page.goto(patient.url + path)
        patient.shot(name)


@pytest.mark.parametrize("size", SIZES)
def test_the_journal_marks_an_emergency_and_a_refusal(
    scene: Scene, visitor: NewVisitor, database: Database, size: str
) -> None:
    patient = scene.home.care.patient
    open_record(scene.stranger, patient, Permission.ALERTS_READ)
    with psycopg.connect(database.dsn("OWNER")) as owner:
        for days in (0, 31):
            owner.execute(
                "insert into audit.event (at, person, post, purpose, action, permission,"
                " patient_id, outcome, role, basis) values (now() - make_interval(days => %s),"
                " %s, %s, 'BTG', 'R', 'vitals:read', %s, 'success', 'emergency', 'break_glass')",
                [days, scene.stranger.person, scene.stranger.post, patient],
            )
    someone = visitor(size)
    someone.sign_in("patient", "/p/journal")
    page = someone.page
    expect(page.get_by_text("Accès en urgence (bris de glace)", exact=True)).to_be_visible()
    expect(page.get_by_text("A essayé et a été refusé")).to_be_visible()
    someone.shot("own-journal-emergency")
    page.get_by_role("navigation", name="Mois").get_by_role("link").first.click()
    expect(page.get_by_text("Accès en urgence (bris de glace)", exact=True)).to_be_visible()
    someone.shot("own-journal-older")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Télécharger ce mois")).to_be_hidden()


def test_a_grave_answer_says_call_15(scene: Scene, visitor: NewVisitor) -> None:
    patient = visitor("phone")
    without_modules(patient.page)
    patient.sign_in("patient", "/p/questions")
    page = patient.page
    page.get_by_label("Oui, au repos ou quand je parle").check()
    for question in ("malaises", "manger"):
        page.get_by_role("group", name=re.compile(question)).get_by_label("Non").check()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("alert")).to_contain_text("Appelez le 15 maintenant")
    patient.shot("sent-call-15")


@pytest.mark.parametrize("size", SIZES)
def test_a_gp_answers_from_the_link_of_a_message(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    gp = visitor(size)
    gp.sign_in("gp", f"/a/{scene.alert}")
    page = gp.page
    expect(page.get_by_role("heading", level=1)).to_have_text("MARTIN Jeanne")
    expect(page.get_by_text("SpO₂ (saturation) : 90 %").first).to_be_visible()
    gp.shot("alert")
    page.get_by_role("button", name="Vu").click()
    expect(page.get_by_role("status")).to_contain_text("vous avez vu cette alerte")
    page.get_by_role("button", name="Je rappelle le patient").click()
    expect(page.get_by_role("status")).to_contain_text("vous rappelez le patient")
    gp.shot("alert-calling")
    page.get_by_text("Clôturer", exact=True).click()
    page.get_by_label("Issue").select_option(label="Conseil donné")
    page.get_by_label("Note").fill("Repos, contrôle ce soir.")
    page.get_by_role("button", name="Clôturer l’alerte").click()
    expect(page.get_by_role("status")).to_contain_text("vous avez clôturé")
    gp.shot("alert-closed")
    page.get_by_role("link", name="Mes patients").click()
    expect(page.get_by_text("Aucune alerte ne vous attend.")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_the_other_pages_of_a_professional(scene: Scene, visitor: NewVisitor, size: str) -> None:
    gp = visitor(size)
    gp.sign_in("gp")
    expect(gp.page.get_by_role("heading", level=1)).to_have_text("Mes patients")
    gp.shot("home")
    patient = f"/patients/{scene.home.care.patient}"
    for name, path in (
        ("circle", f"{patient}/circle"),
        ("journal", f"{patient}/journal"),
        ("not-found", "/nothing/here"),
    ):
        gp.page.goto(gp.url + path)
        gp.shot(name)
    gp.page.get_by_role("button", name="English").click()
    expect(gp.page.get_by_role("heading", level=1)).to_have_text("My patients")
    gp.shot("home-english")


def test_the_alert_in_the_dark_and_on_paper(scene: Scene, visitor: NewVisitor) -> None:
    gp = visitor("phone")
    gp.page.emulate_media(color_scheme="dark")
    gp.sign_in("gp", f"/a/{scene.alert}")
    expect(gp.page.get_by_role("heading", level=1)).to_have_text("MARTIN Jeanne")
    gp.shot("alert-dark")
    gp.page.goto(gp.url + "/")
    gp.shot("home-dark")
