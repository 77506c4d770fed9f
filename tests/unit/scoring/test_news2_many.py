"""NEWS2 of many at once is NEWS2 of each."""

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.vitals import VITALS
from scoring.news2 import NUMBERS, Consciousness, News2, News2Input, score_news2
from scoring.news2_many import PARTS, news2_points, news2_totals
from tests.conftest import ROOT

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
    ),
    min_size=1,
    max_size=20,
)


def arrays(people: list[News2Input]) -> dict[str, np.ndarray]:
    def of(values: list[float | None]) -> np.ndarray:
        return np.array([np.nan if value is None else value for value in values], dtype=float)

    columns = {name: of([getattr(one, name) for one in people]) for name in NUMBERS}
    columns["supplemental_oxygen"] = of([one.supplemental_oxygen for one in people])
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
    totals, parts = news2_totals(arrays(people)), news2_points(arrays(people))
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
