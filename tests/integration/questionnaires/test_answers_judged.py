"""An answer that is corrected: what was said is judged all the same, and judged once."""

from typing import Any
from uuid import UUID

import pytest

from alerts import service as alerts
from alerts.rows import ReadingRow
from alerts.store import reviewing
from core import clock
from core.access import Permission
from questionnaires import answers_service as answers
from questionnaires.answered import Source
from questionnaires.answers_service import Stored
from tests.integration.alerts.home import Home, opened, seen_by_nurse
from tests.integration.questionnaires.asking import CALM, may_write, send
from tests.integration.questionnaires.test_answers import home

__all__ = ["home"]


def test_a_correction_is_judged_and_what_was_said_stays_raised(home: Home) -> None:
    first = send(home, {**CALM, "spo2": "96"})
    alerts.review(clock.now())
    assert seen_by_nurse(home) == ()
    answers.correct(
        may_write(home, home.care.nurse),
        first.id,
        {**CALM, "spo2": "90"},
        key="c",
        reason="x",
        source=Source.STAFF_PHONE,
    )
    alerts.review(clock.now())
    assert [line.item for line in seen_by_nurse(home)] == ["spo2"]


def test_a_red_answer_taken_back_before_any_review_is_still_seen(home: Home) -> None:
    first = send(home, {**CALM, "dyspnoea": "rest"})
    answers.correct(may_write(home), first.id, CALM, key="c", reason="x", source=Source.PATIENT)
    alerts.review(clock.now())
    assert [line.item for line in seen_by_nurse(home)] == ["dyspnoea"]
    state = alerts.patient_summary(
        opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    )
    assert state is not None
    assert {item.code for item in state.items if item.item == "dyspnoea"} == {"none"}


def corrected(home: Home, answer: UUID, spo2: str, key: str) -> UUID:
    done = answers.correct(
        may_write(home),
        answer,
        {**CALM, "spo2": spo2} if spo2 else CALM,
        key=key,
        reason="x",
        source=Source.PATIENT,
    )
    assert isinstance(done, Stored)
    return done.id


def level_of_spo2(home: Home) -> list[tuple[str, str]]:
    alerts.review(clock.now())
    return [(line.item, line.level.code) for line in seen_by_nurse(home)]


@pytest.mark.parametrize("after", [["97"], [""], ["96", "97"], ["97", ""]])
def test_a_grave_number_amended_before_any_review_is_still_seen(
    home: Home, after: list[str]
) -> None:
    answer = send(home, {**CALM, "spo2": "80"}).id
    for step, spo2 in enumerate(after):
        answer = corrected(home, answer, spo2, f"c{step}")
    assert level_of_spo2(home) == [("spo2", "red")]
    state = alerts.patient_summary(
        opened(home.care.nurse, home.care.patient, Permission.ALERTS_READ)
    )
    assert state is not None
    assert {item.level.code for item in state.items if item.item == "spo2"} <= {"green", "unknown"}


def test_a_grave_number_between_two_calm_ones_is_still_seen(home: Home) -> None:
    first = send(home, {**CALM, "spo2": "97"}).id
    assert level_of_spo2(home) == []
    corrected(home, corrected(home, first, "80", "a"), "96", "b")
    assert level_of_spo2(home) == [("spo2", "red")]


def test_a_number_that_was_judged_is_not_judged_again_when_it_is_amended(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    load = reviewing.load_replaced_readings

    def counted(*given: Any) -> list[ReadingRow]:
        found = load(*given)
        seen.append(len(found))
        return found

    monkeypatch.setattr(reviewing, "load_replaced_readings", counted)
    first = send(home, {**CALM, "spo2": "80", "pulse": "150"}).id
    alerts.review(clock.now())
    corrected(home, first, "97", "a")
    alerts.review(clock.now())
    assert seen == [0, 0]


def test_the_test_sees_a_replaced_number_that_is_left_out(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what was replaced kept from the review nobody is called: what is looked at above."""
    monkeypatch.setattr(reviewing, "load_replaced_readings", lambda *_: [])
    corrected(home, send(home, {**CALM, "spo2": "80"}).id, "97", "a")
    assert level_of_spo2(home) == []
