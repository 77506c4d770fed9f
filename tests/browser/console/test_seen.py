"""Calm patients are seen together, and the queue says by whom."""

from playwright.sync_api import expect

from tests.browser.console.centre import Centre
from tests.browser.console.conftest import PHONE, ConsoleProcess, SignIn, screenshot
from tests.browser.console.test_handover import assert_accessible


def test_calm_patients_of_the_page_are_noted_as_seen(
    sign_in: SignIn, centre: Centre, console: ConsoleProcess
) -> None:
    page = sign_in("ines")
    button = page.get_by_role("button", name="Tout vu : patients verts de cette page (1)")
    assert_accessible(page)
    button.click()
    expect(page.locator("#queue-seen")).to_contain_text("Notés comme vus : 1.")
    expect(page.locator("#queue-seen")).not_to_contain_text("restent à voir")  # no other was sent
    calm = page.locator(".entry", has_text="DIALLO")
    expect(calm).to_contain_text("Vu par Inès Moreau")
    expect(button).to_be_hidden()
    expect(page.locator(".entry", has_text="MARTIN")).not_to_contain_text("Vu par")
    assert_accessible(page)
    screenshot(page, "seen")
    screenshot(page, "seen", PHONE)
