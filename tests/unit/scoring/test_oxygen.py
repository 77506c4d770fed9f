"""Oxygen said in three ways, and NEWS2 at home: nothing guessed, nothing added up."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.news2 import (
    REQUIRED,
    Consciousness,
    News2,
    News2Input,
    known_parts,
    score_news2,
)
from scoring.news2_home import News2Home, Status, score_news2_home
from scoring.oxygen import fraction_outside, on_oxygen, on_oxygen_many
from scoring.refusal import Incomplete, Refused

SAID = st.none() | st.booleans()
FLOW = st.none() | st.sampled_from([0.0, 0.1, 2.0, 80.0]) | st.floats(-1, 90)
FIO2 = st.none() | st.sampled_from([0.21, 0.2, 0.211, 1.0, 28.0]) | st.floats(0, 1.2)


def test_each_way_alone_is_enough() -> None:
    assert on_oxygen(None, None, None) is None
    assert (on_oxygen(True, None, None), on_oxygen(False, None, None)) == (True, False)
    assert (on_oxygen(None, 0.1, None), on_oxygen(None, 0, None)) == (True, False)
    assert (on_oxygen(None, None, 0.211), on_oxygen(None, None, 0.21)) == (True, False)


@pytest.mark.parametrize(
    ("flow", "fio2", "reason"),
    [
        (-0.1, None, "oxygen_flow_l_min: -0.1 is outside 0 to 80"),
        (80.1, None, "oxygen_flow_l_min: 80.1 is outside 0 to 80"),
        (float("nan"), None, "oxygen_flow_l_min: nan is outside 0 to 80"),
        (None, 0.209, "fio2: 0.209 is outside 0.21 to 1, a fraction"),
        (None, 1.01, "fio2: 1.01 is outside 0.21 to 1, a fraction"),
        (None, float("nan"), "fio2: nan is outside 0.21 to 1, a fraction"),
    ],
)
def test_what_cannot_be_is_refused(flow: float | None, fio2: float | None, reason: str) -> None:
    assert on_oxygen(None, flow, fio2) == Refused(reason=reason)
    assert fraction_outside(None) is None


@given(SAID, FLOW, FIO2)
def test_no_way_is_preferred_to_another(
    said: bool | None, flow: float | None, fio2: float | None
) -> None:
    found = on_oxygen(said, flow, fio2)
    if isinstance(found, Refused):
        assert found.reason.startswith(("oxygen", "fio2"))
        return
    alone = {on_oxygen(said, None, None), on_oxygen(None, flow, None), on_oxygen(None, None, fio2)}
    assert alone - {None} == ({found} - {None})


@given(st.lists(st.tuples(SAID, FLOW, FIO2), min_size=1, max_size=20))
def test_many_at_once_are_each(
    people: list[tuple[bool | None, float | None, float | None]],
) -> None:
    columns = [
        np.array([np.nan if one is None else one for one in column], dtype=float)
        for column in zip(*people, strict=True)
    ]
    for found, one in zip(on_oxygen_many(*columns), people, strict=True):
        known = on_oxygen(*one)
        assert bool(found) is known if isinstance(known, bool) else np.isnan(found)


def test_the_bounds_of_many_are_those_of_one() -> None:
    nan = np.nan
    flow = np.array([80, 80.1, -0.1, 0, nan, nan, nan, nan, nan])
    fio2 = np.array([nan, nan, nan, nan, 1, 1.01, 0.21, 0.209, 0.22])
    found = on_oxygen_many(np.full(9, nan), flow, fio2)
    np.testing.assert_array_equal(found, [1, nan, nan, 0, 1, nan, 0, nan, 1])


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "respiratory_rate": st.integers(1, 90),
    "spo2": st.integers(75, 100),
    "supplemental_oxygen": st.booleans(),
    "systolic": st.integers(70, 230),
    "pulse": st.integers(35, 140),
    "consciousness": st.sampled_from(Consciousness),
    "temperature": st.floats(34, 40),
    "spo2_scale": st.sampled_from([1, 2]),
}
HOME = st.builds(
    News2Input,
    **{name: st.none() | value for name, value in VALUES.items()},
    oxygen_flow_l_min=st.none() | st.sampled_from([0.0, 2.0]),
)
WHOLE = st.builds(News2Input, **VALUES)


@given(HOME)
def test_at_home_there_is_a_whole_score_or_none(one: News2Input) -> None:
    found, whole = score_news2_home(one), score_news2(one)
    if isinstance(found, Refused):
        assert found == whole
        return
    assert isinstance(found, News2Home)
    if found.status is Status.COMPLETE:
        assert found.news2 == whole
        assert found.missing == ()
    else:
        assert found.news2 is None
        assert whole == Incomplete(missing=found.missing)
        numbers = [getattr(found, field.name) for field in fields(found)]
        assert not any(isinstance(number, int | float) for number in numbers)


@given(WHOLE, st.sets(st.sampled_from(REQUIRED)))
def test_what_is_grave_by_itself_stays_so_whatever_the_rest(
    one: News2Input, unknown: set[str]
) -> None:
    """Every completion of what is known has 3 points where 3 were said, and the parts said."""
    values = {name: getattr(one, name) for name in VALUES}
    less = News2Input(**{**values, **dict.fromkeys(unknown)})
    found, whole = score_news2_home(less), score_news2(one)
    assert isinstance(found, News2Home)
    assert isinstance(whole, News2)
    assert set(found.at_three) <= {name for name, points in whole.parts.items() if points == 3}
    assert known_parts(less).items() <= whole.parts.items()
    if not unknown:
        assert known_parts(less) == whole.parts
