"""The end of a shift, written by one nurse and signed by the next."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from alerts import service as alerts
from core import clock
from core.vitals import Vital
from tests.browser.console.centre import Centre
from tests.browser.console.conftest import PHONE, ConsoleProcess, SignIn, screenshot
from tests.browser.console.test_console import AXE_RULES
from tests.integration.alerts.home import measure
from tests.integration.alerts.test_technical import MINUTE


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options=AXE_RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_a_shift_is_handed_over_and_taken_over(
    sign_in: SignIn, centre: Centre, console: ConsoleProcess
) -> None:
    page = sign_in("ines")
    page.get_by_role("link", name="Passation", exact=True).click()
    expect(page.get_by_role("heading", name="Ce que vous laissez")).to_be_visible()
    here = page.get_by_role("link", name="Passation", exact=True)
    expect(here).to_have_attribute("aria-current", "page")
    expect(page.locator(".matters > li").nth(2)).to_be_visible()
    open_before = page.locator(".matters > li").count()
    page.get_by_label("Remarque, MARTIN Jeanne").first.fill("Rappeler à 20 h, fille prévenue.")
    page.get_by_label("Pour l’équipe suivante").fill(
        "Un concentrateur en panne chez M. Petit-Roche."
    )
    assert_accessible(page)
    screenshot(page, "handover-giving")
    screenshot(page, "handover-giving", PHONE)

    measure(centre.homes["Diallo"], [(Vital.TEMPERATURE, 40.1, MINUTE)])
    alerts.review(clock.now())
    page.get_by_role("button", name="Signer et passer la main").click()
    expect(page.locator("#handover-result")).to_contain_text("La file a changé entre-temps")
    expect(page.get_by_label("Remarque, MARTIN Jeanne").first).to_have_value(
        "Rappeler à 20 h, fille prévenue."
    )
    expect(page.locator(".matters > li")).to_have_count(open_before + 1)
    page.get_by_role("button", name="Signer et passer la main").click()
    expect(page.locator("#handover-result")).to_contain_text("Signé")
    expect(page.locator("#handover-list")).to_contain_text("pas encore reprise")

    page.context.clear_cookies()
    other = sign_in("karim")
    other.locator("#handover-waiting a").click()
    expect(other.locator("#handover-sheet")).to_contain_text("Un concentrateur en panne")
    expect(other.locator("#handover-sheet")).to_contain_text("Rappeler à 20 h, fille prévenue.")
    assert_accessible(other)
    screenshot(other, "handover-sheet")
    screenshot(other, "handover-sheet", PHONE)
    other.get_by_role("button", name="J’ai lu et je prends la suite").click()
    expect(other.locator("#handover-result")).to_contain_text("Vous avez pris la suite")
    expect(other.locator("#handover-sheet")).to_contain_text("reprise par Karim Benali")
    other.emulate_media(media="print")
    expect(other.get_by_role("button", name="Imprimer")).to_be_hidden()
    expect(other.locator("#handover-sheet")).to_be_visible()
