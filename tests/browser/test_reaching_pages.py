"""Reaching a patient in a browser: few clicks, one screen, one sheet of paper, no barrier."""

import re
from typing import Final

import pytest
from playwright.sync_api import ViewportSize, expect

from core.settings import settings
from tests.as_owner import run
from tests.browser.conftest import SCREENS, SIZES, NewVisitor, Visitor
from tests.integration.web.scene import Scene

MOST_CLICKS = 3
"""From the alert to somebody on the way, in a home without a telephone."""
A4: Final[ViewportSize] = {"width": 794, "height": 1123}
LONG_HOME = {
    "address": "12 bis rue des Lilas, bâtiment C, résidence des Coteaux",
    "postcode": "75013",
    "commune": "Paris",
    "floor": "Escalier B, 3e gauche",
    "door_code": "12B4, puis 7A",
    "usual_spo2": "94",
    "oxygen": "1,5",
    "allergies": "Pénicilline (œdème), iode, latex. " * 8,
    "treatments": "\n".join(f"Médicament {n} 40 mg matin et soir" for n in range(18)),
    "directives": "Chez le Dr Lefèvre et dans Mon espace santé",
    "gp": "Dr Lefèvre, 01 99 00 00 02",
}
PEOPLE = (
    {"name": "Luc Martin", "phone": "06 39 98 01 13", "tie": "fils", "has_key": "yes"},
    {"name": "Éva Petit", "phone": "06 39 98 01 14", "tie": "voisine", "may_know": "alert"},
)


def path_of(scene: Scene, page: str) -> str:
    return f"/patients/{scene.home.care.patient}/{page}"


def pages_printed(visitor: Visitor) -> int:
    SCREENS.mkdir(parents=True, exist_ok=True)
    path = SCREENS / f"samu-{visitor.size}.pdf"
    pdf = visitor.page.pdf(path=path, format="A4", print_background=False)
    visitor.page.set_viewport_size(A4)
    visitor.page.emulate_media(media="print")
    visitor.page.screenshot(path=SCREENS / f"samu-print-{visitor.size}.png", full_page=True)
    visitor.page.emulate_media(media="null")
    width, height = SIZES[visitor.size]
    visitor.page.set_viewport_size({"width": width, "height": height})
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


@pytest.mark.parametrize("size", SIZES)
def test_a_home_without_a_phone_is_three_clicks_from_somebody_on_the_way(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    run("update identity.patient set phone = null")
    nurse = visitor(size)
    page = nurse.page
    nurse.enter("nurse")
    page.goto(nurse.url + scene.page)
    page.get_by_role("link", name="Joindre le patient").click()
    clicks = 1
    expect(page.get_by_text("Le patient n’a aucun numéro de téléphone")).to_be_visible()
    nurse.shot("reach-no-phone")
    page.get_by_label("Qui s’y rend").fill("Les pompiers (18)")
    page.get_by_role("button", name="Envoyer quelqu’un au domicile").click()
    clicks += 1
    expect(page.get_by_role("status")).to_contain_text("quelqu’un est en route")
    assert clicks <= MOST_CLICKS
    nurse.shot("reach-on-the-way")


@pytest.mark.parametrize("size", SIZES)
def test_people_are_put_in_order_and_called_one_after_the_other(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    nurse = visitor(size)
    page = nurse.page
    nurse.enter("nurse")
    page.goto(nurse.url + path_of(scene, "people"))
    nurse.shot("people-empty")
    page.get_by_label("Nom", exact=True).fill("Luc Martin")
    page.get_by_label("Téléphone").fill("12")
    page.get_by_role("button", name="Ajouter à la liste").click()
    expect(page.get_by_text("Ce n’est pas un numéro de téléphone")).to_be_visible()
    nurse.shot("people-mend")
    for one in PEOPLE:
        nurse.post(path_of(scene, "people"), dict(one))
    page.goto(nurse.url + path_of(scene, "people"))
    up = page.get_by_role("button", name="Appeler plus tôt – Éva Petit (voisine)")
    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".people-to-call h2").first).to_have_text("1. Éva Petit (voisine)")
    page.get_by_text("Modifier ou retirer").first.click()
    nurse.shot("people")
    nurse.in_english("people")
    page.goto(f"{nurse.url}{path_of(scene, 'reach')}?alert={scene.alert}")
    nurse.shot("reach")
    nurse.in_english("reach", f"{path_of(scene, 'reach')}?alert={scene.alert}")
    for who in ("Le patient", "Éva Petit (voisine)", "Luc Martin (fils)"):
        expect(page.locator("#todo ~ h3").first).to_have_text(who)
        page.get_by_role("button", name=f"Pas de réponse – {who}").first.click()
        expect(page.get_by_role("status")).to_contain_text("L’alerte reste ouverte")
    expect(page.get_by_label("Qui s’y rend")).to_be_visible()
    nurse.shot("reach-exhausted")
    page.goto(nurse.url + scene.page)
    expect(page.get_by_text("Appel, Luc Martin (fils) : pas de réponse")).to_have_count(1)


@pytest.mark.parametrize("size", SIZES)
def test_the_sheet_is_one_click_away_and_one_page_of_paper(
    scene: Scene, visitor: NewVisitor, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_SAMU_NUMBERS", "75=01 44 49 23 23")
    settings.cache_clear()
    nurse = visitor(size)
    page = nurse.page
    nurse.enter("nurse")
    page.goto(nurse.url + scene.page)
    page.get_by_role("link", name="Fiche SAMU").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fiche SAMU")
    nurse.shot("samu-empty")
    assert pages_printed(nurse) == 1
    page.get_by_role("link", name="Modifier la fiche").click()
    page.get_by_label("Code postal", exact=True).fill("7501")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.get_by_text("Un code postal a cinq chiffres")).to_be_visible()
    nurse.shot("home-sheet")
    nurse.in_english("home-sheet", path_of(scene, "home"))
    for one in PEOPLE:
        nurse.post(path_of(scene, "people"), dict(one))
    nurse.post(path_of(scene, "home"), LONG_HOME)
    page.goto(f"{nurse.url}{path_of(scene, 'samu')}?alert={scene.alert}")
    expect(page.get_by_role("link", name="SAMU 75")).to_have_attribute("href", "tel:0144492323")
    nurse.shot("samu")
    nurse.in_english("samu", f"{path_of(scene, 'samu')}?alert={scene.alert}")
    page.goto(f"{nurse.url}{path_of(scene, 'samu')}?alert={scene.alert}")
    assert pages_printed(nurse) == 1
