"""A photograph from the phone: it goes with the answer, or the page says why it does not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.as_owner import rows
from tests.browser.conftest import NewVisitor, Visitor
from tests.browser.phone import await_worker, broken_script, expect_kept, expect_sent, ready, send
from tests.browser.phone import rows as rows_of
from tests.integration.web.scene import Scene
from tests.integration.web.test_carer import asked_today
from tests.integration.web.test_photos import jpeg

CALM = {
    "dyspnoea": "none",
    "faintness_or_confusion": "no",
    "pain": "no",
    "fever": "no",
    "wound": "yes",
}
REST = {"eats": "yes", "medicines": "yes"}
ARRIVED = "La photo est bien arrivée"


@pytest.fixture
def at_photo(scene: Scene, visitor: NewVisitor) -> Callable[[], Visitor]:
    """A patient on his third day at home, at the question of the photograph."""

    def go() -> Visitor:
        task = asked_today(scene, "post-discharge-3")
        patient = visitor("phone")
        patient.enter("patient")
        patient.page.goto(patient.url + "/p")
        await_worker(patient.page)
        ready(patient.page, f"{patient.url}/p/tasks/{task}")
        touch_all(patient.page, CALM)
        expect(patient.page.locator("input[type=file]")).to_be_visible()
        return patient

    return go


def touch_all(page: Page, answers: dict[str, str]) -> None:
    for item, code in answers.items():
        step = page.locator(f"[data-item={item}]")
        expect(step).to_be_visible()
        step.locator(f"label:has(input[value={code}])").click()


def said(page: Page) -> Locator:
    return page.locator("[data-photo-said]")


def choose(page: Page, data: bytes, name: str = "wound.jpg", kind: str = "image/jpeg") -> None:
    picture = {"name": name, "mimeType": kind, "buffer": data}
    page.locator("input[type=file]").set_input_files(picture)  # type: ignore[arg-type]


def go_on(page: Page) -> None:
    """Answer what follows the photograph, up to the summary."""
    page.get_by_role("button", name="Continuer").click()
    touch_all(page, REST)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Vos réponses")).to_be_visible()


def stored() -> list[tuple[object, object]]:
    """Return each photograph kept, and the one its answer names."""
    return rows(
        "select p.id::text, a.answers ->> 'wound_photo' from questionnaires.answer a"
        " left join questionnaires.photo p on true"
    )


def test_a_photograph_goes_with_the_answer_over_a_reload(at_photo: Callable[[], Visitor]) -> None:
    patient = at_photo()
    page = patient.page
    patient.both_sizes("photo")
    choose(page, b"GIF89a" + bytes(100), "x.gif", "image/gif")
    expect(said(page)).to_contain_text("n’est pas une photo lisible")
    patient.both_sizes("photo-refused")
    (before,) = rows_of(page, "drafts")
    choose(page, jpeg())
    expect(said(page)).to_contain_text(ARRIVED)
    patient.both_sizes("photo-arrived")
    while rows_of(page, "drafts") == [before]:
        page.evaluate("() => new Promise(requestAnimationFrame)")
    page.reload()
    expect(page.locator("form.ask")).to_have_attribute("data-ready", "yes")
    expect(said(page)).to_contain_text(ARRIVED)
    go_on(page)
    expect(page.locator("#summary")).to_contain_text("Photo envoyée")
    send(page)
    expect_sent(page)
    ((kept, named),) = stored()
    assert kept == named is not None


def test_without_network_it_says_so_and_the_rest_goes(at_photo: Callable[[], Visitor]) -> None:
    patient = at_photo()
    page = patient.page
    page.context.set_offline(True)
    choose(page, jpeg())
    expect(said(page)).to_contain_text("quand le réseau sera revenu")
    patient.both_sizes("photo-offline")
    go_on(page)
    send(page)
    expect_kept(page)
    page.context.set_offline(False)
    expect_sent(page)
    assert stored() == [(None, None)]


def test_a_photograph_on_its_way_is_waited_for(at_photo: Callable[[], Visitor]) -> None:
    assert sent_at_once(at_photo()) == 1


def test_an_answer_that_does_not_wait_is_noticed(
    at_photo: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    with broken_script(monkeypatch, "ask.js", "  await photo;\n", ""):
        assert sent_at_once(at_photo()) == 0


def sent_at_once(patient: Visitor) -> int:
    """Send while the photograph is on its way; return how many answers name one."""
    page = patient.page
    page.evaluate(
        """() => { const real = fetch; window.fetch = async (to, how) => {
            if (String(to).includes("/photos")) await new Promise(go => window.letGo = go);
            return real(to, how);
        }; }"""
    )
    choose(page, jpeg())
    go_on(page)
    send(page)
    page.wait_for_function("() => window.letGo")
    page.evaluate("() => window.letGo()")
    expect_sent(page)
    return len([named for _, named in stored() if named])
