"""« Mes gardes » on a telephone and at a desk, by keyboard too."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from alerts import swap_service
from tests.as_owner import rows
from tests.browser.conftest import SIZES, NewVisitor
from tests.integration.alerts.on_duty.test_week import colleague, planned, today
from tests.integration.web.scene import Scene, open_account

ONE = timedelta(days=1)


@pytest.mark.parametrize("size", SIZES)
def test_a_doctor_answers_asks_and_withdraws(scene: Scene, visitor: NewVisitor, size: str) -> None:
    anne = colleague(scene.home, "Dr Anne Brun", "coordinating_doctor")
    bea = colleague(scene.home, "Dr Bea Noir", "hospital_doctor")
    open_account(bea.person, "bea")
    nurse = scene.home.care.nurse
    nights = planned(nurse, anne.person, duty="on_call", starts="20 h", ends="8 h")
    planned(nurse, bea.person, duty="on_call", starts="8 h", ends="20 h", weekdays="56")
    swaps = [swap_service.offer_swap(anne, nights.id, today() + days * ONE, bea.person)
             for days in (1, 2)]  # fmt: skip
    assert all(isinstance(swap, UUID) for swap in swaps)
    doctor = visitor(size)
    doctor.enter("bea")
    page = doctor.page
    page.goto(doctor.url + "/account/sign-in")
    page.get_by_role("link", name="Mes gardes").click()
    expect(page.get_by_role("heading", name="Mes gardes")).to_be_visible()
    doctor.shot("duties")
    first = page.get_by_role("button", name="Accepter").first
    first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("La garde est à vous")
    page.get_by_role("button", name="Refuser").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("La garde reste à qui l’avait")
    assert sorted(map(str, rows("select accepted from alerts.swap"))) == ["(False,)", "(True,)"]
    page.get_by_text("Proposer un échange pour cette garde").last.press("Enter")
    page.get_by_label("Personne à solliciter").last.select_option("Dr Anne Brun")
    doctor.shot("duties-ask")
    page.get_by_role("button", name="Envoyer la demande").last.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("La demande est faite")
    page.get_by_role("button", name="Retirer ma demande").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("La demande est retirée")
    doctor.in_english("duties", "/account/duties")
    page.set_viewport_size({"width": 320, "height": 640})
    doctor.shot("duties-narrow")
