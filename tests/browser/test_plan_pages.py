"""The page of a patient's plan as a professional sees it, on a phone and at a desk."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core.access import Permission
from questionnaires.plans import pausing_service
from questionnaires.plans.plan import PauseReason
from tests.browser.conftest import SIZES, NewVisitor
from tests.days import day_in_france
from tests.integration.alerts.home import opened
from tests.integration.plans.home import start
from tests.integration.web.scene import Scene


@pytest.mark.parametrize("size", SIZES)
def test_a_plan_is_started_paused_and_shows_what_was_missed(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    care = scene.home.care
    plan = f"/patients/{care.patient}/plan"
    nurse = visitor(size)
    nurse.sign_in("nurse", plan)
    nurse.page.goto(nurse.url + plan)
    nurse.shot("plan-none")
    nurse.page.get_by_role("link", name="COVID-19, 14 jours").click()
    nurse.shot("plan-start")
    nurse.in_english("plan-start")
    nurse.page.get_by_role("button", name="Commencer le plan").click()
    expect(nurse.page.get_by_role("status")).to_contain_text("Le plan a commencé")
    nurse.page.get_by_role("link", name="Insuffisance cardiaque").click()
    nurse.page.get_by_label("Risque élevé").last.check()
    nurse.page.get_by_role("button", name="Commencer le plan").click()
    own = opened(care.patient_actor, care.patient, Permission.ANSWERS_WRITE)
    tomorrow = day_in_france() + timedelta(days=1)
    pausing_service.request_pause(
        own, PauseReason.HOLIDAY, tomorrow, tomorrow + timedelta(days=6), "Chez ma fille, à Brest"
    )
    nurse.page.reload()
    nurse.page.get_by_text("Modifier ce plan").first.click()
    nurse.page.get_by_text("Mettre fin à ce plan").first.click()
    nurse.shot("plan-running")
    nurse.page.get_by_role("button", name="Accorder la pause").click()
    expect(nurse.page.get_by_role("status")).to_contain_text("La pause est notée")
    nurse.page.get_by_text("Mettre le patient en pause").first.click()
    nurse.page.get_by_role("button", name="English").click()
    nurse.shot("plan-english")


@pytest.mark.parametrize("size", SIZES)
def test_a_plan_is_changed_paused_for_a_hospital_stay_resumed_and_ended(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    care = scene.home.care
    start(care.nurse, care.patient)
    nurse = visitor(size)
    plan = f"/patients/{care.patient}/plan"
    nurse.sign_in("nurse", plan)
    page = nurse.page
    page.goto(nurse.url + plan)
    page.get_by_text("Modifier ce plan").first.click()
    page.get_by_label("Risque élevé").first.check()
    page.get_by_role("button", name="Modifier à partir de maintenant").click()
    expect(page.get_by_role("status")).to_be_visible()
    nurse.shot("plan-changed")
    page.get_by_text("Mettre le patient en pause").first.click()
    page.locator("#pause-why").select_option("hospital")
    day = day_in_france()
    page.locator("#pause-first").fill(day.isoformat())
    page.locator("#pause-last").fill((day + timedelta(days=4)).isoformat())
    page.get_by_role("button", name="Mettre le patient en pause").click()
    expect(page.get_by_role("status")).to_contain_text("La pause est notée")
    nurse.shot("plan-paused")
    nurse.in_english("plan-paused", plan)
    page.locator("form[action$='/pauses/end'] button").first.click()
    expect(page.get_by_role("status")).to_contain_text("La pause est finie")
    page.get_by_text("Mettre fin à ce plan").first.click()
    page.locator("#plan-1-why").select_option("recovered")
    page.get_by_role("button", name="Mettre fin au plan maintenant").click()
    expect(page.get_by_role("status")).to_contain_text("Le plan est terminé")
    nurse.shot("plan-ended")
    nurse.in_english("plan-ended", plan)


@pytest.mark.parametrize("size", SIZES)
def test_a_rhythm_is_set_and_one_more_questionnaire_added(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    care = scene.home.care
    start(care.nurse, care.patient)
    nurse = visitor(size)
    plan = f"/patients/{care.patient}/plan"
    nurse.sign_in("nurse", plan)
    page = nurse.page
    page.goto(nurse.url + plan)
    page.get_by_role("link", name="Régler le rythme").click()
    nurse.shot("rhythm")
    page.get_by_label("Ces jours de la semaine").check()
    page.get_by_role("button", name="Modifier à partir de maintenant").click()
    expect(page.get_by_text("Cochez au moins un jour de la semaine.")).to_be_visible()
    nurse.shot("rhythm-mend")
    page.get_by_label("lundi").check()
    page.get_by_label("jeudi").check()
    page.get_by_role("button", name="Voir les prochaines fois").click()
    expect(
        page.get_by_role("region", name="Prochaines fois").get_by_role("listitem")
    ).to_have_count(6)
    page.get_by_role("button", name="Modifier à partir de maintenant").click()
    expect(page.get_by_role("status")).to_contain_text("Le plan est modifié")
    page.get_by_text("Ajouter un questionnaire").click()
    nurse.shot("plan-add")
    page.get_by_role("link", name="CAT").click()
    page.get_by_role("button", name="English").click()
    nurse.shot("rhythm-english")
