"""The page of a patient's plan, without a screen: start, change, pause, end, and who may."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from core import clock
from core.access import Permission
from questionnaires.plans import pausing_service, reading_service
from questionnaires.plans.plan import PauseReason
from questionnaires.plans.shown import PlanPage
from tests.as_owner import run
from tests.days import day_in_france
from tests.integration.alerts.home import opened
from tests.integration.plans.home import clock_setter
from tests.integration.questionnaires.test_editions import ours
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
    care, today = scene.home.care, day_in_france()
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


RHYTHM = {
    "act": "save",
    "days": "weekdays",
    "weekday": ["1", "4"],
    "time.0": "09:30",
    "opens": "1,5",
    "due": "3",
    "grace": "4",
    "remind.0": "0",
}


def test_a_rhythm_is_looked_at_then_set(scene: Scene, nurse: TestClient) -> None:
    start(nurse, scene)
    (running,) = shown(scene).running
    own = f"{address(scene)}/{running.plan.id}/rhythm/nhs-oximetry-diary"
    assert own in nurse.get(address(scene)).text
    page = nurse.get(own).text
    assert 'value="08:00"' in page
    assert "Prochaines fois" in page
    wrong = nurse.post(own, data={**RHYTHM, "weekday": [], "due": "bientôt"})
    assert wrong.status_code == 422
    assert "Cochez au moins un jour de la semaine." in wrong.text
    assert 'value="bientôt"' in wrong.text
    looked = nurse.post(own, data={**RHYTHM, "act": "look"}).text
    assert "chaque lundi et jeudi, à 9 h 30" in looked
    assert shown(scene).running[0].lines[0].schedule == running.lines[0].schedule
    done = nurse.post(own, data=RHYTHM).text
    assert "Le plan est modifié à partir de maintenant" in done
    assert "chaque lundi et jeudi, à 9 h 30" in done
    (line,) = shown(scene).running[0].lines
    assert line.schedule.phases[0].weekdays == (1, 4)
    assert (line.schedule.opens_minutes_before, line.schedule.grace_minutes) == (90, 240)
    begins = {**RHYTHM, "intro_days": "3", "intro.0": "08:00", "days": "every_days", "every": "2"}
    assert "pendant 3 jours" in nurse.post(own, data=begins).text


def test_one_more_questionnaire_is_asked_and_no_longer(scene: Scene, nurse: TestClient) -> None:
    start(nurse, scene)
    (running,) = shown(scene).running
    own = f"{address(scene)}/{running.plan.id}/rhythm"
    assert f"{own}/cat" in nurse.get(address(scene)).text
    assert f"{own}/bedside-measures" not in nurse.get(address(scene)).text
    every_day = {**RHYTHM, "days": "every_day"}
    nurse.post(f"{own}/cat", data=every_day)
    asked = [line.questionnaire for line in shown(scene).running[0].lines]
    assert asked == ["nhs-oximetry-diary", "cat"]
    nurse.post(f"{own}/cat", data={"act": "remove"})
    assert [line.questionnaire for line in shown(scene).running[0].lines] == asked[:1]
    last = nurse.post(f"{own}/nhs-oximetry-diary", data={"act": "remove"})
    assert "C’est le seul questionnaire de ce plan" in last.text
    never = nurse.post(f"{own}/cat", data={**RHYTHM, "days": "on_days", "on_days": "300"})
    assert (never.status_code, "jamais posé" in never.text) == (422, True)
    assert nurse.get(f"{own}/nothing-of-this-name").status_code == 404
    assert nurse.get(f"{address(scene)}/{uuid4()}/rhythm/cat").status_code == 404


def test_what_is_added_counts_from_its_own_day_and_keeps_it(
    scene: Scene, nurse: TestClient, clock_file: Path
) -> None:
    start(nurse, scene)
    (running,) = shown(scene).running
    own = f"{address(scene)}/{running.plan.id}/rhythm/cat"
    noon = clock.now().replace(hour=12)
    clock_setter(clock_file)(noon + timedelta(days=3))
    again = sign_in(nurse, "nurse")
    every = {**RHYTHM, "days": "every_days", "every": "9", "time.0": "00:00", "time.1": "23:59"}
    assert "depuis le jour de l’ajout" in again.get(own).text
    again.post(own, data=every)
    today = clock.now().astimezone(ZoneInfo("Indian/Reunion")).date()
    diary, cat = shown(scene).running[0].lines
    assert (diary.first_day, cat.first_day) == (running.plan.starts_on, today)
    tasks = [one for one in shown(scene).coming if one.questionnaire == "cat"]
    assert {one.occasion.astimezone(ZoneInfo("Indian/Reunion")).date() for one in tasks} == {today}
    clock_setter(clock_file)(noon + timedelta(days=5))
    again = sign_in(again, "nurse")
    again.post(own, data={**every, "every": "12"})
    assert shown(scene).running[0].lines[1].first_day == today
    run("update questionnaires.plan_line set first_day = null")  # as before there was one
    assert shown(scene).running[0].lines[1].first_day == running.plan.starts_on


def test_what_the_law_wants_asked_is_not_asked_less(scene: Scene, nurse: TestClient) -> None:
    start(nurse, scene, "heart-failure")
    (running,) = shown(scene).running
    own = f"{address(scene)}/{running.plan.id}/rhythm/heart-failure-daily"
    assert "Exigé par la loi, au moins" in nurse.get(own).text
    for form in (RHYTHM, {"act": "remove"}):
        refused = nurse.post(own, data=form)
        assert refused.status_code == 422
        assert "pas moins souvent" in refused.text
    assert shown(scene).running[0].lines == running.lines
    assert nurse.post(own, data={**RHYTHM, "days": "every_day"}).status_code == 200


def publish(nurse: TestClient, version: str) -> None:
    file = {"file": ("own.json", ours(version, f"Notre suivi {version}"))}
    page = nurse.post("/instruments", files=file, follow_redirects=False).headers["location"]
    assert "en service" in nurse.post(page, data={"act": "publish"}).text


def test_a_running_plan_keeps_its_edition_until_it_is_moved(
    scene: Scene, nurse: TestClient
) -> None:
    start(nurse, scene)
    (running,) = shown(scene).running
    plan = f"{address(scene)}/{running.plan.id}"
    publish(nurse, "1")
    added = nurse.post(f"{plan}/rhythm/our-own", data={**RHYTHM, "days": "every_day"})
    assert added.status_code == 200, added.text
    before = shown(scene).running[0].lines[-1]
    assert before.questionnaire == "our-own"
    publish(nurse, "2")
    assert "garde la sienne" in nurse.get(address(scene)).text
    nurse.post(f"{plan}/rhythm/our-own", data=RHYTHM)
    assert shown(scene).running[0].lines[-1].edition == before.edition
    assert "garde la sienne" not in nurse.post(plan, data={"act": "move"}).text
    after = shown(scene).running[0].lines[-1]
    assert after.edition != before.edition
    assert after.schedule.phases[0].weekdays == (1, 4)
