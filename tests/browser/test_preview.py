"""A questionnaire walked through on the phone's own screens: nothing leaves and nothing stays."""

import re
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Response, expect

from questionnaires.library_service import active_edition
from tests.browser.conftest import SIZES, NewVisitor, Visitor
from tests.browser.phone import broken_script, ready, without_modules
from tests.browser.test_phone_photo import choose, touch_all
from tests.integration.web.scene import Scene
from tests.integration.web.test_photos import jpeg

WORDS = {
    "fr": ("Continuer", "Envoyer mes réponses", "Aperçu : rien n’a été envoyé", "Recommencer"),
    "en": ("Continue", "Send my answers", "Preview: nothing was sent", "Begin again"),
}
KEPT = """async () => [
    ...(await indexedDB.databases()).map(one => one.name),
    ...(await caches.keys()),
    ...(await navigator.serviceWorker.getRegistrations()).map(one => one.scope),
    ...Object.keys(localStorage), ...Object.keys(sessionStorage),
]"""
FORGETS = "const nothing = async () => {};"


def nurse_at(visitor: NewVisitor, size: str, words: str, name: str = "post-discharge-7") -> Visitor:
    nurse = visitor(size)
    nurse.enter("nurse")
    address = f"{nurse.url}/instruments/{active_edition(name).digest}/preview?words={words}"
    nurse.page.goto(address)
    return nurse


def sent_by(page: Page) -> list[Request]:
    """Return a list that grows with each request that asks for more than to read."""
    seen: list[Request] = []
    page.context.on("request", lambda one: None if one.method == "GET" else seen.append(one))
    return seen


def kept_by(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate(KEPT)
    return found


def shown(page: Page) -> list[str]:
    """Return which questions are seen: one at a time, whatever each depends on."""
    steps = page.locator("[data-step]:visible")
    found: list[str] = steps.evaluate_all("all => all.map(one => one.dataset.item)")
    return found


def call(page: Page, item: str, code: str) -> None:
    """Touch an answer that says to call at once, and wait for the screen that says so."""
    page.locator(f"[data-item={item}] label:has(input[value={code}])").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.get_by_role("dialog").locator("a[href]").count() == 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("words", ["fr", "en"])
def test_the_phone_s_screens_are_walked_and_nothing_leaves(
    scene: Scene, visitor: NewVisitor, size: str, words: str
) -> None:
    nurse = nurse_at(visitor, size, words)
    page = nurse.page
    sent = sent_by(page)
    go_on, send, nothing, again = WORDS[words]
    ready(page, page.url)
    nurse.shot(f"preview-first-{words}")
    call(page, "dyspnoea", "rest")
    nurse.shot(f"preview-15-{words}")
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["width"] == SIZES["phone"][0]
    page.locator("dialog[open] button[value=no]").click()
    touch_all(page, {"faintness_or_confusion": "no", "pain": "no", "fever": "no", "wound": "no"})
    expect(page.locator("[data-item=moves]")).to_be_visible()
    page.locator("[data-back]").click()
    touch_all(page, {"wound": "yes"})
    expect(page.locator("[data-item=wound_photo]")).to_be_visible()
    choose(page, jpeg())
    expect(page.locator("[data-photo-said]")).to_be_visible()
    nurse.shot(f"preview-photo-{words}")
    page.get_by_role("button", name=go_on, exact=True).click()
    touch_all(page, {"moves": "yes", "appointment": "yes"})
    expect(page.locator("[data-item=mood]")).to_be_visible()
    assert shown(page) == ["mood"]
    call(page, "mood", "low")
    nurse.shot(f"preview-3114-{words}")
    page.locator("dialog[open] button[value=yes]").click()
    page.locator("[data-item=note] textarea").fill("essai")
    page.get_by_role("button", name=go_on, exact=True).click()
    expect(page.locator("#summary")).to_be_visible()
    assert shown(page) == []
    nurse.shot(f"preview-summary-{words}")
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("heading", name=nothing)).to_be_visible()
    nurse.shot(f"preview-done-{words}")
    page.get_by_role("link", name=again).click()
    expect(page.locator("[data-item=dyspnoea]")).to_be_visible()
    expect(page.locator("form.ask input:checked")).to_have_count(0)
    assert kept_by(page) == []
    assert [(one.method, one.url) for one in sent] == []


@pytest.mark.parametrize(
    "new",
    [
        "const nothing = async () => void indexedDB.open('chevet');",
        "const nothing = async () => void (await caches.open('today'));",
    ],
    ids=["database", "cache"],
)
def test_a_preview_that_keeps_is_noticed(
    scene: Scene, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch, new: str
) -> None:
    with broken_script(monkeypatch, "preview.js", FORGETS, new):
        page = nurse_at(visitor, "desk", "fr", "home-daily").page
        answer_one(page)
        assert kept_by(page) != []


def test_a_preview_that_sends_is_held_up_by_its_own_policy(
    scene: Scene, chromium: Browser, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: each answer is sent; the browser refuses, and says so."""
    new = "const nothing = async () => void fetch('/p/api/answers', { method: 'POST' });"
    with (
        broken_script(monkeypatch, "preview.js", FORGETS, new),
        closing(chromium.new_context()) as context,
    ):
        nurse = Visitor(context.new_page(), site, "desk")
        page = nurse_at(lambda _: nurse, "desk", "fr", "home-daily").page
        answered: list[Response] = []
        page.on("response", lambda one: answered.append(one))
        with page.expect_console_message(lambda said: "connect-src 'none'" in said.text):
            answer_one(page)
        assert [one.url for one in answered if one.request.method != "GET"] == []


def answer_one(page: Page) -> None:
    expect(page.locator("form.ask")).to_have_attribute("data-ready", "yes")
    touch_all(page, {"dyspnoea": "none"})
    expect(page.locator("[data-item=faintness_or_confusion]")).to_be_visible()


def test_every_shipped_questionnaire_reads_whole_without_a_script(
    scene: Scene, visitor: NewVisitor
) -> None:
    nurse = visitor("phone")
    nurse.enter("nurse")
    page = nurse.page
    page.goto(nurse.url + "/instruments")
    links = page.locator("a.link-card").evaluate_all("all => all.map(one => one.href)")
    assert len(links) >= 13
    without_modules(page)
    for place, link in enumerate(links):
        for words in ("fr", "en"):
            page.goto(f"{link}/preview?words={words}")
            expect(page.locator("[data-step]").last).to_be_visible()
            expect(page.get_by_role("button", name=re.compile(WORDS[words][1]))).to_be_hidden()
            nurse.shot(f"preview-whole-{place}-{words}")
