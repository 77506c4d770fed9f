"""Rules over several values: in whatever order they come, no red waits, nothing is lost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from alerts.cause import cause_of
from alerts.edge.library import load_profile
from alerts.evidence import Breaches
from alerts.prescribed import content_of, profile_of
from alerts.prescription import (
    ChangeRule,
    Content,
    Limits,
    Sustain,
    TogetherRule,
)
from alerts.profile import Profile, Signed
from alerts.rules import Context, Judgement, judge
from core.vitals import Quality, Vital
from scoring.item import Bound
from scoring.level import Level
from scoring.observation import GOOD, Answer, Reading

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHIPPED = load_profile("covid-home", 1)
CONTENT = content_of(SHIPPED, ("home-two-rungs", 1))
SIGNED = Signed(prescription=UUID(int=3), version=4)
MS = timedelta(milliseconds=1)


def spo2(**changes: Any) -> Content:
    first = msgspec.structs.replace(CONTENT.parameters[0], from_usual=(), **changes)
    return msgspec.structs.replace(CONTENT, parameters=(first, *CONTENT.parameters[1:]))


def watch(content: Content) -> Profile:
    return profile_of(content, SHIPPED, SIGNED)


def at(
    value: float, before: timedelta, vital: Vital = Vital.SPO2, quality: Quality = GOOD
) -> Reading:
    when = NOW - before
    number = int(before / MS) * 10 + vital
    return Reading(reading_id=number, vital=vital, value=value, measured_at=when, quality=quality)


def run(
    new: Sequence[Reading],
    profile: Profile,
    known: Sequence[Reading] = (),
    answers: Sequence[Answer] = (),
) -> Judgement:
    return judge(
        new,
        answers,
        context=Context(readings_before=tuple(known)),
        profile=profile,
        open_alerts=[],
        now=NOW,
    )


def raised(judgement: Judgement, item: str = "spo2") -> Breaches | None:
    return next((one.breaches for one in judgement.raises if one.item == item), None)


LASTS = watch(spo2(sustain=Sustain(minutes=30)))
OFTEN = watch(spo2(sustain=Sustain(breaches=2, readings=3)))
FALLS = watch(
    spo2(changes=(ChangeRule(way="fall", by=3, within_hours=24, level="orange"),), limits=Limits())
)
ALL = watch(
    msgspec.structs.replace(
        spo2(
            sustain=Sustain(breaches=2, readings=3),
            changes=(ChangeRule(way="fall", by=4, within_hours=1, level="red"),),
        ),
        combinations=(TogetherRule(code="spo2_and_pulse", within_hours=1, level="red"),),
    )
)


@pytest.mark.parametrize(
    ("apart", "called"),
    [
        (timedelta(minutes=30), True),
        (timedelta(minutes=30) - MS, False),
        (timedelta(minutes=30) + MS, True),
    ],
)
def test_an_orange_breach_calls_once_it_has_lasted_to_the_millisecond(
    apart: timedelta, called: bool
) -> None:
    breaches = raised(run([at(94, apart), at(94, timedelta(0))], LASTS))
    assert (breaches is not None) == called
    if breaches is not None:
        assert breaches.first.measured_at == NOW
        assert (breaches.first.prescription, breaches.first.prescription_version) == (
            UUID(int=3),
            4,
        )


def test_a_value_within_limits_breaks_the_row_and_a_doubtful_one_does_not() -> None:
    ago = timedelta(minutes=20)
    ends = [at(94, timedelta(minutes=40)), at(94, timedelta(0))]
    assert raised(run([*ends, at(97, ago)], LASTS)) is None
    assert raised(run([*ends, at(97, ago, quality=Quality.QUESTIONABLE)], LASTS))
    assert raised(run([*ends, at(50, ago, quality=Quality.INVALID)], LASTS))


@pytest.mark.parametrize("profile", [LASTS, OFTEN, ALL], ids=["lasts", "often", "all"])
def test_a_red_limit_waits_for_nothing(profile: Profile) -> None:
    breaches = raised(run([at(92, timedelta(0))], profile))
    assert breaches is not None
    assert breaches.worst.level is Level.RED
    doubted = raised(run([at(92, timedelta(0), quality=Quality.QUESTIONABLE)], profile))
    assert doubted is not None
    assert (doubted.worst.level, doubted.worst.to_verify) == (Level.ORANGE, True)


def test_a_time_nobody_can_trust_cannot_be_waited_for() -> None:
    assert raised(run([at(94, -timedelta(minutes=6))], LASTS))
    assert raised(run([at(94, timedelta(0), quality=Quality.TIME_FAULT)], OFTEN))


def test_so_many_of_the_last_readings() -> None:
    hours = [timedelta(hours=n) for n in range(5)]
    assert raised(run([at(94, hours[0]), at(97, hours[1]), at(94, hours[2])], OFTEN))
    apart = [at(94, hours[0]), at(97, hours[1]), at(97, hours[2]), at(94, hours[3])]
    assert raised(run(apart, OFTEN)) is None


@pytest.mark.parametrize(
    ("apart", "value", "called"),
    [
        (timedelta(hours=24), 95, True),
        (timedelta(hours=24) + MS, 95, False),
        (timedelta(hours=24), 96, False),
        (timedelta(0), 95, False),
    ],
)
def test_a_fall_within_a_day_to_the_millisecond(
    apart: timedelta, value: float, called: bool
) -> None:
    before = at(98, apart) if apart else at(98, -MS)
    breaches = raised(run([before, at(value, timedelta(0))], FALLS))
    assert (breaches is not None) == called
    if breaches is not None:
        assert breaches.worst.bound is Bound.FALL_WITHIN
        assert (breaches.worst.threshold, breaches.worst.value) == (3, value)
        assert cause_of("spo2", breaches.worst.bound) == "worsening"
    assert cause_of("spo2", Bound.AT_MOST) == "abnormal"


def test_the_rise_is_the_fall_upside_down() -> None:
    rises = watch(
        spo2(changes=(ChangeRule(way="rise", by=3, within_hours=24, level="red"),), limits=Limits())
    )
    up = [at(95, timedelta(hours=2)), at(98, timedelta(0))]
    found = raised(run(up, rises))
    assert found is not None
    assert (found.worst.level, found.worst.bound) == (Level.RED, Bound.RISE_WITHIN)
    assert raised(run(up, FALLS)) is None


TOGETHER = watch(
    msgspec.structs.replace(
        CONTENT,
        combinations=(
            TogetherRule(code="spo2_and_breathing", within_hours=4, level="red"),
            TogetherRule(code="spo2_and_breathlessness", within_hours=4, level="red"),
        ),
    )
)


@pytest.mark.parametrize(
    ("apart", "called"),
    [(timedelta(hours=4), True), (timedelta(hours=4) + MS, False)],
)
@pytest.mark.parametrize("known", [0, 1, 2])
def test_two_items_out_of_their_limits_are_red_whichever_came_first(
    apart: timedelta, called: bool, known: int
) -> None:
    low, fast = at(94, apart), at(22, timedelta(0), Vital.RESPIRATORY_RATE)
    new = [[low, fast], [low], [fast]][known]
    before = [one for one in (low, fast) if one not in new]
    judged = run(new, TOGETHER, before)
    found = raised(judged, "spo2_and_breathing")
    assert (found is not None) == called
    if found is not None:
        assert (found.first.level, found.first.measured_at) == (Level.RED, NOW)
        assert (found.first.value, found.first.unit) == (22, "/min")
        assert found.first.said is not None


def test_an_answer_completes_a_combination_and_a_doubt_does_not() -> None:
    answer = Answer(answer_id=UUID(int=5), item="dyspnoea", code="effort", answered_at=NOW)
    judged = run([at(94, timedelta(hours=1))], TOGETHER, answers=[answer])
    found = raised(judged, "spo2_and_breathlessness")
    assert found is not None
    assert (found.first.answer_id, found.first.reading_id) == (UUID(int=5), None)
    doubted = at(94, timedelta(hours=1), quality=Quality.QUESTIONABLE)
    assert raised(run([doubted], TOGETHER, answers=[answer]), "spo2_and_breathlessness") is None


def test_nothing_known_before_calls_again() -> None:
    known = [at(94, timedelta(minutes=minutes)) for minutes in (50, 40, 10)]
    assert raised(run([at(97, timedelta(0))], LASTS, known)) is None
    assert raised(run([at(97, timedelta(0))], OFTEN, known)) is None
    assert raised(run([], TOGETHER, [*known, at(22, MS, Vital.RESPIRATORY_RATE)])) is None
    falls = [at(98, timedelta(hours=3)), at(94, timedelta(hours=2))]
    assert raised(run([at(98, timedelta(0))], FALLS, falls)) is None


def test_what_is_given_again_is_new_once() -> None:
    again = at(94, timedelta(0))
    assert raised(run([again], OFTEN, [again])) is None
    assert raised(run([again], OFTEN, [again, at(94, timedelta(hours=1))]))
