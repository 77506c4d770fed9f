"""The nurse before her console: real database, real process, real browser."""

import re
import threading
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from alerts import service as alerts
from alerts.acts import Own
from core import clock
from core.access import Permission
from core.doors import Service, serving
from core.vitals import Vital
from devices import service as devices
from ingest import service as ingest
from ingest.message import Message
from tests.browser.console.centre import Centre, answer_by_phone
from tests.browser.console.conftest import PHONE, ConsoleProcess, SignIn, screenshot
from tests.integration.alerts.home import Home, measure, opened, rows, seen_by_nurse

LIVE_MS = 8_000
"""Sooner than the 10 s after which a page reads again of itself: only the push can be it."""
STALE_MS = 32_000
STOPPED_MS = 45_000
"""A last sign of life may come after the event that ends them; it is old after 30 s."""
AXE_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}


def fall(home: Home, percent: float) -> None:
    """One low value arrives and is judged; committed on return."""
    measure(home, [(Vital.SPO2, percent, timedelta(seconds=5))])
    alerts.review(clock.now())


def entry(page: Page, name: str, level: str) -> object:
    return page.locator(".queue .entry", has_text=name).filter(has_text=level)


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options=AXE_RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_a_new_alert_appears_is_taken_in_charge_and_closed(sign_in: SignIn, centre: Centre) -> None:
    page = sign_in("ines")
    expect(page).to_have_title(re.compile(r"^\(1\) File active"))
    expect(entry(page, "NGUYEN", "Pas de mesure")).to_be_visible()
    expect(page.locator("#shell[data-tick]:not([data-tick='0'])")).to_be_attached()

    fall(centre.homes["Nguyen"], 86)
    expect(entry(page, "NGUYEN", "Rouge")).to_be_visible(timeout=LIVE_MS)
    expect(page).to_have_title(re.compile(r"^\(2\) "))

    page.get_by_role("searchbox", name="Chercher par nom").fill("nguyen")
    expect(page.locator(".queue .entry")).to_have_count(1)
    page.locator("body").click(position={"x": 5, "y": 500})
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("NGUYEN Thi")
    page.get_by_role("button", name="Prendre en charge").click()
    result = page.locator("#act-result")
    expect(result).to_contain_text("Prise en charge par Inès Moreau")
    expect(page.locator(".standing")).to_contain_text("Prise en charge par Inès Moreau")

    page.get_by_role("button", name="Clôturer").first.click()
    page.get_by_role("button", name="Clôturer l’alerte").click()
    expect(page.locator("#closing-error")).to_contain_text("Choisissez une issue")
    page.locator("#closing-outcome").click()
    page.get_by_role("option", name="Patient rappelé, rassuré").click()
    page.locator("#closing-note").fill("Doigt froid, 95 % après réchauffement.")
    page.get_by_role("button", name="Clôturer l’alerte").click()
    expect(result).to_contain_text("Patient rappelé, rassuré · clôturée par Inès Moreau")
    expect(page.locator("#patient-alerts")).to_contain_text("Aucune alerte ouverte")
    assert rows(
        "select outcome, note, closed_by from alerts.alert where patient_id = %s",
        [centre.homes["Nguyen"].care.patient],
    ) == [
        (
            "patient_called_reassured",
            "Doigt froid, 95 % après réchauffement.",
            centre.nurse.person,
        )
    ]


def test_who_was_slower_is_told_and_changes_nothing(sign_in: SignIn, centre: Centre) -> None:
    page = sign_in("ines")
    page.locator(".queue .entry", has_text="MARTIN").click()
    expect(page.get_by_role("button", name="Prendre en charge")).to_be_visible()
    home = centre.homes["Martin"]
    [line] = seen_by_nurse(home)
    ctx = opened(centre.colleague, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    alerts.act(ctx, line.alert_id, Own(by=centre.colleague.person))
    # The button goes with the refresh; a click just before it is this, as the browser sends it.
    page.evaluate(
        "on => dash_clientside.set_props('click', {data: {act: 'own', on, at: 1}})",
        str(line.alert_id),
    )
    result = page.locator("#act-result")
    expect(result).to_contain_text("Déjà prise en charge par Karim Benali")
    expect(result).to_contain_text("Vous n’avez rien modifié.")
    assert [one.owner for one in seen_by_nurse(home)] == [centre.colleague.person]


@pytest.mark.timeout(180)
def test_a_page_lives_again_after_a_restart_and_says_when_it_stands_still(
    sign_in: SignIn, centre: Centre, console: ConsoleProcess
) -> None:
    page = sign_in("ines")
    page.evaluate("document.getElementById('shell').dataset.before = '1'")
    expect(page.locator("#shell[data-tick]:not([data-tick='0'])")).to_be_attached()
    page.evaluate("document.getElementById('shell').dataset.tick = 'old'")
    console.kill()
    console.start()
    # The same page subscribes again by itself, and what comes is pushed to it.
    expect(page.locator("#shell[data-tick='old']")).to_have_count(0, timeout=40_000)
    fall(centre.homes["Nguyen"], 85)
    expect(entry(page, "NGUYEN", "Rouge")).to_be_visible(timeout=LIVE_MS)

    stale = page.locator("#stale")
    expect(stale).to_be_hidden()
    console.kill()
    expect(stale).to_be_visible(timeout=STALE_MS)
    expect(stale).to_contain_text("Affichage figé depuis")
    expect(page.locator(".cell-waiting").first).to_be_hidden()
    screenshot(page, "stale")
    fall(centre.homes["Diallo"], 85)
    console.start()
    expect(entry(page, "DIALLO", "Rouge")).to_be_visible(timeout=30_000)
    expect(stale).to_be_hidden()
    assert page.evaluate("document.getElementById('shell').dataset.before") == "1"


def test_every_page_is_accessible_and_says_when_the_watch_has_stopped(
    sign_in: SignIn, centre: Centre, console: ConsoleProcess, vital_processes: threading.Event
) -> None:
    devices.register_gateway("gw-demo", centre.organisation)
    now = clock.now()
    answer_by_phone(centre.homes["Martin"])
    ingest.store_batch([Message(gateway="gw-demo", kind="up", payload=b"{broken")], now)
    page = sign_in("ines")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: faults.append(said.text) if "Content Security" in said.text else None,
    )
    page.reload()
    expect(page.locator(".queue .entry").first).to_be_visible()
    assert_accessible(page)
    screenshot(page, "queue")
    screenshot(page, "queue", PHONE)

    vital_processes.set()
    with serving(Service.HEARTBEAT) as conn:
        conn.execute("update core.heartbeat set at = at - interval '31 seconds'")
    stopped = page.locator("#stopped")
    expect(stopped).to_contain_text("La surveillance automatique est arrêtée", timeout=STOPPED_MS)
    screenshot(page, "stopped")

    page.locator(".queue .entry", has_text="MARTIN").click()
    expect(page.locator("#patient-alerts")).to_contain_text("SpO₂")
    expect(page.locator("#patient-circle")).to_contain_text("Médecin traitant")
    expect(page.locator("#chart-words")).to_contain_text("Pouls")
    answered = page.locator("#patient-answers")
    expect(answered).to_contain_text("Oui, au repos ou quand je parle")
    expect(answered).to_contain_text("Rouge")
    page.locator("details summary").first.click()
    assert_accessible(page)
    screenshot(page, "patient")
    screenshot(page, "patient", PHONE)
    address = page.url
    for said in ("Yes, at rest or when I speak", "Oui, au repos ou quand je parle"):
        page.locator("form[action='/language'] button").click()
        page.goto(address)
        expect(answered).to_contain_text(said)
        assert_accessible(page)
    page.get_by_role("button", name="Clôturer").first.click()
    expect(page.locator("#closing-about")).to_contain_text("SpO₂")
    assert_accessible(page)
    page.keyboard.press("Escape")

    page.goto(f"{console.url}/console/quarantine")
    expect(page.locator("#quarantine-list")).to_contain_text("Message illisible")
    assert_accessible(page)
    screenshot(page, "quarantine")
    page.get_by_role("button", name="Vu").click()
    expect(page.locator("#quarantine-result")).to_contain_text("Vu par Inès Moreau")
    expect(page.locator("#quarantine-list")).to_contain_text("Rien n’est mis de côté")
    page.goto(f"{console.url}/console/patients/{centre.organisation}")
    expect(page.locator("#record-refusal")).to_have_text("Cette page n’existe pas.")
    page.goto(f"{console.url}/console/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’existe pas.")
    assert faults == []
