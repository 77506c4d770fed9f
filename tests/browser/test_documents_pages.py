"""Documents as people see them on a telephone: one is photographed, hidden, and who read it."""

from playwright.sync_api import expect

from coordination.documents.document import Kind
from identity import service as identity
from tests.browser.conftest import NewVisitor, Visitor
from tests.integration.web.hostile import jpeg, pdf_that_acts
from tests.integration.web.scene import Scene, open_account


def test_a_patient_hides_a_document_from_one_member_and_sees_who_read_it(
    scene: Scene, visitor: NewVisitor
) -> None:
    patient_id = scene.home.care.patient
    marc = identity.register_person("Marc Dubois")
    identity.join_circle(patient_id, marc, "home_nurse")
    open_account(marc, "marc")
    nurse, gp, patient = visitor("phone"), visitor("desk"), visitor("phone")
    for one in (nurse, patient):
        one.page.set_viewport_size({"width": 360, "height": 800})
    nurse.enter("marc")
    photographs(nurse, f"{nurse.url}/patients/{patient_id}/documents")
    gp.enter("gp")
    gp.page.goto(f"{gp.url}/patients/{patient_id}/documents")
    gp.shot("documents")
    gp.page.get_by_role("link", name="Ouvrir le document").click()
    expect(gp.page.get_by_role("img", name="Talon, premier jour")).to_be_visible()
    gp.page.reload()
    gp.shot("document")
    gp.page.get_by_role("link", name="Comparer").click()
    gp.shot("document-compare")
    patient.enter("patient")
    patient.page.goto(patient.url + "/p/documents")
    patient.shot("documents-own")
    patient.page.get_by_role("link", name="Ouvrir le document").click()
    expect(patient.page.get_by_role("region", name="Qui l’a lu")).to_contain_text("Dr Paul Lefèvre")
    patient.page.get_by_label("À qui").select_option(label="Dr Paul Lefèvre – Médecin traitant")
    patient.shot("document-own")
    patient.page.get_by_role("button", name="Masquer le document", exact=True).click()
    expect(patient.page.get_by_role("status")).to_contain_text("en tenir compte")
    patient.shot("document-hidden")
    gp.page.goto(f"{gp.url}/patients/{patient_id}/documents")
    expect(gp.page.get_by_text("Talon, premier jour")).to_have_count(0)


def photographs(nurse: Visitor, documents: str) -> None:
    """Add a photograph; what is refused is said on the page, with what was typed."""
    page = nurse.page
    page.goto(documents)
    page.get_by_role("link", name="Photographier une plaie").click()
    page.get_by_label("Titre").fill("Talon, premier jour")
    page.get_by_label("Endroit du corps").select_option("left_heel")
    page.get_by_label("Type de document").select_option(Kind.PHOTOGRAPH.value)
    bad = {"name": "x.pdf", "mimeType": "application/pdf", "buffer": pdf_that_acts("script")}
    page.get_by_label("Fichier").set_input_files([bad])  # type: ignore[list-item]
    nurse.shot("document-new")
    page.get_by_role("button", name="Enregistrer et partager").click()
    expect(page.get_by_text("Imprimez-le dans un nouveau PDF")).to_be_visible()
    expect(page.get_by_label("Titre")).to_have_value("Talon, premier jour")
    nurse.shot("document-refused")
    good = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("Ou prendre une photographie").set_input_files([good])  # type: ignore[list-item]
    page.get_by_role("button", name="Enregistrer et partager").click()
    expect(page.get_by_role("status").filter(has_text="au dossier")).to_be_visible()
    nurse.shot("document-kept")
