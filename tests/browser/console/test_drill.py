"""Exercises on the console: none yet, one started, answered in the queue, its report on paper."""

from datetime import date

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from alerts import drill_service as drills
from alerts import service as alerts
from alerts.acts import Close
from alerts.outcomes import Outcome
from core import clock
from core.access import Permission
from tests.as_owner import run
from tests.browser.console.centre import Centre, add_patient
from tests.browser.console.conftest import PHONE, ConsoleProcess, SignIn, screenshot
from tests.browser.console.test_console import AXE_RULES
from tests.integration.alerts.home import Home, opened

DESK = (1280, 900)


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options=AXE_RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def fictitious(centre: Centre) -> Home:
    """Return a record kept for exercises."""
    home = add_patient(
        centre.organisation, centre.nurse, centre.gp, "Essai", "Alerte", date(1970, 1, 1), "female"
    )
    run(
        "update identity.patient set ins_status = 'provisional', is_fictitious = true"
        " where patient_id = %s",
        home.care.patient,
    )
    return home


def close(home: Home) -> None:
    ctx = opened(home.care.nurse, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    (line,) = alerts.open_alerts(ctx)
    nurse = home.care.nurse.person
    alerts.act(ctx, line.alert_id, Close(by=nurse, outcome=Outcome.TECHNICAL_PROBLEM))


def test_an_exercise_is_started_answered_and_read(
    sign_in: SignIn, centre: Centre, console: ConsoleProcess
) -> None:
    page = sign_in("ines")
    page.get_by_role("link", name="Exercices", exact=True).click()
    expect(page.get_by_role("heading", name="Aucun exercice n’a encore été fait.")).to_be_visible()
    page.get_by_role("button", name="Lancer un exercice").click()
    expect(page.locator("#drill-error")).to_contain_text("Aucun dossier utilisable")
    page.get_by_role("button", name="Lancer l’exercice").click()
    expect(page.locator("#drill-error")).to_contain_text("Choisissez un dossier")
    page.locator("#drill-cancel").click()
    assert_accessible(page)
    screenshot(page, "drills-none", PHONE)

    home = fictitious(centre)
    page.get_by_role("button", name="Lancer un exercice").click()
    expect(page.get_by_label("Dossier fictif").first).to_have_value("ESSAI Alerte")
    assert_accessible(page)
    screenshot(page, "drill-dialog", DESK)
    screenshot(page, "drill-dialog", PHONE)
    page.get_by_role("button", name="Lancer l’exercice").click()
    expect(page.locator("#drill-result")).to_contain_text("L’exercice est lancé")
    expect(page.locator("#drill-list")).to_contain_text("en cours")

    alerts.review(clock.now())
    page.locator("#nav-queue").click()
    row = page.locator(".queue .entry", has_text="ESSAI")
    expect(row).to_contain_text("EXERCICE")
    screenshot(page, "drill-queue", DESK)
    expect(page.locator(".totals")).to_contain_text("Dossiers d’exercice, comptés à part : 1")
    screenshot(page, "drill-queue", PHONE)
    page.get_by_role("link", name="Passation", exact=True).click()
    line = page.locator(".matters > li", has_text="ESSAI")
    expect(line).to_contain_text("EXERCICE")
    expect(page.get_by_text("EXERCICE", exact=True)).to_have_count(1)
    assert_accessible(page)
    screenshot(page, "drill-handover", DESK)
    screenshot(page, "drill-handover", PHONE)
    page.get_by_label("Pour l’équipe suivante").fill("Exercice en cours.")
    page.get_by_role("button", name="Signer et passer la main").click()
    expect(page.locator("#handover-list")).to_contain_text("pas encore reprise")
    page.locator("#handover-list a").first.click()
    signed = page.locator("#handover-sheet .matters > li", has_text="ESSAI")
    page.emulate_media(media="print")
    expect(signed.get_by_text("EXERCICE", exact=True)).to_be_visible()
    page.emulate_media(media="screen")
    page.locator("#nav-queue").click()
    row.click()
    expect(page.locator(".card.alert")).to_contain_text("personne n’est malade")
    assert_accessible(page)
    screenshot(page, "drill-alert", PHONE)

    close(home)
    page.get_by_role("link", name="Exercices", exact=True).click()
    page.locator("#drill-list a").first.click()
    sheet = page.locator("#drill-sheet")
    expect(sheet).to_contain_text("Mesure enregistrée")
    expect(sheet).to_contain_text("Inès Moreau")
    assert_accessible(page)
    screenshot(page, "drill-report", DESK)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    for shown, title in (("dans les temps", "Résultat"), ("Inès Moreau", "Par qui")):
        cell = sheet.locator("td", has_text=shown).first
        expect(cell).to_have_attribute("data-title", title)
    wide = "e => [e.scrollWidth - e.clientWidth, document.documentElement.scrollWidth - innerWidth]"
    assert sheet.locator(".scroll").evaluate(wide) == [0, 0]
    assert_accessible(page)
    screenshot(page, "drill-report", PHONE)
    with page.expect_download() as saved:
        page.locator("#drill-save").click()
    assert saved.value.suggested_filename.startswith("chevet-drill-")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()
    expect(sheet).to_be_visible()


def test_a_month_is_planned_and_bad_input_says_what_is_wrong(
    sign_in: SignIn, centre: Centre, console: ConsoleProcess
) -> None:
    fictitious(centre)
    page = sign_in("karim")
    page.get_by_role("link", name="Exercices", exact=True).click()
    page.get_by_role("button", name="En planifier un chaque mois").click()
    page.get_by_label("Jour du mois").fill("31")
    page.get_by_label("À quelle heure").fill("10 h")
    page.get_by_role("button", name="Enregistrer le plan").click()
    expect(page.locator("#drillplan-error")).to_contain_text("de 1 à 28")
    expect(page.get_by_label("À quelle heure")).to_have_value("10 h")
    page.get_by_label("Jour du mois").fill("12")
    assert_accessible(page)
    page.get_by_role("button", name="Enregistrer le plan").click()
    expect(page.locator("#drill-list")).to_contain_text("Chaque mois, le 12 à 10:00")
    screenshot(page, "drills-planned", DESK)
    page.get_by_role("button", name="Ne plus en planifier").click()
    expect(page.locator("#drill-list")).to_contain_text("Aucun exercice mensuel")
    assert drills.plan_of(centre.nurse) is None
