"""The GP's page of an alert on a phone: from the message's link to the answer in two touches."""

import re

from playwright.sync_api import Page, expect

from alerts import service as alerts
from alerts.talking import Kind
from core.access import Permission
from tests.browser.conftest import NewVisitor, Visitor
from tests.integration.alerts.home import opened, rows
from tests.integration.web.scene import Scene

QUESTION = "Faut-il monter l’oxygène à 2 L/min ?"
COUNT_TAPS = """() => {
    addEventListener("click", () => {
        sessionStorage.setItem("taps", Number(sessionStorage.getItem("taps") ?? 0) + 1);
    }, true);
}"""
NARROW = {"width": 320, "height": 700}


def ask(scene: Scene) -> None:
    care = scene.home.care
    ctx = opened(care.nurse, care.patient, Permission.ALERTS_ACKNOWLEDGE)
    alerts.say(ctx, scene.alert, Kind.QUESTION, QUESTION, key="q")


def gp_at_his_phone(scene: Scene, visitor: NewVisitor) -> Visitor:
    """A GP who is signed in on his phone already, at the link of the message."""
    gp = visitor("phone")
    gp.enter("gp")
    gp.page.add_init_script(f"({COUNT_TAPS})()")
    gp.page.goto(f"{gp.url}/a/{scene.alert}")
    return gp


def taps(page: Page) -> int:
    return int(page.evaluate("Number(sessionStorage.getItem('taps') ?? 0)"))


def test_from_the_link_to_the_answer_in_two_taps(scene: Scene, visitor: NewVisitor) -> None:
    ask(scene)
    gp = gp_at_his_phone(scene, visitor)
    page = gp.page
    question = page.get_by_text(QUESTION).first
    call = page.get_by_role("button", name="Je rappelle le patient avant")
    height = page.viewport_size["height"] if page.viewport_size else 0
    for first in (page.get_by_text("SpO₂ (saturation) : 90 %").first, question):
        box = first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < height, "on the first screen"
    for shown in ("Dernières 24 heures", "État à domicile", "Dernières réponses", "Prochain appel"):
        expect(page.get_by_text(shown).first).to_be_visible()
    assert page.locator("svg.chart rect[class^=band-]").count() > 0
    gp.shot("alert-question")
    call.tap()
    expect(page.get_by_role("status")).to_contain_text("vous rappelez le patient avant")
    assert taps(page) <= 2
    assert rows("select hold from alerts.alert") == [("calling_patient",)]
    gp.shot("alert-promised")


def test_every_answer_is_a_big_button_and_fits_320_px(scene: Scene, visitor: NewVisitor) -> None:
    ask(scene)
    gp = gp_at_his_phone(scene, visitor)
    page = gp.page
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    gp.shot("alert-320")
    for name in (
        "Je rappelle le patient avant", "J’ai appelé le 15", "J’adresse aux urgences",
        "Je demande une visite", "Vu",
    ):  # fmt: skip
        box = page.get_by_role("button", name=re.compile(f"^{name}")).bounding_box()
        assert box is not None, name
        assert box["height"] >= 44, name
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= NARROW["width"], name
    gp.in_english("alert-320")


def test_another_time_and_a_reply_in_words(scene: Scene, visitor: NewVisitor) -> None:
    ask(scene)
    gp = gp_at_his_phone(scene, visitor)
    page = gp.page
    page.get_by_text("Une autre heure", exact=True).click()
    choice = page.get_by_label("Ce que je fais, et avant quand")
    choice.select_option(index=choice.locator("option").count() - 1)
    gp.shot("alert-another-time")
    page.get_by_role("button", name="Répondre avec cette heure").click()
    expect(page.get_by_role("status")).to_contain_text("vous demandez une visite avant")
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    problem = page.locator("#words-problem")
    expect(problem).to_contain_text("Rien n’est encore écrit")
    gp.shot("alert-reply-empty")
    page.get_by_label("Votre réponse écrite").fill("Oui, 2 L/min.\nJe la vois à 18 h.")
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(page.get_by_role("status")).to_contain_text("votre réponse figure au dossier")
    expect(page.get_by_text("vous demande", exact=False)).to_have_count(0)
    gp.both_sizes("alert-replied")


def test_on_paper_the_alert_keeps_what_was_said_and_no_button(
    scene: Scene, visitor: NewVisitor
) -> None:
    ask(scene)
    gp = gp_at_his_phone(scene, visitor)
    page = gp.page
    page.emulate_media(media="print")
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    expect(page.locator("svg.chart").first).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    gp.shot("alert-paper")
