"""The nurse before her console: real database, real process, real browser."""

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from alerts import service as alerts
from alerts.acts import Own
from core import clock
from core.access import Permission
from core.doors import Service, before_sign_in, serving
from core.vitals import Vital
from devices import service as devices
from identity import service as identity
from identity.edge.http import SESSION_COOKIE
from identity.session_service import only_post, open_session, sign_out
from identity.store import load_account
from ingest import service as ingest
from ingest.message import Message
from tests.browser.console.centre import PASSWORD, Centre, answer_by_phone
from tests.browser.console.conftest import PHONE, SCREENS, ConsoleProcess, SignIn, screenshot
from tests.integration.alerts.home import Home, measure, opened, rows, seen_by_nurse

LIVE_MS = 2_000
STALE_MS = 32_000
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
    expect(page.locator("#shell[data-tick='old']")).to_have_count(0, timeout=20_000)
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


def cookie_of(login: str) -> tuple[str, str]:
    with before_sign_in() as conn:
        account = load_account(conn, login)
    assert account is not None
    token = open_session(account.person, aal="two", post=only_post(account.person))
    return token, f"{SESSION_COOKIE}={token}"


def close_code(console: ConsoleProcess, cookie: str, meanwhile: Callable[[], None]) -> int | None:
    """Open the socket of Dash, let something happen, and return how it closes within 5 s."""
    address = f"{console.url.replace('http', 'ws')}/console/_dash-ws-callback"
    socket = connect(address, origin=console.url, additional_headers={"Cookie": cookie})
    with socket:
        meanwhile()
        try:
            socket.recv(timeout=5)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
    return None


def status_of(url: str, cookie: str = "") -> tuple[int, str]:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    request = urllib.request.Request(url, headers={"Cookie": cookie})
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=5) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers.get("Location", "")


@pytest.mark.promise("S9")
def test_nothing_answers_without_a_live_session_that_may(
    console: ConsoleProcess, centre: Centre, sign_in: SignIn
) -> None:
    queue, layout = f"{console.url}/console/", f"{console.url}/console/_dash-layout"
    assert status_of(queue) == (303, "/sign-in?next=/console/")
    assert status_of(layout) == (401, "")
    identity.open_account(centre.gp.person, "paul", PASSWORD)
    _, gp = cookie_of("paul")
    assert status_of(layout, gp)[0] == 401
    assert close_code(console, "", lambda: None) == 4401
    assert close_code(console, gp, lambda: None) == 4401

    token, cookie = cookie_of("ines")
    assert status_of(layout, cookie)[0] == 200
    assert close_code(console, cookie, lambda: sign_out(token)) == 4401
    assert status_of(layout, cookie)[0] == 401

    page = sign_in("karim")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Queue")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    _, cookie = cookie_of("karim")

    def end_post() -> None:
        with serving(Service.ADMINISTRATION) as conn:
            conn.execute(
                "update access.post set ends_at = %s where id = %s",
                [clock.now(), centre.colleague.post],
            )

    assert close_code(console, cookie, end_post) == 4401
    # The open page shows nothing any more and asks to sign in.
    expect(page).to_have_url(re.compile("/sign-in"), timeout=20_000)


def leave(centre: Centre) -> None:
    now = clock.now()
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute(
            "update access.membership set ends_at = %s where party = %s and patient_id = %s",
            [now, centre.organisation, centre.homes["Martin"].care.patient],
        )


@pytest.mark.promise("S9")
def test_a_record_that_is_open_closes_within_five_seconds_of_leaving(
    sign_in: SignIn, centre: Centre
) -> None:
    page = sign_in("ines")
    page.locator(".queue .entry", has_text="MARTIN").click()
    expect(page.locator("#patient-alerts")).to_contain_text("SpO₂", timeout=20_000)
    expect(page.locator("#patient-identity")).to_contain_text("MARTIN", timeout=20_000)
    leave(centre)
    expect(page.locator("#record-refusal")).to_have_text("Cette page n’existe pas.", timeout=5_000)
    for part in ("#patient-identity", "#patient-alerts", "#patient-latest", "#chart-words"):
        expect(page.locator(part)).to_be_hidden()
    page.screenshot(path=SCREENS / "console-left.png")
    page.locator("#nav-queue").click()
    expect(page.locator(".queue .entry").first).to_be_visible(timeout=20_000)
    expect(page.locator(".queue .entry", has_text="MARTIN")).to_have_count(0, timeout=20_000)


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
    expect(stopped).to_contain_text("La surveillance automatique est arrêtée", timeout=15_000)
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
