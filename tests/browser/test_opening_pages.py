"""A record as the desk of a coordination service opens it, on a telephone of 360 px."""

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor, Visitor
from tests.integration.identity.officers import make_post
from tests.integration.opening.desk import registered
from tests.integration.web.scene import open_account


def test_a_record_is_opened_unshared_then_shared_archived_and_reopened(
    site: str, visitor: NewVisitor
) -> None:
    """Whoever looks alike is shown first; each change asks for a reason and can be undone."""
    other = make_post("Omar Diallo", "DAC Paris Sud", "dac_coordinator")
    registered(other, name="Petit")
    open_account(make_post("Sarah Lopez", "DAC Paris Est", "dac_coordinator").person, "desk")
    desk = visitor("phone")
    page = desk.page
    page.set_viewport_size({"width": 360, "height": 800})
    desk.enter("desk")
    page.goto(desk.url + "/patients/new")
    page.locator("#birth_name").fill("Petit")
    page.locator("#birth_first_names").fill("Zoé")
    page.locator("#birth_date").fill("1947-05-03")
    page.locator("#sex").select_option("female")
    page.get_by_label("Non partagé").check()
    desk.shot("opening-new")
    page.get_by_role("button", name="Vérifier et inscrire").click()
    expect(page.get_by_role("alert")).to_contain_text("déjà")
    page.get_by_role("button", name="C’est quelqu’un d’autre").click()
    expect(page.locator(".identity-strip")).to_contain_text("Non partagé")
    expect(page.locator(".identity-strip")).to_contain_text("Identité provisoire")
    page.get_by_role("link", name="Dossier", exact=True).click()
    desk.shot("opening-unshared")
    change(desk, "Le partager avec le cercle", "Partager")
    expect(page.get_by_role("status")).to_contain_text("est partagé")
    page.get_by_text("Noter ce que dit le patient").click()
    page.get_by_label("Le patient est d’accord").check()
    page.get_by_label("Comment la personne l’a dit").select_option("spoken")
    desk.shot("opening-shared")
    page.get_by_role("button", name="Noter", exact=True).click()
    expect(page.get_by_text("J’accepte que mon dossier").first).to_be_visible()
    change(desk, "Archiver le dossier", "Archiver")
    expect(page.locator(".identity-strip")).to_contain_text("Dossier archivé")
    desk.shot("opening-archived")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("status")).to_contain_text("est rouvert")
    desk.both_sizes("opening-reopened")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(desk.url + "/records")
    desk.shot("opening-records")
    desk.in_english("opening-records")


def change(desk: Visitor, summary: str, button: str) -> None:
    """Open a change, say why, confirm, and do it."""
    part = desk.page.locator("details", has_text=summary)
    part.locator("summary").click()
    part.get_by_label("Motif").fill("À la demande du patient")
    part.get_by_label("Je confirme").check()
    part.get_by_role("button", name=button, exact=True).click()
