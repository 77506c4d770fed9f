"""What the desk is shown beside a follow-up: its planned end, a refusal, who was invited where."""

import pytest
from playwright.sync_api import expect

from tests.as_owner import run
from tests.browser.conftest import SIZES, NewVisitor
from tests.integration.exit.conftest import include
from tests.integration.web.scene import Scene
from tests.integration.web.test_carer import asked_today


@pytest.mark.parametrize("size", SIZES)
def test_the_desk_sees_ends_refusals_and_invitations(
    scene: Scene, visitor: NewVisitor, size: str
) -> None:
    patient = scene.home.care.patient
    episode = include(scene)
    run(
        "update coordination.episode set ends_on = current_date, first_contact_at = now(),"
        " first_contact_by = included_by"
    )
    run(
        "insert into coordination.agreement (id, episode_id, patient_id, kind, agreed, text_id,"
        " text_version, wording, means, given_by, recorded_by, at) values (gen_random_uuid(), %s,"
        " %s, 'telemonitoring', false, 'x', 1, 'Je suis d''accord', 'digital', %s, %s, now())",
        episode, patient, patient, patient,
    )  # fmt: skip
    task = asked_today(scene)
    run(
        "update questionnaires.task set opens_at = now() + interval '20 minutes',"
        " occasion = now() + interval '20 minutes'"
    )
    phone = visitor(size)
    phone.sign_in("patient", "/p")
    phone.page.goto(f"{phone.url}/p/tasks/{task}")
    expect(phone.page.get_by_text("Ce questionnaire s'ouvre")).to_be_visible()
    phone.shot("task-not-yet")
    run("delete from identity.account where person = %s", patient)
    nurse = visitor(size)
    nurse.sign_in("nurse", "/follow-ups")
    expect(nurse.page.get_by_text("Il refuse le télésuivi")).to_be_visible()
    nurse.shot("follow-ups-marks")
    nurse.page.goto(f"{nurse.url}/patients/{patient}/follow-up")
    nurse.page.get_by_text("Envoyer le lien").click()
    nurse.page.locator("#mail").fill("jeanne@home.example")
    nurse.page.get_by_role("button", name="Inviter").click()
    expect(nurse.page.get_by_text("jeanne@home.example")).to_be_visible()
    nurse.shot("follow-up-invited")
