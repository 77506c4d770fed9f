"""« Rappeler à »: a promised call rises when it is due, and only then."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from alerts import service as alerts
from coordination.inclusion.notice_service import keep_follow_ups
from core import clock
from tests.as_owner import mutate, rows, run
from tests.integration.web.reaching.desk import (
    HEADERS,
    QUEUE,
    add,
    attempt,
    base,
    post,
    reach,
    soon,
)
from tests.integration.web.scene import Scene


def test_a_promised_call_rises_in_the_queue_once_it_is_time(
    scene: Scene, nurse: TestClient, clock_file: Path
) -> None:
    patient = scene.home.care.patient
    ((before,),) = rows(QUEUE, patient)
    luc = add(nurse, scene, "Luc Martin", "0639980113")
    attempt(nurse, scene, "call_later", luc, again=soon(10))
    assert keep_follow_ups(clock.now()) == 0
    assert rows(QUEUE, patient) == [(before,)]
    clock_file.write_text(str(11 * 60))
    assert keep_follow_ups(clock.now()) == 1
    assert keep_follow_ups(clock.now()) == 0
    assert rows(QUEUE, patient) == [(before + 3,)]
    (row,) = alerts.queue_page(scene.home.care.nurse, 10, 0)
    assert row.call_back_is_due
    assert not row.first_call_is_late
    assert "À rappeler depuis" in reach(nurse, scene)
    attempt(nurse, scene, "no_answer", luc)
    assert rows(QUEUE, patient) == [(before,)]


def test_a_promise_nobody_keeps_is_caught(
    scene: Scene, nurse: TestClient, clock_file: Path
) -> None:
    """The fault: the machine looks for no promised call."""
    mutate("coordination.raise_call_backs", "d.risen_at is null", "false")
    with pytest.raises(AssertionError):
        test_a_promised_call_rises_in_the_queue_once_it_is_time(scene, nurse, clock_file)


def test_a_promise_to_somebody_off_the_list_is_due_no_more(
    scene: Scene, nurse: TestClient, clock_file: Path
) -> None:
    patient = scene.home.care.patient
    luc = add(nurse, scene, "Luc Martin", "0639980113")
    attempt(nurse, scene, "call_later", luc, again=soon(10))
    post(nurse, f"{base(scene)}/people/{luc}/remove")
    clock_file.write_text(str(11 * 60))
    keep_follow_ups(clock.now())
    assert rows(QUEUE, patient)[0][0] % 10 == 0


def test_a_promise_made_after_the_alert_was_closed_is_kept(
    scene: Scene, nurse: TestClient, clock_file: Path
) -> None:
    post(nurse, scene.page, act="called_15", note="Appelé")
    attempt(nurse, scene, "call_later", again=soon(10))
    clock_file.write_text(str(11 * 60))
    assert keep_follow_ups(clock.now()) == 1
    assert rows(QUEUE, scene.home.care.patient)[0][0] % 10 == 3


def test_a_time_that_has_just_passed_is_said_and_not_put_off_to_tomorrow(
    scene: Scene, nurse: TestClient
) -> None:
    page = nurse.post(
        f"{base(scene)}/reach",
        data={"outcome": "call_later", "again": soon(-2), "note": "Chez le médecin"},
        headers=HEADERS,
    )
    assert page.status_code == 422
    assert "Choisissez une heure à venir" in page.text
    assert 'value="Chez le médecin"' in page.text
    page = nurse.post(
        f"{base(scene)}/doubt-checks",
        data={"who": "Luc", "expected": soon(-2)},
        headers=HEADERS,
    )
    assert page.status_code == 422
    assert "Choisissez une heure à venir" in page.text
    assert 'value="Luc"' in page.text
    assert rows("select count(*) from coordination.attempt") == [(0,)]
    assert rows("select count(*) from coordination.doubt_check") == [(0,)]


def test_a_promise_about_a_closed_alert_is_due_no_more(
    scene: Scene, nurse: TestClient, clock_file: Path
) -> None:
    attempt(nurse, scene, "call_later", again=soon(10))
    run("update coordination.attempt set next_at = at + interval '1 minute'")
    clock_file.write_text("300")
    keep_follow_ups(clock.now())
    assert rows(QUEUE, scene.home.care.patient)[0][0] % 10 == 3
    post(nurse, scene.page, act="called_15", note="Appelé")
    assert rows(QUEUE, scene.home.care.patient)[0][0] % 10 == 0
