"""The technical queue, as a nurse reads it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alerts import technical_service
from alerts.technical import Found, Kind, Name
from core import clock
from tests.as_owner import run
from tests.browser.console.centre import Centre
from tests.browser.console.conftest import PHONE, ConsoleProcess, SignIn, screenshot
from tests.browser.console.test_console import AXE_RULES


def test_a_trouble_is_read_taken_and_gone_when_mended(
    sign_in: SignIn, centre: Centre, console: ConsoleProcess
) -> None:
    patient = centre.homes["Nguyen"].care.patient
    run(
        "insert into messages.contact_fault (id, party, channel, reason, found_at)"
        " values (gen_random_uuid(), %s, 'sms', 'not_mobile', now())", patient,
    )  # fmt: skip
    certificate = Found(
        name=Name(Kind.CERTIFICATE_ENDS, "CHEVET_MQTT_CA"),
        detail={"since": clock.now().isoformat()},
    )
    technical_service.look(clock.now(), [certificate])
    page = sign_in("ines")
    page.get_by_role("link", name="Technique", exact=True).click()
    expect(page.get_by_role("heading", name="File technique")).to_be_visible()
    line = page.locator("#technical-list tr", has_text="Injoignable par ce moyen")
    expect(line).to_contain_text("NGUYEN")
    line.get_by_role("button", name="Je m’en occupe").click()
    expect(page.locator("#technical-result")).to_contain_text("Vous vous en occupez")
    expect(line).to_contain_text("Inès Moreau")
    found = Axe().run(page, options=AXE_RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    screenshot(page, "technical")
    screenshot(page, "technical", PHONE)
    run("update messages.contact_fault set cleared_at = now()")
    technical_service.look(clock.now())
    page.reload()
    expect(page.get_by_role("heading", name="Réglés depuis 7 jours")).to_be_visible()
