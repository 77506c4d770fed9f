"""The page of an exit as a nurse sees it: a follow-up ended, a death noted and taken back."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, NewVisitor
from tests.integration.exit.conftest import CARER_MAIL, prepare
from tests.integration.web.scene import Scene


@pytest.mark.parametrize("size", SIZES)
def test_a_follow_up_ends_and_a_death_is_noted_and_taken_back(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    prepare(scene)
    page = f"/patients/{scene.home.care.patient}/exit"
    nurse = visitor(size)
    nurse.sign_in("nurse", page)
    nurse.page.goto(nurse.url + page)
    nurse.in_english("exit-running")
    nurse.page.get_by_text("Noter le décès du patient").click()
    nurse.shot("exit-running")
    nurse.page.get_by_label("Guérison").check()
    nurse.page.get_by_role("button", name="Mettre fin au suivi").click()
    expect(nurse.page.get_by_role("alert")).to_contain_text("Une alerte est ouverte")
    nurse.shot("exit-refused")
    nurse.page.get_by_label("Hospitalisation").check()
    nurse.page.get_by_label("Pour le médecin traitant").fill("Transférée au CHU pour oxygène.")
    nurse.page.get_by_role("button", name="Mettre fin au suivi").click()
    expect(nurse.page.get_by_role("status")).to_contain_text("Le suivi a pris fin")
    nurse.shot("exit-ended")
    nurse.in_english("exit-ended", page)
    nurse.page.get_by_text("Noter le décès du patient").click()
    nurse.page.get_by_label("Jour du décès").fill("2026-01-02")
    nurse.page.get_by_label("Ce décès m’est connu avec certitude").check()
    nurse.page.get_by_role("button", name="Noter le décès").click()
    expect(nurse.page.get_by_role("status")).to_contain_text("Le décès est noté")
    expect(nurse.page.locator("main")).not_to_contain_text(CARER_MAIL)
    nurse.page.get_by_text("Annuler le décès noté").click()
    nurse.shot("exit-death")
    nurse.page.get_by_label("Que s’est-il passé ?").fill("Confusion avec une homonyme")
    nurse.page.get_by_role("button", name="C’était une erreur, annuler").click()
    expect(nurse.page.get_by_role("status")).to_contain_text("L’erreur est annulée")
    nurse.shot("exit-undone")
    nurse.page.get_by_role("button", name="English").click()
    nurse.shot("exit-english")
