"""The page of a patient's plan, without a screen: start, change, pause, end, and who may."""

from datetime import timedelta
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from core import clock
from core.access import Permission
from questionnaires.plans import pausing_service, reading_service
from questionnaires.plans.plan import PauseReason
from questionnaires.plans.shown import PlanPage
from tests.integration.alerts.home import opened
from tests.integration.web.scene import NewClient, Scene, sign_in


@pytest.fixture
def nurse(scene: Scene, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "nurse")


def address(scene: Scene) -> str:
    return f"/patients/{scene.home.care.patient}/plan"


def shown(scene: Scene) -> PlanPage:
    care = scene.home.care
    ctx = opened(care.nurse, care.patient, Permission.ANSWERS_READ)
    return reading_service.plan_page(ctx, clock.now())


def start(nurse: TestClient, scene: Scene, programme: str = "covid-14") -> str:
    form = {"programme": programme, "zone": "Indian/Reunion", "reminders": "yes",
            "silence_alert": "yes", "nhs-oximetry-diary.0": "08:00",
            "nhs-oximetry-diary.1": "", "nhs-oximetry-diary.2": "20:00"}  # fmt: skip
    done = nurse.post(address(scene), data=form)
    assert done.status_code == 200, done.text
    return done.text


def test_a_plan_is_started_with_choices(scene: Scene, nurse: TestClient) -> None:
    empty = nurse.get(address(scene)).text
    assert "Aucun plan en cours" in empty
    offered = nurse.get(f"{address(scene)}?programme=covid-14&count=2").text
    assert 'value="18:00"' in offered
    assert 'value="13:00"' not in offered
    text = start(nurse, scene)
    assert "Le plan a commencé" in text
    assert "chaque jour, à 8 h et 20 h" in text
    (running,) = shown(scene).running
    assert (running.plan.zone, running.plan.high_risk) == ("Indian/Reunion", False)
    again = nurse.post(address(scene), data={"programme": "covid-14", "zone": "Europe/Paris"})
    assert "Un plan de ce programme est déjà en cours" in again.text


def test_a_plan_is_changed_and_ended(scene: Scene, nurse: TestClient) -> None:
    start(nurse, scene)
    (running,) = shown(scene).running
    form = {
        "act": "change",
        "questionnaires": "nhs-oximetry-diary",
        "zone": "Europe/Paris",
        "nhs-oximetry-diary.0": "10:30",
        "high_risk": "yes",
        "silence_alert": "yes",
    }
    done = nurse.post(f"{address(scene)}/{running.plan.id}", data=form)
    assert "chaque jour, à 10 h 30" in done.text
    assert "sans rappel" in done.text
    (changed,) = shown(scene).running
    assert (changed.plan.high_risk, changed.plan.ends_on) == (True, None)
    back = nurse.post(f"{address(scene)}/{running.plan.id}", data={**form, "reminders": "yes"})
    assert "sans rappel" not in back.text
    bad = nurse.post(
        f"{address(scene)}/{running.plan.id}", data={**form, "nhs-oximetry-diary.0": "25:00"}
    )
    assert "Donnez au moins une heure par jour" in bad.text
    ended = nurse.post(
        f"{address(scene)}/{running.plan.id}", data={"act": "end", "reason": "recovered"}
    )
    assert "Le plan est terminé" in ended.text
    assert "Guéri" in ended.text
    unknown = {"act": "end", "reason": "death"}
    assert nurse.post(f"{address(scene)}/{running.plan.id}", data=unknown).status_code == 400


def test_the_law_shows_and_holds(scene: Scene, nurse: TestClient) -> None:
    offered = nurse.get(f"{address(scene)}?programme=heart-failure").text
    assert "personne ne peut la désactiver" in offered
    start(nurse, scene, "heart-failure")
    (running,) = shown(scene).running
    form = {"act": "change", "questionnaires": "heart-failure-daily", "zone": "Europe/Paris"}
    refused = nurse.post(f"{address(scene)}/{running.plan.id}", data=form).text
    assert "la loi l’impose" in refused
    assert shown(scene).running[0].plan.silence_alert


def test_pauses_are_made_asked_for_and_ended(scene: Scene, nurse: TestClient) -> None:
    start(nurse, scene)
    care, today = scene.home.care, clock.now().date()
    own = opened(care.patient_actor, care.patient, Permission.ANSWERS_WRITE)
    days = (today + timedelta(days=1), today + timedelta(days=8))
    asked = pausing_service.request_pause(own, PauseReason.HOLIDAY, *days, "À <la> mer")
    text = nurse.get(address(scene)).text
    assert "Le patient demande une pause" in text
    assert "À &lt;la&gt; mer" in text
    pauses = f"/patients/{care.patient}/pauses"
    form = {"request": str(asked), "reason": "holiday",
            "first": str(days[0]), "last": str(days[1])}  # fmt: skip
    granted = nurse.post(pauses, data=form).text
    assert "La pause est notée" in granted
    assert "Le patient demande une pause" not in granted
    (pause,) = shown(scene).pauses
    over = nurse.post(f"{pauses}/end", data={"pause": str(pause.id)}).text
    assert "La pause est finie" in over
    assert shown(scene).pauses == ()
    assert "Une pause finit" in nurse.post(pauses, data={**form, "last": "hier"}).text
    again = pausing_service.request_pause(own, PauseReason.OTHER, *days)
    refused = nurse.post(f"{pauses}/refuse", data={"request": str(again)}).text
    assert "tout est demandé comme avant" in refused


def test_who_may_not_change_sees_no_button_and_is_refused(
    scene: Scene, new_client: NewClient
) -> None:
    patient = sign_in(new_client(), "patient")
    assert patient.post(address(scene), data={"programme": "covid-14"}).status_code == 403
    assert "Commencer un plan" not in patient.get(address(scene)).text
    stranger = sign_in(new_client(), "stranger")
    assert stranger.get(address(scene)).status_code == 404
    assert stranger.post(f"{address(scene)}/{uuid4()}", data={"act": "end"}).status_code == 404
