"""Questionnaires as those who import them see them."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, NewVisitor
from tests.integration.questionnaires.test_editions import ours
from tests.integration.web.scene import Scene
from tests.unit.questionnaires.library import text_of


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_questionnaire_is_imported_looked_at_and_published(
    scene: Scene, visitor: NewVisitor, tmp_path: Path, size: str, language: str
) -> None:
    outside = json.loads(text_of("home-daily"))
    outside["item"][0]["type"] = "open-choice"
    outside["item"][1]["maxLength"] = 3
    (tmp_path / "etablissement.json").write_text(json.dumps(outside))
    (tmp_path / "suivi.json").write_bytes(ours())
    nurse = visitor(size)
    nurse.sign_in("nurse", "/instruments")
    page = nurse.page
    page.goto(nurse.url + "/instruments")
    if language == "en":
        page.get_by_role("button", name="English").click()
    nurse.shot(f"instruments-{language}")
    page.locator("#file").set_input_files(tmp_path / "etablissement.json")
    page.locator("form[enctype] button").click()
    expect(page.get_by_role("alert")).to_contain_text("item[0].type")
    nurse.shot(f"instruments-outside-{language}")
    page.locator("#file").set_input_files(tmp_path / "suivi.json")
    page.locator("form[enctype] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Notre suivi" if language == "fr" else "How are you today?"
    )
    nurse.shot(f"instrument-draft-{language}")
    page.locator("button[value=publish]").click()
    nurse.shot(f"instrument-active-{language}")
