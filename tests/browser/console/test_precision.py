"""What alerts were worth, as a nurse reads it and takes it away."""

import csv
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.console.centre import Centre
from tests.browser.console.conftest import PHONE, ConsoleProcess, SignIn, screenshot
from tests.browser.console.test_console import AXE_RULES


def test_the_worth_of_alerts_is_read_by_rule_and_patient_and_saved(
    sign_in: SignIn, centre: Centre, console: ConsoleProcess, tmp_path: Path
) -> None:
    page = sign_in("ines")
    page.get_by_role("link", name="Pertinence").click()
    expect(page.get_by_role("heading", name="Pertinence des alertes")).to_be_visible()
    table = page.locator("#precision-list table").first
    expect(table.locator("tbody tr").first).to_be_visible()
    expect(page.locator("#precision-list")).to_contain_text("Clôturées sans issue : 0")
    by_rule = table.locator("tbody tr").count()
    assert by_rule >= 1
    found = Axe().run(page, options=AXE_RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    screenshot(page, "precision")
    screenshot(page, "precision", PHONE)
    page.get_by_text("Par patient", exact=True).click()
    expect(table.get_by_role("rowheader").filter(has_text="MARTIN Jeanne")).to_be_visible()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Enregistrer le tableau (CSV)").click()
    saving.value.save_as(tmp_path / "worth.csv")
    with (tmp_path / "worth.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    assert lines[0][:4] == ["Période du", "Période au", "Ligne", "Alertes"]
    assert lines[1][2] == "Toute la structure"
    assert any("MARTIN Jeanne" in line[2] for line in lines[2:])
    assert len({len(line) for line in lines}) == 1
