"""From the mail to the answer on a phone, without a password: the link, a code, one alert."""

import re

from playwright.sync_api import expect

from core import clock
from identity.link import LINK_LASTS, write_link
from tests.browser.conftest import NewVisitor
from tests.codes import code_of
from tests.integration.alerts.home import rows
from tests.integration.web.scene import Scene


def test_the_link_a_code_and_an_answer(scene: Scene, visitor: NewVisitor) -> None:
    gp = visitor("phone")
    page = gp.page
    page.goto(f"{gp.url}/l/{write_link(scene.home.care.gp.person, scene.alert, clock.now())}")
    gp.shot("alert-link")
    page.get_by_label("Code à six chiffres").fill("000000")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Voir l’alerte").tap()
    # By it alone a browser without Sec-Fetch-Site (Safari before 16.4) shows whose form it is.
    assert sent.value.all_headers()["origin"] == gp.url
    expect(page.get_by_role("alert")).to_be_visible()
    gp.shot("alert-link-wrong")
    page.get_by_label("Code à six chiffres").fill(code_of("gp"))
    page.get_by_role("button", name="Voir l’alerte").tap()
    expect(page).to_have_url(re.compile(f"{scene.page}$"))
    expect(page.get_by_text("Vous voyez cette alerte seule")).to_be_visible()
    gp.shot("alert-alone")
    page.get_by_role("button", name=re.compile("^Vu")).tap()
    expect(page.get_by_role("status")).to_contain_text("vous avez vu cette alerte")
    ((by,),) = rows("select by_person from alerts.alert_event where what = 'seen'")
    assert by == scene.home.care.gp.person
    for link in page.locator("main a[href^='/']").all():
        assert "/sign-in" in (link.get_attribute("href") or ""), "nothing leads to a closed door"
    page.get_by_role("button", name="Se déconnecter").tap()
    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_link_of_yesterday_says_what_to_do(scene: Scene, visitor: NewVisitor) -> None:
    gp = visitor("desk")
    old = clock.now() - 1.1 * LINK_LASTS
    gp.page.goto(f"{gp.url}/l/{write_link(scene.home.care.gp.person, scene.alert, old)}")
    gp.shot("alert-link-gone")
    gp.in_english("alert-link-gone")
    gp.page.goto(f"{gp.url}/l/{write_link(scene.home.care.gp.person, scene.alert, clock.now())}")
    gp.shot("alert-link-desk")
    gp.in_english("alert-link-desk")
