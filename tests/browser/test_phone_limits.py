"""What the phone promises in numbers: bytes, touches, seconds, widths."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app import bedside_files, phone_files
from core import clock
from identity.edge.http import PHONE_COOKIE
from identity.origin import Origin
from identity.session_service import remember_phone
from tests.browser.conftest import SIZES, NewVisitor, Visitor
from tests.browser.phone import expect_sent, ready
from tests.integration.plans.home import MONDAY, clock_setter, start, states
from tests.integration.web.scene import Scene

MOST_BYTES = 60_000
MOST_TOUCHES = 12
MOST_SECONDS = 120
DAILY_ITEMS = 7
A_PERSON_READS_SECONDS = 6
"""Reading and answering one question, slowly (proposed)."""
SCREENS = (
    "/p", "/p/questions", "/p/sent", "/p/call-back", "/p/messages", "/p/trends", "/p/team",
    "/p/pause", "/p/help", "/p/offline", "/p/circle", "/p/consents", "/p/journal", "/p/notes",
)  # fmt: skip


def weights() -> dict[str, int]:
    """Return what a phone loads, each compressed, in bytes."""
    whole = {
        **phone_files.modules(),
        "worker": phone_files.worker().encode(),
        **{name: (phone_files.STATIC / name).read_bytes() for name in phone_files.STYLES},
        **{name: bedside_files.modules()[name] for name in ("who.js",)},
        "bedside vault": bedside_files.modules()["vault.js"],
    }
    return {name: len(gzip.compress(content, 6)) for name, content in whole.items()}


def test_scripts_and_styles_are_light() -> None:
    sizes = weights()
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    assert sum(sizes.values()) < MOST_BYTES / 2, "it has grown a lot: is all of it needed?"


def test_from_the_reminder_to_sent_in_few_touches(
    scene: Scene, visitor: NewVisitor, clock_file: Path
) -> None:
    """The reminder leads to /p; its own touch counts, and the time a person takes to read."""
    touches, machine = touches_of_a_day(scene, visitor, clock_file)
    assert touches <= MOST_TOUCHES
    assert states(scene.home.care.patient)[0] == ("01-04 08:00", "done")
    assert machine + (DAILY_ITEMS + 2) * A_PERSON_READS_SECONDS <= MOST_SECONDS


def touches_of_a_day(scene: Scene, visitor: NewVisitor, clock_file: Path) -> tuple[int, float]:
    """Answer from the reminder to « Envoyé »; return the touches and the seconds of the machine.

    A remembered phone signs in by its cookie. A finger is counted where it comes down: one touch of
    a label makes two clicks. Digits typed on the keyboard are not counted.
    """
    set_clock, care = clock_setter(clock_file), scene.home.care
    set_clock(MONDAY)
    start(care.nurse, care.patient, "covid-30")
    set_clock(MONDAY + timedelta(hours=3, minutes=30))
    patient = remembered(visitor("phone"), scene)
    page, touches = patient.page, [1]
    page.add_init_script("addEventListener('pointerdown', () => window.touched?.(), true)")
    page.context.expose_function("touched", lambda: touches.append(1))
    began = clock.monotonic()
    page.goto(patient.url + "/p")
    page.get_by_role("link", name=re.compile("Répondre maintenant")).click()
    expect(page).to_have_url(re.compile("/p/tasks/"))
    expect(page.locator("form.ask")).to_have_attribute("data-ready", "yes")
    asked = 0
    while page.get_by_role("heading", name="Vos réponses").is_hidden():
        answer(page)
        asked += 1
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect_sent(page)
    assert asked == DAILY_ITEMS
    return len(touches), clock.monotonic() - began


def answer(page: Page) -> None:
    """Answer the question that is shown with one touch, a number by typing and going on."""
    shown = page.locator("[data-step]:not([hidden])")
    count = page.locator("[data-count]").text_content()
    choice = shown.locator("label.choice")
    if choice.count():
        choice.first.click()
        if not goes_on(page, count or ""):
            page.get_by_role("button", name="Continuer").click()
    else:
        page.keyboard.type("37")
        page.get_by_role("button", name="Continuer").click()
    expect(page.locator("[data-count]")).not_to_have_text(count or "")


def goes_on(page: Page, count: str) -> bool:
    """Say whether the next question comes by itself within a few seconds."""
    try:
        expect(page.locator("[data-count]")).not_to_have_text(count, timeout=4_000)
    except AssertionError:
        return False
    return True


def remembered(patient: Visitor, scene: Scene) -> Visitor:
    token = remember_phone(scene.home.care.patient, Origin())
    cookie = {"name": PHONE_COOKIE, "value": token, "url": patient.url}
    patient.page.context.add_cookies([cookie])  # type: ignore[list-item]
    return patient


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_screen_has_no_barrier(
    scene: Scene, visitor: NewVisitor, size: str, locale: str
) -> None:
    patient = visitor(size)
    patient.sign_in("patient", "/p")
    page = patient.page
    if locale == "en":
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    ready(page, patient.url + "/p/questions")
    page.request.post(
        patient.url + "/p/questions",
        form={"dyspnoea": "rest", "faintness_or_confusion": "yes", "cannot_eat_or_drink": "no"},
        headers={"origin": patient.url},
    )
    page.request.post(
        patient.url + "/p/call-back",
        form={"client_key": "twelve-letters"},
        headers={"origin": patient.url},
    )
    for path in SCREENS:
        page.goto(patient.url + path)
        patient.shot(f"app{path.replace('/', '-')}-{locale}")


def test_narrow_screens_and_large_letters_need_no_sideways_scroll(
    scene: Scene, visitor: NewVisitor
) -> None:
    patient = visitor("phone")
    patient.sign_in("patient", "/p")
    page = patient.page
    for width, zoom in ((320, 1.0), (640, 2.0)):
        # At 200 % a page 640 px wide has the room of 320 px (WCAG 1.4.4, 1.4.10).
        page.set_viewport_size({"width": width, "height": 800})
        for path in SCREENS:
            page.goto(patient.url + path)
            page.evaluate(
                "zoom => { document.documentElement.style.fontSize = 100*zoom + '%' }", zoom
            )
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{path} is {wide} px wider than {width} px at {zoom}"
    page.goto(patient.url + "/p/questions")
    patient.shot("app-questions-200")
    for target in page.locator("main a.button, main button, main label.choice").all():
        box = target.bounding_box()
        assert box is None or box["height"] >= 44
