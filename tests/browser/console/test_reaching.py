"""The patient's page of the console: whom to call, what is wrong, one click to the sheet."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.as_owner import run
from tests.browser.console.centre import Centre
from tests.browser.console.conftest import PHONE, ConsoleProcess, SignIn, screenshot
from tests.browser.console.test_console import AXE_RULES

SMALL = (320, 640)


def assert_open_to_all(page: Page) -> None:
    for width, height in (PHONE, SMALL, (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        found = Axe().run(page, options=AXE_RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        wide = page.locator("#patient-reach").evaluate("node => node.scrollWidth - innerWidth")
        assert wide <= 0


def test_the_card_says_whom_to_call_and_leads_to_the_sheet(
    sign_in: SignIn, centre: Centre, console: ConsoleProcess
) -> None:
    care = centre.homes["Martin"].care
    run("update identity.patient set phone = null where patient_id = %s", care.patient)
    page = sign_in("ines")
    page.locator(".queue .entry", has_text="MARTIN").click()
    reach = page.locator("#patient-reach")
    expect(reach).to_contain_text("Le patient n’a aucun numéro de téléphone")
    expect(reach).to_contain_text("Personne de l’entourage n’est sur la liste")
    expect(reach).to_contain_text("Envoyez quelqu’un au domicile")
    card = page.locator("section.alert").first
    sheet = card.get_by_role("link", name="Fiche SAMU")
    alert = str(sheet.get_attribute("href")).partition("?alert=")[2]
    assert sheet.get_attribute("href") == (
        f"{console.url}/patients/{care.patient}/samu?alert={alert}"
    )
    expect(card.get_by_role("link", name="Joindre le patient")).to_be_visible()
    run(
        "insert into coordination.person_to_call (id, patient_id, place, name, tie, phone,"
        " noted_by, noted_at, doubted_at) values (gen_random_uuid(), %s, 1, 'Luc Martin', 'fils',"
        " '0639980113', %s, now(), now()), (gen_random_uuid(), %s, 2, 'Éva Petit', 'voisine',"
        " '0639980114', %s, now(), null)",
        care.patient,
        care.nurse.person,
        care.patient,
        care.nurse.person,
    )
    page.reload()
    expect(reach).to_contain_text("Luc Martin (fils) – Numéro à vérifier")
    expect(reach).to_contain_text("Éva Petit (voisine)")
    expect(reach.get_by_role("link", name="06 39 98 01 14")).to_be_visible()
    assert_open_to_all(page)
    screenshot(page, "reach")
    screenshot(page, "reach", PHONE)
    address = page.url
    page.locator("form[action='/language'] button").click()
    page.goto(address)
    expect(reach).to_contain_text("Number to be checked")
    assert_open_to_all(page)
