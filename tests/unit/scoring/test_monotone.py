"""What is worse never scores better, what the clock says never matters, every cell is looked at."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cat import Cat, score_cat
from scoring.desaturation import desaturation
from scoring.mmrc import Mmrc, score_mmrc
from scoring.mortality_4c import Mortality4c, Mortality4cInput, score_mortality_4c
from scoring.news2 import Consciousness
from scoring.news2_many import PARTS
from scoring.rox import Rox, RoxInput, score_rox
from scoring.trends import HOUR_MS, hours_outside
from scoring.weight import Rule, Weighed, WeightFound, WeightInput, score_weight
from tests.unit.scoring.test_home_state import ANSWERS, NOW, READINGS, decide
from tests.unit.scoring.test_news2 import WELL, scored
from tests.unit.scoring.test_stretches import ASKED, MINUTE, STRETCHES, opened
from tests.unit.scoring.test_trends import DENSE, ROWS, SPAN, Row, arrays, questions


def test_the_parts_are_in_the_order_of_the_chart() -> None:
    assert tuple(scored(WELL).parts) == PARTS


@pytest.mark.parametrize("level", list(Consciousness))
@pytest.mark.parametrize("oxygen", [False, True])
def test_the_two_rows_of_the_chart_without_numbers(level: Consciousness, oxygen: bool) -> None:
    parts = scored(replace(WELL, consciousness=level, supplemental_oxygen=oxygen)).parts
    assert parts["consciousness"] == (0 if level == "A" else 3)
    assert parts["supplemental_oxygen"] == (2 if oxygen else 0)


WORSE_4C = {
    "age": 7.0, "male": True, "comorbidities": 1, "respiratory_rate": 5.0, "spo2": -5.0,
    "glasgow": -1, "urea": 4.0, "crp": 30.0,
}  # fmt: skip
INPUTS_4C = st.builds(
    Mortality4cInput,
    age=st.floats(18, 120),
    male=st.booleans(),
    comorbidities=st.integers(0, 20),
    respiratory_rate=st.floats(1, 80),
    spo2=st.floats(40, 100),
    glasgow=st.integers(4, 15),
    urea=st.floats(0, 190),
    crp=st.floats(0, 900),
)


@given(INPUTS_4C, st.sampled_from(sorted(WORSE_4C)))
def test_a_worse_value_never_lowers_4c(one: Mortality4cInput, name: str) -> None:
    by: Any = WORSE_4C[name]
    worse: Any = True if name == "male" else getattr(one, name) + by
    before, after = score_mortality_4c(one), score_mortality_4c(replace(one, **{name: worse}))
    assert isinstance(before, Mortality4c)
    assert isinstance(after, Mortality4c)
    assert after.parts[name] >= before.parts[name]
    assert 0 <= before.total <= after.total <= 21
    assert after.deaths_percent >= before.deaths_percent


@given(st.lists(st.integers(0, 5), min_size=8, max_size=8), st.integers(0, 7))
def test_a_worse_item_never_lowers_cat(items: list[int], place: int) -> None:
    worse = [*items[:place], min(items[place] + 1, 5), *items[place + 1 :]]
    before, after = score_cat(items), score_cat(worse)
    assert isinstance(before, Cat)
    assert isinstance(after, Cat)
    assert after.total >= before.total


def test_more_breathless_is_never_fewer_symptoms() -> None:
    found = [score_mmrc(grade) for grade in range(5)]
    assert [one.more_symptoms for one in found if isinstance(one, Mmrc)] == [
        False, False, True, True, True,
    ]  # fmt: skip


@given(st.floats(50, 100), st.floats(0.21, 0.9), st.floats(5, 60))
def test_rox_falls_with_more_oxygen_and_faster_breath(
    spo2: float, fio2: float, rate: float
) -> None:
    one = RoxInput(spo2=spo2, fio2=fio2, respiratory_rate=rate)
    worse = [replace(one, fio2=fio2 + 0.1), replace(one, respiratory_rate=rate + 5)]
    indices = [found.index for found in map(score_rox, [one, *worse]) if isinstance(found, Rox)]
    assert len(indices) == 3
    assert indices[0] >= max(indices[1:])


NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@given(st.lists(st.floats(60, 100), min_size=1, max_size=9), st.floats(0, 5), st.booleans())
def test_a_heavier_weight_never_silences_a_rule(
    weights: list[float], more: float, symptom: bool
) -> None:
    days = [
        Weighed(at=NOON - timedelta(days=len(weights) - 1 - day), kg=kg)
        for day, kg in enumerate(weights)
    ]
    heavier = [*days[:-1], replace(days[-1], kg=days[-1].kg + more)]
    rules: list[set[Rule]] = []
    for given_ in (days, heavier):
        found = score_weight(WeightInput(weights=tuple(given_), symptom=symptom))
        assert isinstance(found, WeightFound)
        assert set(found.worth) == set(found.rules)
        rules.append(set(found.rules))
    assert rules[0] <= rules[1]


@given(STRETCHES, ASKED)
def test_a_higher_limit_never_has_less_time_below(
    stretches: list[Any], asked: list[tuple[int, int]]
) -> None:
    sampled = opened(stretches)
    low, high = (desaturation(sampled, questions(asked), MINUTE, below=at) for at in (88, 92))
    known = ~np.isnan(low.known_h)
    assert (low.below_h[known] <= high.below_h[known]).all()
    assert (high.below_h[known] <= high.known_h[known]).all()


def plain_outside(rows: list[Row], person: int, now: int) -> float:
    """Hours below 60 or above 90 in the day before, a value holding 4 hours at most."""
    mine = sorted((at, value) for who, at, value in rows if who == person)
    mine = [(at, value) for at, value in mine if now - 24 * HOUR_MS < at <= now]
    ends = [*[at for at, _ in mine], now][1:]
    lasted = [
        min(end - at, 4 * HOUR_MS)
        for (at, value), end in zip(mine, ends, strict=True)
        if value < 60 or value > 90
    ]
    return sum(lasted) / HOUR_MS if mine else float("nan")


@given(ROWS, st.lists(st.tuples(st.integers(0, 5), st.integers(0, 120 * HOUR_MS)), max_size=8),
       st.integers(-(10**11), 10**11))  # fmt: skip
def test_hours_outside_are_what_a_loop_says_and_the_clock_does_not_matter(
    rows: list[Row], asked: list[tuple[int, int]], shift: int
) -> None:
    holds = timedelta(hours=4)
    asked = [*asked, (0, 60 * HOUR_MS)]
    found = hours_outside(arrays(rows), questions(asked), SPAN, low=60, high=90, holds=holds)
    moved = [(person, at + shift, value) for person, at, value in rows]
    later = questions([(person, at + shift) for person, at in asked])
    np.testing.assert_array_equal(
        found, hours_outside(arrays(moved), later, SPAN, low=60, high=90, holds=holds)
    )
    for place, (person, at) in enumerate(asked):
        assert found[place] == pytest.approx(plain_outside(rows, person, at), nan_ok=True)


def test_hours_outside_where_there_is_much_to_say() -> None:
    asked = [(person, hour * HOUR_MS) for hour in range(1, 40, 2) for person in (2, 0, 1)]
    holds = timedelta(hours=4)
    found = hours_outside(arrays(DENSE), questions(asked), SPAN, low=60, high=90, holds=holds)
    said = [plain_outside(DENSE, person, at) for person, at in asked]
    np.testing.assert_allclose(found, said)
    one = hours_outside(
        arrays([(0, 0, 90.0), (0, HOUR_MS, 60.0), (0, 2 * HOUR_MS, 59.9), (0, 3 * HOUR_MS, 90.1)]),
        questions([(0, 4 * HOUR_MS)]),
        SPAN,
        low=60,
        high=90,
        holds=holds,
    )
    assert one[0] == 2


@given(READINGS, ANSWERS, st.timedeltas(timedelta(days=-900), timedelta(days=900)))
def test_the_home_state_does_not_depend_on_the_clock(
    readings: list[Any], answers: list[Any], shift: timedelta
) -> None:
    moved = [replace(one, measured_at=one.measured_at + shift) for one in readings]
    said = [replace(one, answered_at=one.answered_at + shift) for one in answers]
    before, after = decide(readings, answers), decide(moved, said, NOW + shift)
    assert before.level is after.level
    assert [one.item for one in before.findings] == [one.item for one in after.findings]
    assert [(one.item, one.why) for one in before.missing] == [
        (one.item, one.why) for one in after.missing
    ]
