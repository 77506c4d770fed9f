"""The page about the model: before there is one, when it is in range, when it was taken back."""

import csv
from datetime import timedelta
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alerts.looks import LookRow
from alerts.watch_service import watch
from core import clock
from tests.browser.console.centre import Centre
from tests.browser.console.conftest import ConsoleProcess, SignIn, screenshot
from tests.browser.console.test_console import AXE_RULES
from tests.integration.alerts.model_people import move_in, put_into_use, struck_more, usual

NARROW = (360, 780)


def test_the_page_says_which_model_is_in_use_and_whether_it_fits(
    sign_in: SignIn, centre: Centre, console: ConsoleProcess, tmp_path: Path
) -> None:
    assert centre
    assert console.url
    page = sign_in("ines")
    page.get_by_role("link", name="Modèle").click()
    shown = page.locator("#model-page")
    expect(shown).to_contain_text("Aucun modèle n’est en service : les règles parlent seules.")
    expect(shown).to_contain_text("Aucun n’a jamais été mis en service ici.")
    now = clock.now()
    put_into_use(usual(), now - timedelta(days=40))
    page.reload()
    expect(shown).to_contain_text("Aucun contrôle n’a encore eu lieu.")
    expect(shown.get_by_role("note")).to_contain_text("entraîné sur des patients de réanimation")
    move_in(struck_more(usual(), 110), now)
    assert isinstance(watch(now), LookRow)
    page.reload()
    expect(shown).to_contain_text("Le modèle est hors limites : il a été retiré")
    expect(shown).to_contain_text("Aggravations : 110")
    inputs = page.get_by_role("region", name="Entrées et risque")
    expect(inputs.locator("tbody tr")).to_have_count(9)
    turns = page.get_by_role("region", name="Quand cela a changé")
    expect(turns.locator("tbody tr").first).to_contain_text("Retiré : règles seules")
    found = Axe().run(page, options=AXE_RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    screenshot(page, "model")
    screenshot(page, "model", NARROW)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Enregistrer le tableau (CSV)").click()
    saving.value.save_as(tmp_path / "model.csv")
    with (tmp_path / "model.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    assert len({len(line) for line in lines}) == 1
    assert {line[0] for line in lines} == {
        "Entrées", "Ce qui s’est produit", "Alertes clôturées", "Changements",
    }  # fmt: skip
