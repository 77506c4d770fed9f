"""Somebody close answers for the patient at his own phone, and sees no more than was agreed."""

from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from core import clock
from core.access import Role
from identity import service as identity
from identity.phone_owner import owner_of
from questionnaires import library_service
from tests.as_owner import rows, run
from tests.days import day_in_france
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in
from tests.integration.web.test_circle import add, circle_of, make_person
from tests.integration.web.test_phone import key_in
from tests.people import make_patient

CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}
WRITES = ["answers:write", "vitals:write"]
READS = ["answers:read", "vitals:read"]


def make_carer(scene: Scene, agreed: list[str]) -> UUID:
    """Let Claire care for the patient, with what he agreed to."""
    claire = identity.register_person("Claire Martin")
    identity.join_circle(scene.home.care.patient, claire, "carer")
    run(f"update access.membership set agreed = '{{{','.join(agreed)}}}' where role = 'carer'")
    open_account(claire, "claire")
    return claire


def asked_today(scene: Scene, name: str = "home-daily") -> UUID:
    """Ask the patient the questions of every day today, or those of another questionnaire."""
    digest = library_service.active_edition(name).digest
    patient = scene.home.care.patient
    run(
        "with p as (insert into questionnaires.plan (id, patient_id, programme,"
        " programme_version, title, zone, starts_on, high_risk, required_by_law, created_at,"
        f" created_by) select gen_random_uuid(), '{patient}', 'x', 1, '{{}}', 'Europe/Paris',"
        f" current_date, false, false, now(), '{patient}' returning id, patient_id),"
        " l as (insert into questionnaires.plan_line (id, plan_id, patient_id, questionnaire,"
        " edition, schedule, begins_at, planned_through) select gen_random_uuid(), id, patient_id,"
        f" '{name}', '{digest}', '{{}}', now(), 'infinity' from p returning *)"
        " insert into questionnaires.task (id, patient_id, line_id, edition, occasion, opens_at,"
        " due_at, alarm_at) select gen_random_uuid(), patient_id, id, edition, now(), now(),"
        " now() + interval '1 hour', now() + interval '2 hours' from l"
    )
    ((task,),) = rows("select id from questionnaires.task")
    assert isinstance(task, UUID)
    return task


def home_of(scene: Scene) -> str:
    return f"/p/for/{scene.home.care.patient}"


def stored() -> list[tuple[Any, ...]]:
    return rows("select source, entered_by, answers from questionnaires.answer order by id")


def sending(claire: UUID, **more: Any) -> dict[str, Any]:
    now = round(clock.now().timestamp() * 1000)
    times = {"wall_ms": 0, "monotonic_ms": 0, "drift_then_ms": 0, "sent_wall_ms": now}
    edition = library_service.active_edition("home-daily").digest
    body = {"key": "a-key-of-claire", "owner": owner_of(claire), "edition": edition}
    return {**body, "answers": CALM, "times": times, **more}


def test_a_script_whose_session_ended_is_told_so(scene: Scene, new_client: NewClient) -> None:
    answer = new_client().post(f"{home_of(scene)}/api/answers", json={}, follow_redirects=False)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "fault",
    [
        "update questionnaires.plan_line set questionnaire = 'another'",
        "update questionnaires.task set occasion = now() + interval '1 hour',"
        " opens_at = now() + interval '1 hour', due_at = now() + interval '1 hour'",
    ],
)
def test_an_answer_settles_only_what_is_asked_by_now(
    scene: Scene, phone: tuple[UUID, TestClient], fault: str
) -> None:
    task = asked_today(scene)
    run(fault)
    claire, client = phone
    body = sending(claire, task=str(task))
    assert client.post(f"{home_of(scene)}/api/answers", json=body).status_code == 200
    assert len(stored()) == 1
    assert rows("select state from questionnaires.task") == [("open",)]


@pytest.fixture
def phone(scene: Scene, new_client: NewClient) -> tuple[UUID, TestClient]:
    claire = make_carer(scene, WRITES)
    return claire, sign_in(new_client(), "claire")


def test_who_may_answer_settles_the_task_in_his_own_name(
    scene: Scene, phone: tuple[UUID, TestClient]
) -> None:
    task = asked_today(scene)
    claire, client = phone
    home = client.get("/p/for")
    assert home.url.path == home_of(scene)
    address = f"{home_of(scene)}/tasks/{task}"
    assert address in home.text
    page = client.get(address)
    assert "Vous répondez pour" in page.text
    form = {**CALM, "temperature": "38,1", "client_key": key_in(page.text)}
    for _ in range(2):
        assert "Merci" in client.post(address, data=form).text
    assert stored() == [("carer", claire, {**CALM, "temperature": 38.1})]
    assert rows("select state, answer_id is not null from questionnaires.task") == [("done", True)]


def test_write_only_shows_no_earlier_answer(scene: Scene, phone: tuple[UUID, TestClient]) -> None:
    _, client = phone
    page = client.get(home_of(scene)).text
    assert "/answers" not in page
    assert client.get(f"{home_of(scene)}/answers").status_code == 403
    assert client.get(f"/patients/{scene.home.care.patient}/answers").status_code == 403


def test_what_was_grave_goes_ahead_and_the_rest_completes_it(
    scene: Scene, phone: tuple[UUID, TestClient]
) -> None:
    task = asked_today(scene)
    claire, client = phone
    address = f"{home_of(scene)}/api/answers"
    grave = {"dyspnoea": "rest", "temperature": "39"}
    ahead = sending(claire, task=str(task), answers=grave, partial=True)
    assert client.post(address, json=ahead).json()["urgency"] == "call_15"
    whole = sending(claire, task=str(task), answers={**CALM, **grave, "temperature": "39.5"})
    first, second = (client.post(address, json=whole) for _ in range(2))
    assert (first.json()["again"], second.json()["again"]) == (False, True)
    assert [row[:2] for row in stored()] == [("carer", claire)] * 2
    assert rows("select state from questionnaires.task") == [("done",)]
    assert rows("select kind from vitals.amendment") == [("corrected",)]


def test_the_rest_is_kept_though_somebody_corrected_the_part(
    scene: Scene, phone: tuple[UUID, TestClient], new_client: NewClient
) -> None:
    """He may not read the correction: what he says after it is an answer of its own."""
    task = asked_today(scene)
    claire, client = phone
    address = f"{home_of(scene)}/api/answers"
    grave = {"dyspnoea": "rest", "temperature": "39"}
    ahead = sending(claire, task=str(task), answers=grave, partial=True)
    assert client.post(address, json=ahead).status_code == 200
    ((part,),) = rows("select id from questionnaires.answer")
    record = f"/patients/{scene.home.care.patient}/answers"
    form = {**CALM, "dyspnoea": "effort", "client_key": "of-the-gp", "_reason": "Mal compris"}
    sign_in(new_client(), "gp").post(f"{record}/{part}/correct", data=form)
    whole = sending(claire, task=str(task), answers={**CALM, **grave})
    first, second = (client.post(address, json=whole) for _ in range(2))
    assert (first.json()["again"], second.json()["again"]) == (False, True)
    assert [row[1] == claire for row in stored()] == [True, False, True]
    assert stored()[-1][2] == {**CALM, "dyspnoea": "rest", "temperature": 39}
    assert rows("select state from questionnaires.task") == [("done",)]


@pytest.mark.parametrize("same", [True, False])
def test_what_comes_days_later_is_known_or_kept(
    scene: Scene, phone: tuple[UUID, TestClient], same: bool
) -> None:
    claire, client = phone
    address = f"{home_of(scene)}/api/answers"
    assert client.post(address, json=sending(claire)).status_code == 200
    run("update questionnaires.answer set received_at = received_at - interval '3 days'")
    later = CALM if same else {**CALM, "temperature": "39"}
    answer = client.post(address, json=sending(claire, answers=later))
    assert answer.json()["again"] is same
    assert len(stored()) == (1 if same else 2)


def test_who_may_only_read_reads_and_sends_nothing(scene: Scene, new_client: NewClient) -> None:
    claire = make_carer(scene, READS)
    client = sign_in(new_client(), "claire")
    sign_in(new_client(), "patient").post("/p/questions", data={**CALM, "temperature": "39,2"})
    page = client.get(home_of(scene)).text
    assert f"{home_of(scene)}/answers" in page
    assert "il ne vous a pas été demandé" in page
    assert "39,2" in client.get(f"{home_of(scene)}/answers").text
    assert client.get(f"{home_of(scene)}/questions").status_code == 403
    sent = client.post(f"{home_of(scene)}/api/answers", json=sending(claire))
    assert sent.status_code == 403
    assert [row[0] for row in stored()] == ["patient"]


def test_of_several_patients_one_is_chosen(scene: Scene, phone: tuple[UUID, TestClient]) -> None:
    claire, client = phone
    other = make_patient()
    identity.join_circle(other, claire, Role.CARER)
    page = client.get("/p/for").text
    assert "Pour qui venez-vous" in page
    assert home_of(scene) in page
    assert f"/p/for/{other}" in page


def test_a_stranger_finds_nothing(scene: Scene, new_client: NewClient) -> None:
    client = sign_in(new_client(), "stranger")
    assert client.get(home_of(scene)).status_code == 404
    assert client.get(f"{home_of(scene)}/questions").status_code == 404


def test_before_its_time_a_questionnaire_says_when_it_opens(
    scene: Scene, phone: tuple[UUID, TestClient], new_client: NewClient
) -> None:
    task = asked_today(scene)
    later = "update questionnaires.task set opens_at = now() + interval '{0}', occasion = now()"
    run(later.format("20 minutes") + " + interval '20 minutes'")
    _, client = phone
    own = sign_in(new_client(), "patient")
    for who, address in ((client, f"{home_of(scene)}/tasks/{task}"), (own, f"/p/tasks/{task}")):
        page = who.get(address)
        assert page.status_code == 200
        assert "s&#39;ouvre le" in page.text or "s'ouvre le" in page.text
        assert 'name="client_key"' not in page.text
    # A phone keeps the blank form for that time, when there may be no network.
    assert 'name="edition"' in own.get(f"/p/tasks/{task}?blank=1").text
    run(later.format("-1 minute"))
    assert 'name="client_key"' in own.get(f"/p/tasks/{task}").text


def test_what_the_patient_agrees_to_on_the_page_lets_somebody_close_answer_for_him(
    scene: Scene, new_client: NewClient
) -> None:
    """« Répondre pour lui », as the circle's form says it: from the tick to the stored answer."""
    claire = make_person("Claire Martin", "claire")
    gp, circle = sign_in(new_client(), "gp"), circle_of(scene)
    agreed = {"consent_means": "spoken", "consent_on": str(day_in_france())}
    form = {"party": "claire", "role": "carer", "groups": ["entries"], **agreed}
    assert "Claire Martin" in add(gp, circle, **form).text
    task = asked_today(scene)
    phone = sign_in(new_client(), "claire")
    sent = phone.post(f"{home_of(scene)}/api/answers", json=sending(claire, task=str(task)))
    assert sent.status_code == 200
    assert [(source, by) for source, by, _ in stored()] == [("carer", claire)]
    assert phone.get(scene.page).status_code == 403
