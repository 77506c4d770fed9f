"""Support asked of a DAC, on a phone of 360 px."""

from playwright.sync_api import expect

from identity import service as identity
from tests.browser.conftest import NewVisitor
from tests.integration.web.scene import Scene, open_account

PHONE = {"width": 360, "height": 800}


def test_a_gp_asks_and_the_dac_answers(scene: Scene, visitor: NewVisitor) -> None:
    """Asked in a minute; received, answered and closed from the queue; read by who asked."""
    ana = identity.register_person("Ana Costa")
    identity.give_post(ana, identity.register_organisation("DAC du Val"), "dac_coordinator")
    open_account(ana, "ana")
    gp, dac = visitor("phone"), visitor("phone")
    for one in (gp, dac):
        one.page.set_viewport_size(PHONE)
    page = f"/patients/{scene.home.care.patient}/support"
    dac.enter("ana")
    dac.page.goto(dac.url + "/support")
    expect(dac.page.get_by_text("Personne ne vous demande d’appui")).to_be_visible()
    dac.shot("support-none")
    gp.sign_in("gp", page)
    gp.page.get_by_text("Demander l’appui d’un DAC").click()
    gp.page.get_by_text("Situation complexe").click()
    gp.page.get_by_label("La situation").fill("Seule depuis le décès de son mari, ne sort plus.")
    gp.page.get_by_text("est informée de cette demande").click()
    gp.shot("support-asking")
    gp.page.get_by_role("button", name="Envoyer la demande").click()
    expect(gp.page.get_by_role("status")).to_contain_text("La demande est envoyée")
    dac.page.reload()
    dac.page.get_by_role("button", name="Nous l’avons reçue").click()
    dac.page.get_by_label("Notre réponse").fill("Visite à domicile mardi.")
    dac.shot("support-received")
    dac.page.get_by_role("button", name="Envoyer la réponse").click()
    dac.page.get_by_label("Suite donnée").select_option(value="coordinated")
    dac.page.get_by_role("button", name="Clôturer la demande").click()
    expect(dac.page.get_by_role("status")).to_contain_text("clôturée")
    gp.page.reload()
    expect(gp.page.get_by_text("Visite à domicile mardi.")).to_be_visible()
    gp.shot("support-closed")
