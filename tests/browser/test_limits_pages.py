"""The GP proposes other limits from the page of an alert; nothing he typed is lost."""

from playwright.sync_api import expect

from alerts import prescription_service as prescriptions
from core.access import Permission
from tests.as_owner import rows
from tests.browser.conftest import NewVisitor
from tests.integration.alerts.home import opened
from tests.integration.web.scene import Scene


def test_the_gp_proposes_limits_with_a_reason(scene: Scene, visitor: NewVisitor) -> None:
    gp = visitor("phone")
    gp.enter("gp")
    page = gp.page
    page.goto(f"{gp.url}/a/{scene.alert}")
    page.get_by_role("link", name="Proposer un changement de seuils").click()
    low = page.locator("[id='spo2.limits.red_low']")
    expect(low).to_have_value("92")
    gp.shot("limits")
    send = page.get_by_role("button", name="Proposer à l’équipe")
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("Vous n’avez changé aucun seuil.")
    low.fill("presque 88")
    reason = page.get_by_label("Motif")
    reason.fill("Emphysème connu, 90 % d’habitude.")
    send.click()
    expect(low).to_have_value("presque 88")
    expect(low).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Ceci n’est pas un nombre.")).to_be_visible()
    gp.shot("limits-wrong")
    low.fill("95")
    send.click()
    expect(page.get_by_text("Les seuils doivent être croissants").first).to_be_visible()
    low.fill("88")
    reason.fill("")
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("Indiquez le motif")
    reason.fill("Emphysème connu, 90 % d’habitude.")
    assert rows("select count(*) from alerts.prescription_draft") == [(0,)]
    send.click()
    expect(page.get_by_role("status")).to_contain_text("Votre proposition est enregistrée")
    expect(page.locator(".history")).to_contain_text("Propose un changement de seuils")
    gp.shot("limits-proposed")
    care = scene.home.care
    found = prescriptions.prescribed(opened(care.nurse, care.patient, Permission.ALERTS_READ))
    (draft,) = found.drafts
    assert draft.alert_id == scene.alert
    assert draft.reason == "Emphysème connu, 90 % d’habitude."
    assert draft.content.parameters[0].limits.red_low == 88
    assert found.live is not None
    assert found.live.version == 1
    page.goto(f"{gp.url}/patients/{care.patient}/alerts/{scene.alert}/limits")
    gp.in_english("limits")
