"""« Comment me prévenir » on a telephone and at a desk, by keyboard too."""

import pytest
from playwright.sync_api import expect

from identity import service as identity
from tests.as_owner import rows
from tests.browser.conftest import SIZES, NewVisitor
from tests.integration.web.scene import Scene


@pytest.mark.parametrize("size", SIZES)
def test_a_nurse_chooses_how_she_is_told(scene: Scene, visitor: NewVisitor, size: str) -> None:
    nurse = visitor(size)
    nurse.enter("nurse")
    page = nurse.page
    page.goto(nurse.url + "/account/sign-in")
    page.get_by_role("link", name="Comment me prévenir").click()
    expect(page.get_by_role("heading", name="Comment me prévenir")).to_be_visible()
    nurse.shot("telling")
    page.get_by_label("Un SMS en plus").check()
    page.get_by_label("Calme à partir de").fill("21:00")
    page.get_by_label("Calme jusqu’à").focus()
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Garder ces choix").press("Enter")
    expect(page.get_by_text("Donnez le numéro de portable")).to_be_visible()
    expect(page.get_by_text("Donnez les deux heures")).to_be_visible()
    expect(page.get_by_label("Calme à partir de")).to_have_value("21:00")
    nurse.shot("telling-wrong")
    page.get_by_label("Numéro de portable").fill("06 12 34 56 78")
    page.get_by_label("Calme jusqu’à").fill("07:00")
    page.get_by_role("button", name="Garder ces choix").click()
    expect(page.get_by_role("status")).to_contain_text("Votre choix est noté")
    assert rows("select alert_sms, quiet_from::text from messages.preference") == [
        (True, "21:00:00")
    ]
    nurse.in_english("telling", "/account/telling")
    page.set_viewport_size({"width": 320, "height": 640})
    nurse.shot("telling-narrow")


@pytest.mark.parametrize("size", SIZES)
def test_the_day_of_a_gp(scene: Scene, visitor: NewVisitor, size: str) -> None:
    gp = visitor(size)
    gp.enter("gp")
    gp.page.goto(gp.url + "/day")
    expect(gp.page.get_by_text("Ouverte depuis")).to_be_visible()
    gp.shot("day")
    gp.in_english("day")
    gp.page.get_by_role("link", name="Jeanne").first.click()
    expect(gp.page).to_have_url(gp.url + scene.page)
    stranger = visitor(size)
    stranger.enter("stranger")
    stranger.page.goto(stranger.url + "/day")
    expect(stranger.page.get_by_text("Rien n’est arrivé")).to_be_visible()
    stranger.shot("day-empty")


@pytest.mark.parametrize("size", SIZES)
def test_a_patient_chooses_who_is_told_of_what(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    carer = identity.register_person("Luc Martin")
    identity.join_circle(scene.home.care.patient, carer, "carer")
    patient = visitor(size)
    patient.enter("patient")
    page = patient.page
    page.goto(patient.url + "/p/consents")
    page.get_by_role("link", name="Choisir qui est prévenu").click()
    luc = page.get_by_role("form", name="Luc Martin")
    luc.get_by_label("Une alerte rouge", exact=True).check()
    patient.shot("notices")
    luc.get_by_role("button", name="Garder ce choix").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Le choix est noté")
    expect(luc.get_by_label("Une alerte rouge", exact=True)).to_be_checked()
    assert rows("select occasion from coordination.circle_notice") == [("red",)]
    page.locator("summary").filter(has_text="Infirmier").first.press("Enter")
    nurses = page.get_by_role("form", name="infirmier", exact=False).first
    nurses.get_by_label("Un séjour à l’hôpital").check()
    nurses.get_by_label("Quand").select_option("Une fois par jour, à 18 h")
    page.locator("summary").filter(has_text="Une alerte rouge").press("Enter")
    expect(page.get_by_text("a été appelée à son sujet").first).to_be_visible()
    expect(page.get_by_text("was called about them").first).to_be_visible()
    patient.shot("notices-open")
    nurses.get_by_role("button", name="Garder ce choix").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Le choix est noté")
    assert rows("select role, moment from coordination.circle_line where role is not null") == [
        ("home_nurse", "daily")
    ]
    assert rows("select role, occasion from coordination.circle_role_notice") == [
        ("home_nurse", "stay")
    ]
    luc.get_by_role("button", name="Suivre de nouveau le rôle").press("Enter")
    expect(luc.get_by_label("Une alerte rouge", exact=True)).not_to_be_checked()
    patient.in_english("notices", "/p/notices")
    page.set_viewport_size({"width": 320, "height": 640})
    patient.shot("notices-narrow")
    gp = visitor(size)
    gp.enter("gp")
    gp.page.goto(gp.url + f"/patients/{scene.home.care.patient}/circle/notices")
    if gp.page.get_by_role("heading", name="Qui est prévenu de quoi").count():
        gp.shot("notices-gp")
