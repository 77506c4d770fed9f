"""Finding, registering, correcting and merging patients, and the directory, at both widths."""

from datetime import date

import pytest
from playwright.sync_api import expect

from identity import directory_service
from identity import service as identity
from identity.directory_fhir import read_fhir
from tests.browser.conftest import SIZES, NewVisitor
from tests.conftest import Database
from tests.integration.identity.extracts import NURSE, bundle, practitioner, role, whole
from tests.integration.identity.officers import make_post
from tests.integration.identity.test_finding import person_of
from tests.integration.web.scene import Scene, open_account


@pytest.mark.parametrize("size", SIZES)
def test_a_patient_is_found_registered_and_corrected(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    gp = visitor(size)
    gp.sign_in("gp")
    page = gp.page
    gp.shot("home-tools")
    page.get_by_role("link", name="Rechercher un patient").click()
    gp.shot("patients-search")
    page.get_by_label("Nom de naissance ou nom utilisé").fill("mart")
    page.get_by_label("Prénom", exact=False).first.fill("jé")
    page.get_by_label("Date de naissance").fill("1951-04-02")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("MARTIN Jeanne")).to_be_visible()
    gp.shot("patients-found")
    page.get_by_role("link", name="Inscrire un nouveau patient").click()
    gp.shot("patients-new")
    page.get_by_label("Nom de naissance", exact=True).fill("Martin")
    page.locator("#birth_first_names").fill("Jeanne")
    page.get_by_label("Date de naissance").fill("1951-04-02")
    page.locator("#sex").select_option("female")
    page.locator("#ins").fill("123")
    page.get_by_role("button", name="Vérifier et inscrire").click()
    expect(page.locator("#ins")).to_have_value("123")
    gp.shot("patients-new-error")
    page.locator("#ins").fill("")
    page.get_by_role("button", name="Vérifier et inscrire").click()
    expect(page.get_by_text("peut-être déjà inscrite")).to_be_visible()
    gp.shot("patients-new-alike")
    page.get_by_role("button", name="C’est quelqu’un d’autre").click()
    expect(page.get_by_role("status")).to_contain_text("Le patient est inscrit")
    page.get_by_text("Modifier l’identité").first.click()
    page.locator("#document").select_option("passport")
    page.get_by_label("Pourquoi ?").fill("Passeport vu au cabinet")
    page.get_by_role("button", name="Modifier l’identité").click()
    expect(page.get_by_text("Identité validée").first).to_be_visible()
    page.get_by_text("Modifier l’identité").first.click()
    expect(page.get_by_label("Nom de naissance", exact=True)).not_to_be_editable()
    gp.shot("patient-identity")


@pytest.mark.parametrize("size", SIZES)
def test_an_officer_judges_a_pair(scene: Scene, visitor: NewVisitor, size: str) -> None:
    person = make_post("Claire Vigie", "Centre hospitalier", "identity_officer")
    open_account(person.person, "officer")
    identity.register_patient(
        birth_name="Martín",
        birth_first_names="Jeanne Marie",
        birth_date=date(1951, 4, 2),
        sex="female",
        used_name="Petit",
    )
    officer = visitor(size)
    officer.sign_in("officer", "/patients/duplicates")
    page = officer.page
    officer.shot("duplicates")
    page.locator("main a.link-card").first.click()
    officer.shot("duplicate")
    page.get_by_role("radio").first.check()
    page.get_by_label("Motif").fill("Vue au guichet avec sa carte")
    page.get_by_role("button", name="Réunir les deux dossiers").click()
    expect(page.get_by_role("status")).to_contain_text("désormais réunis")
    page.get_by_text("Séparer").first.click()
    officer.shot("duplicates-merged")
    page.get_by_label("Motif").fill("Deux sœurs jumelles")
    page.get_by_role("button", name="Séparer les deux dossiers").click()
    expect(page.get_by_role("status")).to_contain_text("à nouveau séparés")


@pytest.mark.parametrize("size", SIZES)
def test_the_directory_is_searched_and_its_imports_read(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    broken = (practitioner("p9", "12345678901", "Faux", "Numéro", "10"), role("r9", "p9", "o1"))
    directory_service.import_directory(
        read_fhir([bundle(*whole(), *broken)]), format="fhir", source="extrait.json"
    )
    person = make_post("Léa Admin", "Centre hospitalier", "administrator")
    open_account(person.person, "administrator")
    administrator = visitor(size)
    administrator.sign_in("administrator", "/directory")
    page = administrator.page
    page.get_by_label("Nom", exact=False).first.fill("eglan")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("ÉGLANTINE Zoé")).to_be_visible()
    administrator.shot("directory")
    page.get_by_role("link", name="Imports de l’annuaire").click()
    administrator.shot("directory-imports")
    page.locator("main a.link-card").first.click()
    expect(page.get_by_text("La clé (le dernier chiffre)")).to_be_visible()
    administrator.shot("directory-import")


def test_on_a_phone_a_slip_finds_somebody_who_is_kept_at_hand_and_let_go(
    scene: Scene, visitor: NewVisitor, database: Database
) -> None:
    directory_service.import_directory(read_fhir([bundle(*whole())]), format="fhir", source="e")
    open_account(person_of(database, NURSE), "luc")
    gp = visitor("phone")
    gp.enter("gp")
    page = gp.page
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{gp.url}/directory")
    expect(page.get_by_text("Aucun favori pour l’instant")).to_be_visible()
    words = page.get_by_label("Nom, profession, offre ou numéro")
    words.press_sequentially("eglnatine")
    expect(page.get_by_role("link", name="ÉGLANTINE Zoé")).to_be_visible()
    expect(page.locator("#directory-count")).to_have_text("Résultats (1)")
    expect(words).to_be_focused()
    expect(page.get_by_role("heading", name="Résultats")).to_be_in_viewport()
    with page.expect_download() as file:
        page.get_by_role("button", name="Cette liste en fichier").click()
    assert "ÉGLANTINE" in file.value.path().read_text().upper()
    gp.shot("directory-slip")
    page.get_by_role("button", name="Ajouter aux favoris").click()
    expect(page.get_by_text("Ajouté aux favoris.")).to_be_visible()
    gp.shot("directory-starred")
    page.get_by_role("button", name="Retirer des favoris").click()
    expect(page.get_by_text("Retiré des favoris.")).to_be_visible()
    expect(page.get_by_text("Aucun favori pour l’instant")).to_be_visible()
    page.goto(f"{gp.url}/patients/{scene.home.care.patient}/circle")
    page.get_by_role("link", name="Chercher quelqu’un dans l’annuaire").click()
    page.get_by_label("Nom, profession, offre ou numéro").press_sequentially("aubepnie")
    expect(page.get_by_role("link", name="D’AUBÉPINE Luc")).to_be_visible()
    gp.shot("directory-near")
    page.get_by_role("button", name="Inviter dans le cercle").click()
    expect(page.get_by_text("Luc D’Aubépine").first).to_be_visible()
    gp.shot("directory-invite")
    gp.enter("luc")
    page.goto(f"{gp.url}/account/directory")
    page.get_by_label("Disponibilité").fill("Complet en décembre")
    page.get_by_role("button", name="Noter").click()
    expect(page.get_by_text("à la date d’aujourd’hui")).to_be_visible()
    gp.shot("directory-own")
