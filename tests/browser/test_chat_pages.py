"""Two people talk on their telephones; one loses the network: nothing is lost or doubled."""

from playwright.sync_api import expect

from identity import service as identity
from tests.browser.conftest import NewVisitor, Visitor
from tests.integration.web.scene import Scene, open_account


def test_two_talk_live_and_one_loses_the_network(scene: Scene, visitor: NewVisitor) -> None:
    patient_id = scene.home.care.patient
    marc = identity.register_person("Marc Dubois")
    identity.join_circle(patient_id, marc, "home_nurse")
    open_account(marc, "marc")
    nurse, gp = visitor("phone"), visitor("phone")
    for one, login in ((nurse, "marc"), (gp, "gp")):
        one.page.set_viewport_size({"width": 360, "height": 800})
        one.enter(login)
        one.page.goto(f"{one.url}/patients/{patient_id}/chat")
        one.shot(f"chat-rooms-{login}")
        one.page.get_by_role("link", name="Soignants").click()
        expect(one.page.get_by_role("note")).to_contain_text("Lu par les soignants du cercle")
        expect(one.page.locator("#chat-status")).to_have_text("En direct")
    say(nurse, "La plaie est sèche.")
    expect(gp.page.get_by_role("log")).to_contain_text("La plaie est sèche.")
    gp.page.context.set_offline(True)
    expect(gp.page.locator("#chat-status")).to_contain_text("Pas de connexion")
    say(gp, "Je passe demain <b>.")
    expect(gp.page.get_by_role("log")).to_contain_text("En attente du réseau")
    gp.shot("chat-offline")
    say(nurse, "Elle a dormi.")
    expect(nurse.page.locator(".chat-waiting")).to_have_count(0)
    gp.page.context.set_offline(False)
    expect(gp.page.locator("#chat-status")).to_have_text("En direct", timeout=15_000)
    for one in (nurse, gp):
        expect(one.page.locator(".chat-text")).to_have_text(
            ["La plaie est sèche.", "Elle a dormi.", "Je passe demain <b>."], timeout=15_000
        )
        expect(one.page.locator(".chat-waiting")).to_have_count(0)
    expect(nurse.page.locator("#chat-seen")).to_contain_text("Dr Paul Lefèvre", timeout=40_000)
    nurse.shot("chat-room")
    gp.page.reload()
    expect(gp.page.locator(".chat-text")).to_have_count(3)
    gp.shot("chat-read")


def say(one: Visitor, text: str) -> None:
    one.page.get_by_label("Votre message").fill(text)
    one.page.get_by_role("button", name="Envoyer").click()
