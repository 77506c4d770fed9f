"""After an inclusion: the first call, who else is tied to the patient, its end, a refusal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coordination.inclusion import follow_up_service
from coordination.inclusion.follow_up import FollowUpLine
from coordination.inclusion.notice_service import keep_follow_ups
from core import clock
from core.access import Permission
from messages import service as messages
from tests.as_owner import mutate, rows, run
from tests.integration.alerts.home import opened
from tests.integration.plans.home import clock_setter
from tests.integration.web.scene import NewClient, open_account, sign_in
from tests.integration.web.test_inclusion import NOON, PATH, care, nurse, page_of
from tests.people import Care

__all__ = ["care", "nurse"]


def test_a_late_first_call_rises_until_somebody_speaks_with_him(
    care: Care, nurse: TestClient, new_client: NewClient, clock_file: Path
) -> None:
    nurse.post(page_of(care), data=PATH)
    assert "Aucun premier appel n’est en retard" in nurse.get("/follow-ups").text
    assert keep_follow_ups(clock.now()) == 0
    ((before,),) = rows("select rank from alerts.queue_entry where patient_id = %s", care.patient)
    clock_setter(clock_file)(NOON + timedelta(hours=2, minutes=1))
    assert keep_follow_ups(clock.now()) == 1
    assert keep_follow_ups(clock.now()) == 0
    ((after,),) = rows("select rank from alerts.queue_entry where patient_id = %s", care.patient)
    assert isinstance(before, int)
    assert isinstance(after, int)
    assert after > before
    nurse = sign_in(new_client(), "nurse")
    page = nurse.get("/follow-ups").text
    assert "Aucun premier appel n’est en retard" not in page
    ((episode,),) = rows("select id from coordination.episode")
    call = {"episode": str(episode), "outcome": "no_answer", "back": "list"}
    where = f"/patients/{care.patient}/first-contact"
    assert "L’appel est noté" in nurse.post(where, data=call).text
    assert "1 essai(s), le dernier : " in nurse.get("/follow-ups").text
    nurse.post(where, data={**call, "outcome": "reached"})
    assert rows("select first_contact_by from coordination.episode") == [(care.nurse.person,)]
    ((since,),) = rows("select rank from alerts.queue_entry where patient_id = %s", care.patient)
    assert since == before
    assert "Aucun premier appel n’est en retard" in nurse.get("/follow-ups").text


def test_a_contact_case_is_registered_tied_and_seen_by_whoever_follows_both(
    care: Care, nurse: TestClient, new_client: NewClient
) -> None:
    form = {
        "kind": "household",
        "birth_name": "Martin",
        "birth_first_names": "Luc",
        "birth_date": "1949-05-06",
        "sex": "male",
    }
    page = nurse.post(f"/patients/{care.patient}/household", data=form)
    assert "Le lien est noté" in page.text
    assert "Luc Martin" in page.text or "MARTIN Luc" in page.text
    ((tie, other),) = rows("select id, other_id from coordination.household_link")
    gp = sign_in(new_client(), "gp")
    assert "Luc" not in gp.get(f"/patients/{care.patient}/follow-up").text
    ctx = opened(care.nurse, care.patient, Permission.PLAN_READ)
    assert [one.other_id for one in follow_up_service.record(ctx).household] == [other]
    ended = nurse.post(f"/patients/{care.patient}/household/{tie}/end")
    assert "Le lien a pris fin" in ended.text
    assert follow_up_service.record(ctx).household == []


def test_other_programmes_are_called_within_two_days(care: Care, nurse: TestClient) -> None:
    form = {**PATH, "programme": "heart-failure", "exception": "Vu avec le cardiologue"}
    answer = nurse.post(page_of(care), data=form)
    assert "Appelez le patient avant mercredi 6 janvier, 12 h 00" in answer.text
    ((due,),) = rows("select first_contact_due_at from coordination.episode")
    assert due - NOON < timedelta(hours=48, minutes=1)


def test_a_planned_end_is_told_to_the_desk_before_and_after(
    care: Care, nurse: TestClient, clock_file: Path
) -> None:
    assert nurse.post(page_of(care), data={**PATH, "talking": "yes"}).status_code == 200
    run("update coordination.episode set first_contact_at = %s, ends_on = '2027-01-20'", NOON)
    assert "Fin prévue :" not in nurse.get("/follow-ups").text
    clock_setter(clock_file)(datetime(2027, 1, 18, 11, 0, tzinfo=UTC))
    nurse = again(nurse)
    near = nurse.get("/follow-ups").text
    assert "Fin prévue : 20" in near
    assert "proche ou dépassée : 1" in near
    clock_setter(clock_file)(datetime(2027, 1, 21, 11, 0, tzinfo=UTC))
    passed = again(nurse).get("/follow-ups").text
    assert "Fin prévue dépassée (20" in passed
    assert f"/patients/{care.patient}/exit" in passed


@pytest.mark.parametrize("blind", ["near", "passed"])
def test_the_test_sees_a_desk_that_is_not_told_of_a_planned_end(
    care: Care,
    nurse: TestClient,
    clock_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    blind: str,
) -> None:
    told = FollowUpLine.ending
    monkeypatch.setattr(FollowUpLine, "ending", lambda one, day: told(one, day).replace(blind, ""))
    with pytest.raises(AssertionError):
        test_a_planned_end_is_told_to_the_desk_before_and_after(care, nurse, clock_file)


def again(client: TestClient) -> TestClient:
    client.cookies.clear()
    return sign_in(client, "nurse")


def test_a_refusal_on_the_phone_is_told_to_the_centre(
    care: Care, nurse: TestClient, new_client: NewClient
) -> None:
    messages.register_contact(care.nurse.person, "email", "nurse@centre.example")
    messages.register_contact(care.gp.person, "email", "gp@gp.example")
    himself = {**PATH, "means": "digital", "usage_data": "", "mail": "jeanne@example.org"}
    assert nurse.post(page_of(care), data=himself).status_code == 200
    assert "Accord attendu" in nurse.get("/follow-ups").text
    run("delete from identity.account where person = %s", care.patient)
    open_account(care.patient, "jeanne")
    phone = sign_in(new_client(), "jeanne")
    ((episode,),) = rows("select id from coordination.episode")
    both = {"episode": str(episode), "telemonitoring": "no", "usage_data": "no"}
    phone.post("/p/follow-up", data=both)
    keep_follow_ups(clock.now())
    told = "select o.address, o.params ->> 'path' from coordination.notice n join messages.outbox o"
    told += " on o.key like 'notice:' || n.id || ':%%' where n.kind = %s"
    assert rows(told, "agreement_refused") == [
        ("nurse@centre.example", f"/patients/{care.patient}/follow-up")
    ]
    desk = nurse.get("/follow-ups").text
    assert "Il refuse le télésuivi" in desk
    assert "Accord attendu" not in desk
    phone.post("/p/follow-up", data={**both, "telemonitoring": "yes"})
    assert "Il refuse le télésuivi" not in nurse.get("/follow-ups").text
    assert len(rows("select 1 from coordination.notice where kind = 'agreement_refused'")) == 1


def test_a_watch_over_first_calls_that_stopped_is_caught(care: Care, nurse: TestClient) -> None:
    """The fault: nobody looks for late first calls any more."""
    nurse.post(page_of(care), data=PATH)
    run(
        "update coordination.episode set included_at = %s, first_contact_due_at = %s",
        NOON - timedelta(hours=3),
        NOON - timedelta(hours=1),
    )
    mutate("coordination.mark_late", "l.late_at is null", "false")
    assert keep_follow_ups(clock.now()) == 0
    assert rows("select mod(rank, 10) from alerts.queue_entry") != [(5,)]
    mutate("coordination.mark_late", "and false", "and l.late_at is null")
    assert keep_follow_ups(clock.now()) == 1
    assert rows("select mod(rank, 10) from alerts.queue_entry") == [(5,)]
