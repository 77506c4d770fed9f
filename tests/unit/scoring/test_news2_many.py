"""NEWS2 of many at once is NEWS2 of each."""

import json
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.vitals import VITALS
from scoring.news2 import NUMBERS, Consciousness, News2, News2Input, score_news2
from scoring.news2_many import PARTS, news2_points, news2_totals
from tests.conftest import ROOT
from tests.unit.scoring.test_news2 import WELL

NUMBER = {
    name: st.none()
    | st.floats(VITALS[vital].lowest - 2, VITALS[vital].highest + 2)
    | st.floats(VITALS[vital].lowest, VITALS[vital].highest).map(lambda value: round(value, 2))
    for name, vital in NUMBERS.items()
}
INPUTS = st.lists(
    st.builds(
        News2Input,
        **NUMBER,
        supplemental_oxygen=st.none() | st.booleans(),
        consciousness=st.none() | st.sampled_from(Consciousness),
        spo2_scale=st.none() | st.sampled_from([1, 2]),
        age=st.none() | st.sampled_from([-1.0, 15.9, 16.0, 70.0, 130.0, 131.0]),
        pregnant=st.none() | st.booleans(),
        oxygen_flow_l_min=st.none() | st.sampled_from([0.0, 2.0, 81.0]),
        fio2=st.none() | st.sampled_from([0.21, 0.4, 40.0]),
    ),
    min_size=1,
    max_size=20,
)


def arrays(people: list[News2Input]) -> dict[str, np.ndarray]:
    def of(values: list[float | None]) -> np.ndarray:
        return np.array([np.nan if value is None else value for value in values], dtype=float)

    columns = {name: of([getattr(one, name) for one in people]) for name in NUMBERS}
    columns["supplemental_oxygen"] = of([one.supplemental_oxygen for one in people])
    for name in ("age", "pregnant", "oxygen_flow_l_min", "fio2"):
        columns[name] = of([getattr(one, name) for one in people])
    columns["spo2_scale"] = of([one.spo2_scale for one in people])
    columns["alert"] = of(
        [
            None if one.consciousness is None else one.consciousness is Consciousness.ALERT
            for one in people
        ]
    )
    return columns


@settings(max_examples=300)
@given(INPUTS)
def test_many_at_once_are_each(people: list[News2Input]) -> None:
    given_ = arrays(people)
    totals, parts = news2_totals(given_), news2_points(given_)
    for place, one in enumerate(people):
        found = score_news2(one)
        if isinstance(found, News2):
            assert totals[place] == found.total
            assert {name: parts[name][place] for name in PARTS} == found.parts
        else:
            assert np.isnan(totals[place])


def test_every_vignette() -> None:
    cases = json.loads((ROOT / "tests/vignettes/news2/charts.json").read_text())
    people = [
        News2Input(
            **{**one["input"], "consciousness": Consciousness(one["input"]["consciousness"])}
        )
        for one in cases
    ]
    assert news2_totals(arrays(people)).tolist() == [one["expected"]["total"] for one in cases]


def test_columns_that_refuse_or_tell_of_oxygen_may_be_left_out() -> None:
    whole = arrays([WELL, replace(WELL, supplemental_oxygen=None, oxygen_flow_l_min=2.0)])
    few = {name: whole[name] for name in (*NUMBERS, "supplemental_oxygen", "spo2_scale", "alert")}
    assert news2_totals(whole).tolist() == [0, 2]
    assert news2_totals({**few, "oxygen_flow_l_min": whole["oxygen_flow_l_min"]}).tolist() == [0, 2]
    alone = news2_totals({**few, "fio2": np.array([np.nan, 0.28])})
    assert alone.tolist() == [0, 2]
    assert news2_totals(few)[0] == 0
    assert np.isnan(news2_totals(few)[1])
    assert not np.isnan(few["supplemental_oxygen"][0])


def test_the_bounds_of_what_can_be_true_are_scored_and_what_is_beyond_is_not() -> None:
    for name, vital in NUMBERS.items():
        info = VITALS[vital]
        bounds = [info.lowest, info.highest]
        change: list[dict[str, float]] = [{name: value} for value in bounds]
        people = [replace(WELL, spo2_scale=scale, **one) for one in change for scale in (1, 2)]  # type: ignore[arg-type]
        totals = news2_totals(arrays(people))
        for total, one in zip(totals, people, strict=True):
            found = score_news2(one)
            assert isinstance(found, News2)
            assert total == found.total
        beyond = [
            replace(WELL, **{name: info.lowest - 1}),
            replace(WELL, **{name: info.highest + 1}),
        ]  # type: ignore[arg-type]
        assert np.isnan(news2_totals(arrays(beyond))).all()


def test_scale_2_needs_to_know_of_oxygen_and_reads_both_its_sides() -> None:
    people = [
        replace(WELL, spo2=97, spo2_scale=2, supplemental_oxygen=oxygen)
        for oxygen in (True, False, None)
    ]
    points = news2_points(arrays(people))["spo2"].tolist()
    assert points == [3, 0, -100]
    assert news2_totals(arrays(people)).tolist()[:2] == [5, 0]


def test_whom_it_is_not_for_has_none() -> None:
    fit = [WELL, replace(WELL, age=16), replace(WELL, age=130), replace(WELL, pregnant=False)]
    unfit = [replace(WELL, age=15.9), replace(WELL, age=131), replace(WELL, pregnant=True)]
    assert news2_totals(arrays(fit)).tolist() == [0, 0, 0, 0]
    assert np.isnan(news2_totals(arrays(unfit))).all()
