"""Notes, rights and explanations as people see them, on a phone and at a desk."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from core import clock
from core.doors import Service, serving
from identity import service as identity
from tests.browser.conftest import SIZES, NewVisitor, Visitor
from tests.days import day_in_france
from tests.integration.web.scene import Scene, open_account


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


def test_a_home_nurse_asks_the_gp_who_reads_and_answers(scene: Scene, visitor: NewVisitor) -> None:
    """With a keyboard alone, on the smallest telephone; the patient sees one note of two."""
    patient_id = scene.home.care.patient
    marc = identity.register_person("Marc Dubois")
    identity.join_circle(patient_id, marc, "home_nurse")
    open_account(marc, "marc")
    nurse, gp, patient = visitor("phone"), visitor("desk"), visitor("phone")
    nurse.page.set_viewport_size({"width": 360, "height": 800})
    nurse.enter("marc")
    write(nurse, patient_id, "Plaie **plus rouge**, avis ?", "Visite", "Dr Paul Lefèvre")
    expect(nurse.page.get_by_role("status")).to_contain_text("ni modifiée ni supprimée")
    withhold(nurse, patient_id, "Le fils garde sa pension")
    expect(nurse.page.get_by_role("status")).to_contain_text("ni modifiée ni supprimée")
    nurse.page.goto(f"{nurse.url}/patients/{patient_id}/notes")
    nurse.shot("noting-list")
    gp.enter("gp")
    gp.page.goto(gp.url + "/")
    gp.shot("noting-home")
    gp.page.get_by_role("link", name="Jeanne Martin – Visite").click()
    gp.page.get_by_label("Votre réponse").fill("Je passe demain.")
    gp.shot("noting-note")
    gp.page.get_by_role("button", name="Signer la réponse").click()
    expect(gp.page.get_by_role("status")).to_contain_text("réponse est signée")
    nurse.page.get_by_role("link", name="Ouvrir la note").nth(1).click()
    nurse.page.get_by_text("Lu par").first.click()
    expect(nurse.page.get_by_text("Dr Paul Lefèvre").first).to_be_visible()
    expect(nurse.page.get_by_text("Je passe demain.")).to_be_visible()
    nurse.shot("noting-read")
    nurse.page.goto(f"{nurse.url}/patients/{patient_id}/notes")
    nurse.page.get_by_role("link", name="Ouvrir la note").first.click()
    nurse.shot("noting-withheld")
    patient.enter("patient")
    patient.page.goto(patient.url + "/p/notes")
    expect(patient.page.get_by_role("article")).to_have_count(1)
    expect(patient.page.get_by_text("plus rouge")).to_be_visible()


def write(nurse: Visitor, patient: UUID, text: str, kind: str, to: str) -> None:
    """Write a note by keys alone."""
    page = nurse.page
    page.goto(f"{nurse.url}/patients/{patient}/notes/new")
    page.get_by_label("Nature de la note").focus()
    page.keyboard.type(kind)
    page.get_by_label("Votre note").focus()
    page.keyboard.type(text)
    page.get_by_text("À l’attention de").focus()
    page.keyboard.press("Enter")
    page.get_by_label(to).focus()
    page.keyboard.press("Space")
    nurse.shot("noting-new")
    page.get_by_role("button", name="Signer et partager").focus()
    page.keyboard.press("Enter")


def withhold(nurse: Visitor, patient: UUID, text: str) -> None:
    """Write a note that is not communicable; what lacks is said and what was typed is kept."""
    page = nurse.page
    page.get_by_label("Votre note").fill(text)
    page.get_by_text("Qui ne doit pas la lire").click()
    page.get_by_label("Note non communicable").check()
    page.get_by_label("Pourquoi elle est non communicable").select_option("abuse")
    page.get_by_label("Motif").fill("Dit par la voisine")
    page.get_by_role("button", name="Signer et partager").click()
    expect(page.get_by_role("alert")).to_contain_text("pas encore signée")
    expect(page.get_by_label("Votre note")).to_have_value(text)
    nurse.shot("noting-refused")
    page.get_by_label("À réexaminer le").fill(str(day_in_france() + timedelta(days=30)))
    page.get_by_role("button", name="Signer et partager").click()


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
