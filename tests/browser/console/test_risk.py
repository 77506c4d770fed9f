"""What the model says stands on a patient's page with the state by the rules, at both widths."""

from datetime import timedelta

from playwright.sync_api import expect

from alerts import service as alerts
from alerts.model_service import promote
from alerts.risk_service import ask_due
from core import clock
from core.vitals import Vital
from scoring.edge.model_file import SHIPPED
from tests.browser.console.centre import Centre
from tests.browser.console.conftest import PHONE, SignIn, screenshot
from tests.integration.alerts.home import measure


def test_the_argument_is_read_beside_the_rules(sign_in: SignIn, centre: Centre) -> None:
    promote(SHIPPED, "for the test of the page")
    home, now = centre.homes["Martin"], clock.now()
    measure(home, [(Vital.SPO2, 91, timedelta(0)), (Vital.PULSE, 112, timedelta(0))], now=now)
    alerts.review(now)
    assert ask_due(now) == len(centre.homes), "whoever is watched, once a model comes into use"
    page = sign_in("ines")
    page.get_by_role("link", name="MARTIN Jeanne").first.click()
    card = page.locator("section", has=page.get_by_role("heading", name="Avis du modèle"))
    expect(card).to_contain_text("Selon les règles")
    expect(card).to_contain_text("Risque de dégradation dans les 12 heures")
    expect(card).to_contain_text("Modèle de recherche")
    for size in ((1280, 900), PHONE):
        card.scroll_into_view_if_needed()
        screenshot(page, "risk", size)
