"""A grave answer that somebody close gives for the patient: whom to call, and who did."""

from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from core.access import Role
from identity import service as identity
from questionnaires import library_service
from tests.as_owner import rows, run
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.integration.web.test_carer import CALM, home_of, phone, sending
from tests.people import make_patient

__all__ = ["phone"]


@pytest.mark.parametrize(
    ("name", "answers", "number"),
    [
        ("home-daily", {**CALM, "dyspnoea": "rest"}, "15"),
        (
            "ecovid-daily",
            {"dyspnoea": "none", "faintness_or_confusion": "no", "chills": "no", "mood": "low"},
            "3114",
        ),
    ],
)
def test_a_grave_answer_for_him_says_whom_to_call_and_asks_whether_somebody_did(
    phone: tuple[UUID, TestClient], scene: Scene, name: str, answers: dict[str, str], number: str
) -> None:
    _, client = phone
    edition = library_service.active_edition(name).digest
    form = {**answers, "_edition": edition, "edition": edition}
    page = client.post(f"{home_of(scene)}/questions", data=form).text
    assert f'href="tel:{number}"' in page
    assert "Avez-vous appelé" in page
    ((answer,),) = rows("select id from questionnaires.answer")
    said = {"answer": str(answer), "called": "no", "told": f"call_{number}"}
    page = client.post(f"{home_of(scene)}/called", data=said).text
    assert "pas encore appelé" in page
    assert f'href="tel:{number}"' in page
    assert rows("select answer_id, called from questionnaires.called") == [(answer, False)]


def test_a_phone_sends_what_was_said_of_calling_for_him(
    phone: tuple[UUID, TestClient], scene: Scene
) -> None:
    claire, client = phone
    body = sending(claire, called=True, answers={**CALM, "dyspnoea": "rest"})
    for _ in range(2):
        assert client.post(f"{home_of(scene)}/api/answers", json=body).status_code == 200
    assert rows("select called, said_by from questionnaires.called") == [(True, claire)]


def test_nobody_says_of_anothers_answer_whether_somebody_called(
    phone: tuple[UUID, TestClient], scene: Scene, new_client: NewClient
) -> None:
    """The first word stands: one from elsewhere would hide that nobody has called."""
    claire, client = phone
    own = sign_in(new_client(), "patient")
    other = make_patient()
    identity.join_circle(other, claire, Role.CARER)
    run(
        "insert into questionnaires.answer (id, patient_id, instrument, version, answers,"
        " answered_at, received_at, entered_by, client_key) values (gen_random_uuid(), %s, 'x', 1,"
        " '{}', now(), now(), %s, 'k')",
        other,
        other,
    )
    ((answer,),) = rows("select id from questionnaires.answer")
    for id in (answer, uuid4()):
        said = {"answer": str(id), "called": "yes"}
        assert client.post(f"{home_of(scene)}/called", data=said).status_code == 404
        assert own.post("/p/sent/called", data=said).status_code == 404
    assert rows("select 1 from questionnaires.called") == []
