"""The care plan on a phone: a stay in hospital with the call after it, visits of the day."""

from playwright.sync_api import expect

from identity import service as identity
from tests.browser.conftest import NewVisitor
from tests.integration.web.scene import Scene, open_account

PHONE = {"width": 360, "height": 800}


def test_a_nurse_marks_a_stay_and_is_proposed_the_first_call(
    scene: Scene, visitor: NewVisitor
) -> None:
    """Hospitalised, discharged, first call proposed and made."""
    stays = f"/patients/{scene.home.care.patient}/stays"
    nurse = visitor("phone")
    nurse.page.set_viewport_size(PHONE)
    nurse.sign_in("gp", stays)
    nurse.shot("stay-none")
    nurse.page.get_by_role("button", name="Hospitalisé", exact=True).click()
    expect(nurse.page.get_by_role("status")).to_contain_text("reprendront d’eux-mêmes")
    nurse.shot("stay-open")
    nurse.page.get_by_role("button", name="Sorti", exact=True).click()
    expect(nurse.page.get_by_role("status")).to_contain_text("dans les 48 heures")
    expect(nurse.page.get_by_text("Premier appel avant")).to_be_visible()
    nurse.shot("stay-home")
    nurse.page.goto(nurse.url + "/stays")
    expect(nurse.page.get_by_text("Premier appel avant")).to_be_visible()
    nurse.shot("stays-waiting")
    nurse.page.get_by_role("link", name="Jeanne Martin").click()
    nurse.page.get_by_role("button", name="J’ai parlé au patient").click()
    expect(nurse.page.get_by_text("Premier appel avant")).to_be_hidden()


def test_a_home_help_says_that_the_visit_was_made(scene: Scene, visitor: NewVisitor) -> None:
    """The GP plans it at a desk; she opens today's visits, presses once, and may take it back."""
    patient = scene.home.care.patient
    lea = identity.register_person("Léa Petit")
    service = identity.register_organisation("Aide à domicile")
    identity.give_post(lea, service, "home_help")
    identity.join_circle(patient, service, "home_help_service")
    open_account(lea, "lea")
    gp, help = visitor("desk"), visitor("phone")
    gp.sign_in("gp", f"/patients/{patient}/visits")
    gp.page.get_by_text("Prévoir un passage").click()
    gp.page.get_by_label("Qui vient", exact=True).select_option(value=str(service))
    gp.page.get_by_label("Pour quoi").fill("Aide au lever")
    for day in ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"):
        gp.page.get_by_role("checkbox", name=day, exact=True).check()
    gp.page.get_by_role("button", name="Ajouter à la semaine").click()
    expect(gp.page.get_by_role("status")).to_contain_text("ajouté à la semaine")
    gp.shot("visits-week")
    help.page.set_viewport_size(PHONE)
    help.enter("lea")
    help.page.goto(help.url + "/")
    help.page.get_by_role("link", name="Mes passages d’aujourd’hui").click()
    help.shot("visits-today")
    help.page.get_by_role("button", name="Fait – Jeanne Martin", exact=False).first.click()
    expect(help.page.get_by_role("status")).to_contain_text("le passage est fait")
    help.shot("visits-made")
    help.page.get_by_role("button", name="Annuler").click()
    expect(help.page.get_by_role("status")).to_contain_text("C’est annulé")
    gp.page.goto(f"{gp.url}/patients/{patient}/actions")
    gp.page.get_by_text("Confier une action").click()
    gp.page.get_by_label("Ce qu’il y a à faire").fill("Prévoir une rampe")
    gp.page.get_by_label("Qui s’en charge").select_option(value=f"party:{service}")
    gp.page.get_by_role("button", name="Confier", exact=True).click()
    gp.shot("actions")
    help.page.goto(f"{help.url}/patients/{patient}/actions")
    help.page.get_by_role("button", name="J’accepte").click()
    expect(help.page.get_by_text("Acceptée").first).to_be_visible()
    help.shot("actions-own")
