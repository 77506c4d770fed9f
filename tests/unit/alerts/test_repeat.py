"""Measuring again in parallel: no red ever waits, and no orange that waits is ever lost."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from alerts.edge.library import load_profile
from alerts.evidence import Breaches
from alerts.lasting import ItemRules, Sustained
from alerts.repeat import (
    QUESTIONNAIRES,
    Pending,
    Plan,
    RepeatState,
    Situation,
    may_wait,
    plan_repeats,
    together,
    ways_of,
)
from alerts.rules import Context, OpenAlert, Raise, judge
from core.vitals import Quality, Vital
from questionnaires.reminders.reminding import Reach
from scoring.item import Bound, MeasuredItem
from scoring.level import Level
from scoring.observation import GOOD, Reading

NOW = datetime(2026, 11, 27, 10, 2, tzinfo=UTC)
MS = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
PROFILE = load_profile("covid-home", 2)
WITHIN = timedelta(minutes=15)
CAN = Situation(rules=PROFILE.rules, reachable=True)


def spo2(value: float, at: datetime = NOW, quality: Quality = GOOD) -> Reading:
    return Reading(reading_id=7, vital=Vital.SPO2, value=value, measured_at=at, quality=quality)


def plan(
    readings: Iterable[Reading],
    known: Situation = CAN,
    *,
    opened: Level | None = None,
    through: datetime | None = None,
    usual: dict[str, float] | None = None,
    now: datetime = NOW,
) -> Plan:
    given = list(readings)
    judgement = judge(
        given,
        [],
        context=Context(
            usual=usual or {}, judged_through={"spo2": through} if through is not None else {}
        ),
        profile=PROFILE,
        open_alerts=[OpenAlert(alert_id=UUID(int=1), item="spo2", level=opened)] if opened else [],
        now=now,
    )
    return plan_repeats(judgement, given, profile=PROFILE, usual=usual or {}, known=known, now=now)


def rise(readings: list[Reading], **how: Any) -> Raise:
    (found,) = plan(readings, Situation(rules={}), **how).judgement.raises
    return found


def pending(held: Breaches | None, asked_at: datetime = NOW) -> Situation:
    one = Pending(id=UUID(int=2), item="spo2", asked_at=asked_at, held=held)
    return replace(CAN, pending={"spo2": one})


HELD = pending(rise([spo2(94)]).breaches)
BESIDE = pending(None)


def test_the_shipped_profile_asks_again_within_a_quarter_of_an_hour_and_the_first_did_not() -> None:
    assert {item: rules.repeat for item, rules in PROFILE.rules.items()} == dict.fromkeys(
        QUESTIONNAIRES, WITHIN
    )
    first = load_profile("covid-home", 1)
    assert first.rules == {}
    assert PROFILE.items == first.items
    assert {one.code for one in PROFILE.items if isinstance(one, MeasuredItem)} == set(
        QUESTIONNAIRES
    )


def test_a_first_orange_waits() -> None:
    found = plan([spo2(94)])
    assert [one.item for one in found.held] == ["spo2"]
    assert found.judgement.raises == ()
    assert found.beside == ()


@pytest.mark.parametrize("value", [92, 91, 60])
@pytest.mark.parametrize("known", [CAN, HELD, replace(CAN, settled_lately=frozenset({"spo2"}))])
def test_a_red_waits_for_nothing_symptoms_or_not(value: float, known: Situation) -> None:
    found = plan([spo2(value, NOW + MS)], known)
    (risen,) = found.judgement.raises
    assert risen.level is Level.RED
    assert found.held == ()
    assert [item for item, _ in found.beside] == ["spo2"]


@pytest.mark.parametrize(
    ("known", "how"),
    [
        (replace(CAN, reachable=False), "no phone"),
        (replace(CAN, settled_lately=frozenset({"spo2"})), "no first one"),
        (replace(CAN, rules={}), "nothing prescribed"),
        (replace(CAN, rules={"spo2": ItemRules()}), "nothing prescribed for the item"),
        (
            replace(
                CAN, rules={"spo2": ItemRules(repeat=WITHIN, sustained=Sustained(lasting=MINUTE))}
            ),
            "it has lasted already",
        ),
        (HELD, "one is pending"),
        (BESIDE, "one is pending beside an alert"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_an_orange_calls_at_once_where_it_may_not_wait(known: Situation, how: str) -> None:
    found = plan([spo2(94, NOW + MS)], known)
    assert [one.level for one in found.judgement.raises] == [Level.ORANGE], how
    assert found.held == ()


@pytest.mark.parametrize(
    ("readings", "how"),
    [
        ([spo2(94, NOW, Quality.QUESTIONABLE)], {}),
        ([spo2(91, NOW, Quality.QUESTIONABLE)], {}),
        ([spo2(94, NOW - MINUTE)], {"through": NOW}),
        ([spo2(94, NOW + timedelta(minutes=6))], {}),
        ([spo2(94, NOW - WITHIN - MS)], {}),
        ([spo2(94, NOW - MS), spo2(94, NOW)], {}),
        ([spo2(95, NOW)], {"usual": {"spo2": 98}}),
    ],
    ids=["to verify", "red to verify", "late", "ahead", "old", "twice", "from the usual value"],
)
def test_what_is_not_one_plain_value_just_measured_does_not_wait(
    readings: list[Reading], how: dict[str, Any]
) -> None:
    found = plan(readings, **how)
    assert [one.level for one in found.judgement.raises] == [Level.ORANGE]
    assert found.held == ()


@pytest.mark.parametrize("bound", set(Bound) - {Bound.AT_MOST, Bound.BELOW, Bound.AT_LEAST})
def test_a_distance_or_a_change_does_not_wait(bound: Bound) -> None:
    risen = rise([spo2(94)])
    seen = replace(risen.breaches.worst, bound=bound)
    assert may_wait(risen, CAN, NOW)
    assert not may_wait(replace(risen, breaches=replace(risen.breaches, worst=seen)), CAN, NOW)
    assert not may_wait(
        replace(risen, breaches=replace(risen.breaches, worst=replace(seen, bound=None))), CAN, NOW
    )


def test_a_further_breach_calls_with_the_evidence_of_both() -> None:
    found = plan([spo2(93, NOW + MINUTE)], HELD, now=NOW + MINUTE)
    (risen,) = found.judgement.raises
    assert found.ended == {"spo2": RepeatState.CONFIRMED}
    seen = risen.breaches
    assert (seen.first.value, seen.worst.value, seen.last.value, seen.count) == (94, 94, 93, 2)


def test_two_readings_one_millisecond_apart_call_once_in_one_batch_or_in_two() -> None:
    pair = [spo2(94, NOW), spo2(93, NOW + MS)]
    for order in (pair, pair[::-1]):
        together_at_once = plan(order)
        (risen,) = together_at_once.judgement.raises
        first, second = order
        waited = plan([first]).held
        assert len(waited) == 1
        later = plan([second], pending(waited[0].breaches), through=first.measured_at, now=NOW + MS)
        (again,) = later.judgement.raises
        assert (risen.level, again.level) == (Level.ORANGE, Level.ORANGE)
        assert risen.breaches.count == again.breaches.count == 2


def test_the_worse_of_two_is_the_worst_and_a_red_one_calls_as_red() -> None:
    orange, red = rise([spo2(94)]).breaches, rise([spo2(90, NOW + MS)]).breaches
    assert together(orange, red).worst.value == 90
    assert together(red, orange).worst.value == 90
    (risen,) = plan([spo2(90, NOW + MS)], HELD).judgement.raises
    assert (risen.level, risen.breaches.first.value) == (Level.RED, 94)


def test_a_value_within_the_limits_measured_after_it_was_asked_for_ends_it() -> None:
    found = plan([spo2(96, NOW + MS)], HELD, now=NOW + MINUTE)
    assert found.ended == {"spo2": RepeatState.WITHIN}
    assert found.judgement.raises == ()
    assert plan([spo2(96, NOW)], HELD, now=NOW + MINUTE).ended == {}


@pytest.mark.parametrize(
    "reading",
    [
        spo2(96, NOW + MS, Quality.QUESTIONABLE),
        spo2(96, NOW + MS, Quality.INVALID),
        spo2(96, NOW + MS, Quality.TIME_FAULT),
        spo2(96, NOW + timedelta(hours=1)),
        Reading(reading_id=8, vital=Vital.PULSE, value=80, measured_at=NOW + MS),
    ],
    ids=["questionable", "invalid", "its time", "ahead", "another vital"],
)
def test_a_doubtful_value_reassures_nobody(reading: Reading) -> None:
    assert plan([reading], HELD, now=NOW + MINUTE).ended == {}


def test_a_repeat_beside_an_alert_is_told_and_changes_nothing_of_it() -> None:
    fine = plan([spo2(97, NOW + MS)], BESIDE, opened=Level.RED)
    assert fine.ended == {"spo2": RepeatState.WITHIN}
    assert fine.judgement.raises == fine.judgement.worsenings == fine.judgement.sightings == ()
    again = plan([spo2(94, NOW + MS)], BESIDE, opened=Level.RED)
    assert again.ended == {"spo2": RepeatState.CONFIRMED}
    assert len(again.judgement.sightings) == 1
    before = plan([spo2(94, NOW - MS)], BESIDE, opened=Level.RED)
    assert before.ended == {}


def test_an_orange_that_turns_red_is_measured_again_beside_its_alert() -> None:
    found = plan([spo2(90)], opened=Level.ORANGE)
    assert len(found.judgement.worsenings) == 1
    assert [item for item, _ in found.beside] == ["spo2"]
    assert plan([spo2(90)], replace(CAN, reachable=False), opened=Level.ORANGE).beside == ()
    assert plan([spo2(90, NOW - MINUTE)], opened=Level.ORANGE, through=NOW).beside == ()
    assert plan([spo2(90, NOW - MS)], BESIDE, opened=Level.ORANGE).beside == ()


def test_he_is_asked_by_notification_else_by_text_message_never_by_mail() -> None:
    browser = UUID(int=9)
    assert ways_of(Reach(browsers=(browser,), mobile="+33698765432")) == (("push", str(browser)),)
    assert ways_of(Reach(mobile="+33698765432", mail="a@b.example")) == (("sms", "+33698765432"),)
    assert ways_of(Reach(mail="a@b.example")) == ()
    assert ways_of(Reach(mobile="+33698765432", fallback="none")) == ()
