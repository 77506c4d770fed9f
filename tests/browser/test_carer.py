"""Somebody close answers for the patient in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.as_owner import rows
from tests.browser.conftest import NewVisitor
from tests.browser.phone import answer_all, expect_sent, ready, send
from tests.integration.web.scene import Scene
from tests.integration.web.test_carer import READS, WRITES, asked_today, home_of, make_carer


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_carer_answers_for_the_patient(scene: Scene, visitor: NewVisitor, size: str) -> None:
    task = asked_today(scene)
    claire = make_carer(scene, WRITES + READS)
    carer = visitor(size)
    carer.sign_in("claire", "/p/for")
    page = carer.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("La journée de")
    carer.shot("carer-day")
    carer.in_english("carer-day")
    ready(page, f"{carer.url}{home_of(scene)}/tasks/{task}")
    carer.shot("carer-question")
    carer.in_english("carer-question")
    ready(page, page.url)
    answer_all(page)
    send(page)
    expect_sent(page)
    carer.shot("carer-sent")
    stored = rows("select source, entered_by, task_id from questionnaires.answer")
    assert stored == [("carer", claire, task)]
    page.goto(f"{carer.url}{home_of(scene)}/answers")
    carer.shot("carer-answers")
    carer.in_english("carer-answers")
