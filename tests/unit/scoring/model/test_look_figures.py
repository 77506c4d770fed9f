"""The figures of a look at the model, worked out by hand: what came true, of whom, how often."""

from dataclasses import replace
from datetime import timedelta
from math import sqrt

import numpy as np
import pytest

from core.vitals import Vital
from scoring.model.drift import Follow, Spread, Standing, spread_of
from scoring.model.features import HOUR_MS
from scoring.model.watching import (
    EVERY,
    SPAN,
    Seen,
    Verdict,
    examine,
    judge,
    standing_of_follow,
)
from scoring.windows import Questions
from tests.unit.scoring.model.test_watching import REFERENCE, all_well, one_line_each
from tests.wards import WELL

PEOPLE = 240
ILL = {Vital.RESPIRATORY_RATE: 26.0, Vital.SPO2: 90.0, Vital.PULSE: 135.0}
"""Three points of NEWS2 each (RCP 2017, chart 1)."""


def getting_worse(many: int, risk: float, hours: range = range(13)) -> Seen:
    """Return people all well at the question, the first so many of whom are ill an hour later."""
    seen = all_well(PEOPLE, hours)
    samples = dict(seen.given.samples)
    for vital, value in ILL.items():
        some = samples[vital]
        later = (some.person < many) & (some.at > 0)
        samples[vital] = replace(some, value=np.where(later, value, some.value))
    return replace(seen, given=replace(seen.given, samples=samples), risk=np.full(PEOPLE, risk))


def later_by(seen: Seen, hours: int) -> Seen:
    """Return the same with all clocks shifted."""
    moved = hours * HOUR_MS
    given = seen.given
    samples = {vital: replace(some, at=some.at + moved) for vital, some in given.samples.items()}
    asked = replace(given.asked, at=given.asked.at + moved)
    return replace(seen, given=replace(given, samples=samples, asked=asked))


def test_a_look_is_of_four_weeks_four_times_a_day() -> None:
    assert timedelta(weeks=4) == SPAN
    assert timedelta(days=1) / 4 == EVERY


def test_the_words_of_a_verdict_are_those_that_are_kept() -> None:
    assert [str(one) for one in Verdict] == ["in_range", "out_of_range", "too_few"]


def test_how_many_came_true_for_each_foreseen_and_its_interval() -> None:
    """48 of 240 came true where 60 were foreseen: 0.8, give or take 1.96 · √240 · 0.4 / 60."""
    found = examine(REFERENCE, getting_worse(48, 0.25)).whole
    assert (found.band, found.questions, found.came_true) == ("", 240, 48)
    assert (found.foreseen, found.ratio) == (pytest.approx(60), pytest.approx(0.8))
    assert found.low == pytest.approx(0.8 - 1.96 * sqrt(240) * 0.4 / 60)
    assert found.high == pytest.approx(0.8 + 1.96 * sqrt(240) * 0.4 / 60)


def test_no_fewer_than_none_can_come_true() -> None:
    found = examine(REFERENCE, getting_worse(2, 0.25)).whole
    assert (found.ratio, found.low) == (pytest.approx(2 / 60), 0.0)


def test_a_part_of_one_foreseen_has_its_ratio_and_none_foreseen_has_none() -> None:
    assert examine(REFERENCE, getting_worse(12, 0.002)).whole.ratio == pytest.approx(25)
    found = examine(REFERENCE, getting_worse(12, 0.0)).whole
    assert (found.ratio, found.low, found.high) == (None, None, None)


def test_each_band_is_followed_by_itself() -> None:
    seen = getting_worse(48, 0.25)
    seen = replace(seen, band=("high",) * 60 + ("raised",) * 80 + ("low",) * 100)
    low, raised, high = examine(REFERENCE, seen).bands
    assert [(one.band, one.questions) for one in (low, raised, high)] == [
        ("low", 100), ("raised", 80), ("high", 60),
    ]  # fmt: skip
    assert (low.came_true, raised.came_true, high.came_true) == (0, 0, 48)


@pytest.mark.parametrize(("spo2", "comparable"), [(92.0, PEOPLE), (91.0, 0)])
def test_who_has_a_news2_of_four_is_compared_and_of_five_is_not(
    spo2: float, comparable: int
) -> None:
    """21 breaths are 2 points; 92 % are 2 and 91 % are 3 (RCP 2017, chart 1)."""
    values = {**WELL, Vital.RESPIRATORY_RATE: 21.0, Vital.SPO2: spo2}
    whole = {vital: np.full(PEOPLE, value) for vital, value in values.items()}
    found = examine(REFERENCE, one_line_each(PEOPLE, whole, range(13)))
    assert found.comparable == comparable


@pytest.mark.parametrize("hours", [-1000, 0, 1000])
@pytest.mark.parametrize(("last", "questions"), [(11, 0), (12, PEOPLE)])
def test_twelve_hours_are_left_or_not_whatever_the_clock_says(
    hours: int, last: int, questions: int
) -> None:
    seen = later_by(all_well(PEOPLE, range(last + 1)), hours)
    assert examine(REFERENCE, seen).whole.questions == questions


def test_what_is_measured_of_people_nobody_asked_about_is_left_out() -> None:
    seen = getting_worse(48, 0.25)
    given, few = seen.given, slice(0, 200)
    fewer = replace(
        given,
        asked=Questions(person=given.asked.person[few], at=given.asked.at[few]),
        age=given.age[few],
        male=given.male[few],
        oxygen=given.oxygen[few],
    )
    found = examine(REFERENCE, Seen(given=fewer, risk=seen.risk[few], band=seen.band[few]))
    assert (found.lines, found.patients, found.whole.questions) == (200, 200, 200)
    assert found.whole.came_true == 48


def nobody() -> Seen:
    seen = all_well(0)
    return replace(seen, risk=np.zeros(0))


def test_a_look_at_no_lines_finds_nothing_and_takes_nothing_back() -> None:
    found = examine(REFERENCE, nobody())
    assert (found.lines, found.patients, found.comparable, found.spacing) == (0, 0, 0, None)
    assert [one.missing_here for one in found.inputs] == [0.0]
    assert judge(found).verdict is Verdict.TOO_FEW


@pytest.mark.parametrize(("spacing", "known"), [(1, True), (2, True), (3, False), (6, False)])
def test_where_less_is_measured_than_every_two_hours_too_few_events_mean_nothing(
    spacing: int, known: bool
) -> None:
    found = examine(REFERENCE, getting_worse(0, 0.5, range(0, 13, spacing)))
    assert found.spacing == spacing
    assert (found.whole.standing is not Standing.UNKNOWN) is known


def test_of_people_measured_once_nothing_is_known_of_what_did_not_come() -> None:
    seen = all_well(PEOPLE, range(12, 13))
    asked = replace(seen.given.asked, at=seen.given.asked.at + 12 * HOUR_MS)
    found = examine(REFERENCE, replace(seen, given=replace(seen.given, asked=asked)))
    assert found.spacing is None
    assert found.whole.standing is Standing.UNKNOWN


def test_as_many_as_were_foreseen_are_not_too_few() -> None:
    kept = Follow(questions=9, foreseen=2.0, came_true=2, chance=1.0, standing=Standing.KEPT)
    assert standing_of_follow(kept, seldom=True) is Standing.KEPT


def test_the_input_furthest_from_the_card_comes_first_and_the_risk_itself_has_no_shift() -> None:
    spreads: dict[str, Spread] = {
        **REFERENCE,
        "age": spread_of(np.full(1000, 70.0)),
        "pulse": spread_of(np.linspace(60, 120, 1000)),
    }
    seen = all_well(PEOPLE)
    at = np.arange(PEOPLE, dtype=np.int64) * 60_000
    given = replace(seen.given, asked=replace(seen.given.asked, at=at))
    risk = np.sort(seen.risk)
    found = examine(spreads, replace(seen, given=given, risk=risk))
    indices = [one.index for one in found.inputs if one.index is not None]
    assert len(indices) == 3
    assert indices == sorted(indices, reverse=True)
    assert found.inputs[0].name == "pulse"
    assert found.moved is not None
    assert all(one.moved is None for one in found.inputs)
