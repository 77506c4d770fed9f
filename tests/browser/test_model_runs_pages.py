"""The page of runs over the past: it renews itself, and what is typed stays."""

from uuid import UUID

import pytest
from playwright.sync_api import expect

from alerts.share_service import work_share
from identity import service as identity
from tests.as_owner import rows
from tests.browser.conftest import SIZES, NewVisitor
from tests.integration.rescoring.period import (
    ILL,
    WELL,
    every_eight,
    patient,
    shipped,
)
from tests.integration.web.scene import Scene, open_account
from tests.people import make_centre


def begun() -> UUID:
    ((found,),) = rows("select id from alerts.risk_run where state = 'running'")
    assert isinstance(found, UUID)
    return found


@pytest.mark.parametrize("size", SIZES)
def test_a_run_is_watched_while_another_is_typed(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    centre, _ = make_centre("Centre de télésuivi de la côte")
    person = identity.register_person("Ada Ministre")
    identity.give_post(person, centre, "administrator")
    open_account(person, "admin")
    shipped()
    for _ in range(5):
        every_eight(patient(centre), WELL, WELL, ILL, ILL, ILL)
    admin = visitor(size)
    admin.sign_in("admin")
    page = admin.page
    page.goto(f"{admin.url}/admin/model-runs")
    expect(page.get_by_text("Aucune version n’a encore été interrogée")).to_be_visible()
    page.get_by_label("Premier jour").fill("2026-03-02")
    page.get_by_label("Dernier jour").fill("2026-03-01")
    page.get_by_label("Motif").fill("Avant la réunion de service")
    page.get_by_role("button", name="Commencer le passage").click()
    expect(page.locator("#until-error")).to_be_visible()
    expect(page.get_by_label("Motif")).to_have_value("Avant la réunion de service")
    admin.shot("model-runs-error")
    page.get_by_label("Dernier jour").fill("2026-03-03")
    page.get_by_role("button", name="Commencer le passage").click()
    expect(page.get_by_role("status")).to_contain_text("Le passage a commencé")
    expect(page.get_by_text("faites : 0 sur 1")).to_be_visible()
    page.get_by_label("Motif").fill("Un autre, à moitié tapé")
    made = begun()
    assert work_share(made) == 30
    expect(page.get_by_text("faites : 1 sur 1")).to_be_visible(timeout=60_000)
    expect(page.get_by_label("Motif")).to_have_value("Un autre, à moitié tapé")
    admin.shot("model-runs")
    page.get_by_role("link", name="Côte à côte").click()
    expect(page.get_by_text("Moins de 5 patients")).to_be_visible()
    page.goto(f"{page.url}?other={made}")
    expect(page.get_by_role("heading", name="Niveaux croisés")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    admin.shot("model-beside")
