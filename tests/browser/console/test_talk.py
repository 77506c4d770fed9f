"""The nurse asks about an alert; what the GP says and promises reaches her screen by itself."""

from playwright.sync_api import expect

from alerts import service as alerts
from alerts.answering import AskVisit
from alerts.talking import Kind
from core.access import Permission
from tests.browser.console.centre import Centre
from tests.browser.console.conftest import PHONE, SignIn, screenshot
from tests.browser.console.test_console import LIVE_MS, assert_accessible
from tests.integration.alerts.home import opened, seen_by_nurse

QUESTION = "Faut-il monter l’oxygène ?"
REPLY = "Oui, 2 L/min. Je passe à 18 h."
NARROW = (320, 700)


def test_a_question_is_asked_and_the_reply_comes_by_itself(sign_in: SignIn, centre: Centre) -> None:
    page = sign_in("ines")
    page.locator(".queue .entry", has_text="MARTIN").click()
    page.evaluate("document.getElementById('shell').dataset.before = '1'")
    page.get_by_role("button", name="Poser une question").click()
    words = page.get_by_label("Votre question")
    expect(words).to_be_visible()
    page.get_by_role("button", name="Envoyer la question").click()
    expect(page.locator("#asking-error")).to_contain_text("Rien n’est encore écrit")
    words.fill(QUESTION)
    expect(page.locator("#shell[data-tick]:not([data-tick='0'])")).to_be_attached()
    home = centre.homes["Martin"]
    (line,) = seen_by_nurse(home)
    gp = home.care.gp
    ctx = opened(gp, home.care.patient, Permission.ALERTS_ACKNOWLEDGE)
    alerts.say(ctx, line.alert_id, Kind.REPLY, "Je regarde.", key="first")
    talk = page.locator(".talk")
    expect(talk).to_contain_text("Je regarde.", timeout=LIVE_MS)
    expect(words).to_have_value(QUESTION)
    assert_accessible(page)
    screenshot(page, "asking")
    page.get_by_role("button", name="Envoyer la question").click()
    expect(page.locator("#act-result")).to_contain_text("Question envoyée à")
    expect(talk).to_contain_text(QUESTION)
    expect(words).to_be_hidden()

    alerts.say(ctx, line.alert_id, Kind.REPLY, REPLY, key="second")
    expect(talk).to_contain_text(REPLY, timeout=LIVE_MS)
    alerts.act(ctx, line.alert_id, AskVisit(by=gp.person))
    expect(page.locator(".standing")).to_contain_text("demande une visite avant", timeout=LIVE_MS)
    told = page.locator(".told")
    expect(told).to_contain_text("Inès Moreau")
    expect(told).to_contain_text("Prochain appel : si l’alerte n’est pas clôturée à")
    assert page.evaluate("document.getElementById('shell').dataset.before") == "1"
    assert_accessible(page)
    for size in (PHONE, (1280, 800)):
        screenshot(page, "talk", size)
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
