"""Who is called next, in which order, and what a form says of a home."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from coordination.reaching.chain import (
    Attempt,
    Callee,
    CallNext,
    DoubtCheck,
    Exhausted,
    FoundAtHome,
    NoNumber,
    SomebodyAnswered,
    WaitUntil,
    callees,
    check_of_search,
    moment_ahead,
    next_step,
    of_search,
)
from coordination.reaching.people import Person, in_order, moved
from coordination.reaching.sheet import Dial, NoDepartment, NoSamuNumber, whom_to_dial

NOW = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
PATIENT = UUID(int=1)


def person(place: int, name: str = "Luc", *, own: bool = False, wrong: bool = False) -> Person:
    return Person(
        id=UUID(int=100 + place),
        patient_id=PATIENT,
        place=place,
        of_patient=own,
        name=name,
        tie="fils",
        phone="0639980113",
        has_key=False,
        may_know="search",
        doubted_at=NOW if wrong else None,
    )


def attempt(
    who: Callee, outcome: str, minutes_ago: int = 5, again: int | None = None, alert: int = 0
) -> Attempt:
    at = NOW - timedelta(minutes=minutes_ago)
    return Attempt(
        id=uuid4(),
        patient_id=PATIENT,
        alert_id=UUID(int=alert) if alert else None,
        person_id=who.key,
        name="",
        phone=who.phone,
        at=at,
        by_name="Inès Moreau",
        outcome=outcome,
        next_at=None if again is None else NOW + timedelta(minutes=again),
        note="",
    )


def test_the_patient_is_called_first_then_his_people_in_order() -> None:
    own, luc, eva = person(3, own=True), person(1, "Luc"), person(2, "Eva")
    numbers = callees("0639980112", False, [eva, luc, own])
    assert [one.key for one in numbers] == [None, own.id, luc.id, eva.id]
    tried: list[Attempt] = []
    for number in numbers:
        assert next_step(numbers, tried, NOW) == CallNext(number)
        tried.append(attempt(number, "no_answer"))
    assert next_step(numbers, tried, NOW) == Exhausted()


def test_without_any_number_somebody_has_to_go_there() -> None:
    assert next_step(callees(None, False, []), [], NOW) == NoNumber()


def test_a_wrong_number_is_passed_over_and_leaves_nobody() -> None:
    numbers = callees("0639980112", True, [person(1, wrong=True), person(2)])
    assert next_step(numbers, [], NOW) == CallNext(numbers[2])
    assert next_step(numbers[:2], [], NOW) == Exhausted()


def test_whoever_was_promised_a_call_goes_first_once_it_is_time() -> None:
    numbers = callees("0639980112", False, [person(1), person(2)])
    later = attempt(numbers[0], "call_later", again=10)
    assert next_step(numbers, [later], NOW) == CallNext(numbers[1])
    others = [attempt(one, "message_left") for one in numbers[1:]]
    assert later.next_at is not None
    assert next_step(numbers, [later, *others], NOW) == WaitUntil(numbers[0], later.next_at)
    due = replace(later, next_at=NOW)
    assert next_step(numbers, [due, *others], NOW) == CallNext(numbers[0], NOW)
    again = attempt(numbers[0], "no_answer", minutes_ago=0)
    assert next_step(numbers, [due, *others, again], NOW) == Exhausted()


def test_once_somebody_answers_nobody_else_is_proposed() -> None:
    numbers = callees("0639980112", False, [person(1)])
    reached = attempt(numbers[0], "reached")
    assert next_step(numbers, [reached], NOW) == SomebodyAnswered(reached, of_patient=True)


def test_a_relative_who_answers_may_not_help_and_the_next_one_stands_beside() -> None:
    numbers = callees("0639980112", False, [person(1), person(2)])
    own, luc = attempt(numbers[0], "no_answer", 9), attempt(numbers[1], "reached", 5)
    answered = SomebodyAnswered(luc, of_patient=False, then=numbers[2])
    assert next_step(numbers, [own, luc], NOW) == answered
    eva = attempt(numbers[2], "no_answer", 3)
    nobody_left = SomebodyAnswered(luc, of_patient=False)
    assert next_step(numbers, [own, luc, eva], NOW) == nobody_left
    himself = attempt(numbers[0], "reached", 1)
    assert next_step(numbers, [luc, himself], NOW) == SomebodyAnswered(himself, of_patient=True)


def check(outcome: str | None, minutes_ago: int = 5, alert: int = 0) -> DoubtCheck:
    return DoubtCheck(
        id=uuid4(),
        patient_id=PATIENT,
        alert_id=UUID(int=alert) if alert else None,
        who="Luc",
        expected_at=None,
        sent_at=NOW - timedelta(hours=20),
        sent_by_name="Inès Moreau",
        outcome=outcome,
        note="",
        ended_at=NOW - timedelta(minutes=minutes_ago) if outcome else None,
        ended_by_name="Inès Moreau" if outcome else None,
    )


@pytest.mark.parametrize("outcome", ["well", "unwell", "called_15"])
def test_once_the_patient_was_found_nobody_is_sent_there(outcome: str) -> None:
    numbers = callees(None, False, [person(1)])
    tried, found = [attempt(numbers[0], "no_answer")], check(outcome)
    assert next_step(numbers, tried, NOW, found) == FoundAtHome(found)
    assert next_step([], [], NOW, found) == FoundAtHome(found)


def test_who_found_nobody_at_home_leaves_the_search_as_it_was() -> None:
    numbers = callees(None, False, [person(1)])
    tried = [attempt(numbers[0], "no_answer")]
    assert next_step(numbers, tried, NOW, check("nobody")) == Exhausted()


def test_what_was_found_belongs_to_its_search() -> None:
    old, new = check("well", 13 * 60), check("nobody", 10)
    running, called_off = check(None), check("cancelled", 1)
    checks = [called_off, running, new, old]
    assert check_of_search(checks, None, None, NOW) is new
    assert check_of_search(checks, UUID(int=7), NOW - timedelta(minutes=4), NOW) is None
    assert check_of_search([old], UUID(int=7), NOW - timedelta(hours=14), NOW) is old


def test_a_promise_made_apart_from_any_alert_is_not_forgotten() -> None:
    numbers = callees("0639980112", False, [person(1)])
    promised = attempt(numbers[1], "call_later", 14 * 60, again=-60)
    assert of_search([promised], None, None, NOW) == [promised]
    assert of_search([promised], UUID(int=7), NOW - timedelta(minutes=5), NOW) == [promised]
    kept = attempt(numbers[1], "no_answer", 13 * 60)
    assert of_search([kept, promised], None, None, NOW) == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("15:01", NOW + timedelta(minutes=1)),
        ("08:00", NOW + timedelta(hours=17)),
        ("14:59", "passed"),
        ("15:00", "passed"),
        ("", "no_time"),
        ("25:00", "no_time"),
        ("bientôt", "no_time"),
    ],
)
def test_a_time_that_has_just_passed_is_not_taken_for_tomorrow(
    typed: str, read: datetime | str
) -> None:
    """It is 15:00 in Paris."""
    assert moment_ahead(typed, NOW, ZoneInfo("Europe/Paris")) == read


def test_a_search_is_of_an_alert_or_of_twelve_hours() -> None:
    (own,) = callees("0639980112", False, [])
    old, new = attempt(own, "no_answer", 13 * 60, alert=7), attempt(own, "no_answer", 60)
    assert of_search([old, new], None, None, NOW) == [new]
    assert of_search([old, new], UUID(int=7), NOW - timedelta(hours=2), NOW) == [old, new]
    assert of_search([old, new], UUID(int=8), NOW - timedelta(minutes=5), NOW) == []


def test_the_samu_of_his_departement_is_dialled_or_the_lack_is_said() -> None:
    numbers = {"75": "0144492323"}
    assert whom_to_dial("75", numbers) == Dial("75", "0144492323")
    assert whom_to_dial("77", numbers) == NoSamuNumber("77")
    assert whom_to_dial("", numbers) == NoDepartment()


def test_silence_after_the_time_to_be_there_is_late() -> None:
    check = DoubtCheck(
        id=PATIENT,
        patient_id=PATIENT,
        alert_id=None,
        who="Luc",
        expected_at=NOW,
        sent_at=NOW - timedelta(hours=1),
        sent_by_name="Inès Moreau",
        outcome=None,
        note="",
        ended_at=None,
        ended_by_name=None,
    )
    assert not check.is_late(NOW)
    assert check.is_late(NOW + timedelta(minutes=1))
    assert not replace(check, outcome="well").is_late(NOW + timedelta(minutes=1))
    assert not replace(check, expected_at=None).is_late(NOW + timedelta(days=1))


def test_nobody_passes_the_numbers_of_the_patient() -> None:
    own, luc, eva = person(1, own=True), person(2, "Luc"), person(3, "Eva")
    assert [one.id for one in in_order([eva, luc, own])] == [own.id, luc.id, eva.id]
    assert moved([own, luc, eva], eva.id, "up") == [own.id, eva.id, luc.id]
    assert moved([own, luc, eva], luc.id, "down") == [own.id, eva.id, luc.id]
    assert moved([own, luc, eva], luc.id, "up") is None
    assert moved([own, luc, eva], own.id, "down") is None
    assert moved([own, luc, eva], eva.id, "down") is None
    assert moved([own], UUID(int=9), "up") is None
