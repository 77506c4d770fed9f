"""Notes, rights and explanations as people see them, on a phone and at a desk."""

import pytest
from playwright.sync_api import expect

from core import clock
from core.doors import Service, serving
from tests.browser.conftest import SIZES, NewVisitor
from tests.integration.web.scene import Scene


@pytest.mark.parametrize("size", SIZES)
def test_a_note_is_signed_and_the_patient_chooses_who_sees_it(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    record = f"/patients/{scene.home.care.patient}"
    gp, patient = visitor(size), visitor(size)
    gp.sign_in("gp", f"{record}/notes")
    gp.page.get_by_role("link", name="Écrire une note").click()
    gp.page.get_by_label("Votre note").fill("Chute sans gravité ce matin.\nÀ revoir jeudi.")
    gp.shot("note-new")
    gp.page.get_by_role("button", name="Signer et partager").click()
    expect(gp.page.get_by_role("status")).to_contain_text("ni modifiée ni supprimée")
    patient.sign_in("patient", "/p/notes")
    patient.page.goto(patient.url + "/p/notes")
    patient.shot("notes-own")
    patient.page.get_by_role("link", name="Ouvrir la note").click()
    patient.page.get_by_label("À qui").select_option(index=1)
    patient.shot("note-own")
    patient.page.get_by_role("button", name="Masquer", exact=True).click()
    expect(patient.page.get_by_role("status")).to_contain_text("en tenir compte")
    patient.shot("note-hidden")
    gp.page.goto(f"{gp.url}{record}/notes")
    gp.shot("notes")
    gp.page.get_by_role("link", name="Ouvrir la note").click()
    gp.shot("note")
    leave(scene)
    gp.page.goto(gp.url + "/account/contributions")
    gp.page.get_by_role("link", name="Jeanne Martin").click()
    gp.shot("contributions-extract")
    gp.page.emulate_media(media="print")
    gp.shot("contributions-print")
    expect(gp.page.get_by_text("Chute sans gravité")).to_be_visible()
    expect(gp.page.get_by_text("imprimez cette page")).to_be_hidden()


def leave(scene: Scene) -> None:
    """End the stay of the GP."""
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute(
            "update access.membership set ends_at = %s where party = %s",
            [clock.now(), scene.home.care.gp.person],
        )


@pytest.mark.parametrize("size", SIZES)
def test_rights_are_shown_and_explained(scene: Scene, visitor: NewVisitor, size: str) -> None:
    gp = visitor(size)
    gp.sign_in("gp", "/rights")
    gp.page.goto(gp.url + "/rights")
    gp.shot("rights")
    gp.page.locator(".scroll").first.evaluate("it => it.scrollLeft = 130")
    gp.shot("rights-moved")
    gp.page.goto(f"{gp.url}/patients/{scene.home.care.patient}/explain")
    gp.page.get_by_label("Personne").select_option(index=1)
    gp.page.get_by_label("Droit").select_option("notes:read")
    gp.page.get_by_role("button", name="Expliquer").click()
    gp.shot("explain")
    gp.page.goto(gp.url + "/account/contributions")
    gp.shot("contributions")
