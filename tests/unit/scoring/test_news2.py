"""NEWS2 beyond its vignettes: monotony, totality, and a stream that goes on."""

import json
import subprocess
import sys
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vitals import VITALS
from scoring.lines import answer_line
from scoring.news2 import (
    NUMBERS,
    REQUIRED,
    Band,
    Consciousness,
    News2,
    News2Input,
    score_news2,
)
from scoring.news2_advice import ROUTINE
from scoring.refusal import Incomplete, Refused
from tests.conftest import ROOT

WELL = News2Input(
    respiratory_rate=16,
    spo2=98,
    supplemental_oxygen=False,
    systolic=120,
    pulse=72,
    consciousness=Consciousness.ALERT,
    temperature=37.0,
    spo2_scale=1,
)
MIDDLE = {"respiratory_rate": 16, "spo2": 90, "systolic": 150, "pulse": 70, "temperature": 37.0}
"""A value of the chart's column 0 for each number, both scales considered for SpO2."""


def with_value(before: News2Input, name: str, value: Any) -> News2Input:
    changed: dict[str, Any] = {name: value}
    return replace(before, **changed)


def within(name: str) -> st.SearchStrategy[float]:
    info = VITALS[NUMBERS[name]]
    return st.floats(min_value=info.lowest, max_value=info.highest)


INPUTS = st.builds(
    News2Input,
    respiratory_rate=within("respiratory_rate"),
    spo2=within("spo2"),
    supplemental_oxygen=st.booleans(),
    systolic=within("systolic"),
    pulse=within("pulse"),
    consciousness=st.sampled_from(Consciousness),
    temperature=within("temperature"),
    spo2_scale=st.sampled_from([1, 2]),
    age=st.none() | st.floats(min_value=16, max_value=130),
    pregnant=st.sampled_from([None, False]),
)


def scored(given_input: News2Input) -> News2:
    score = score_news2(given_input)
    assert isinstance(score, News2)
    return score


@given(INPUTS)
def test_every_complete_input_has_a_score_that_adds_up(given_input: News2Input) -> None:
    score = scored(given_input)
    assert 0 <= score.total == sum(score.parts.values()) <= 20
    assert set(score.parts) == set(REQUIRED) - {"spo2_scale"}
    assert (score.advice is ROUTINE) == (score.total == 0)
    if score.total >= 7:
        assert score.band is Band.HIGH
    elif score.total >= 5:
        assert score.band is Band.MEDIUM
    else:
        assert (score.band is Band.LOW_MEDIUM) == (3 in score.parts.values())


@given(INPUTS, st.sampled_from(sorted(NUMBERS)), st.data())
def test_a_worse_vital_never_lowers_its_points(
    given_input: News2Input, name: str, data: st.DataObject
) -> None:
    """Worse is further from the middle on the same side; scale 1 has no upper side of SpO2."""
    first, second = data.draw(within(name)), data.draw(within(name))
    middle = MIDDLE[name]
    near, far = sorted((first, second), key=lambda value: abs(value - middle))
    if (near < middle) != (far < middle) or (name == "spo2" and far > middle):
        near, far = middle, min(first, second)
        if far > middle:
            return
    less = scored(with_value(given_input, name, near)).parts[name]
    more = scored(with_value(given_input, name, far)).parts[name]
    assert more >= less


@given(INPUTS, st.sampled_from(sorted(NUMBERS)), st.data())
def test_worse_never_waits_longer(given_input: News2Input, name: str, data: st.DataObject) -> None:
    """Of two inputs the one with the higher total and the worse part is seen again no later."""
    first = scored(given_input)
    second = scored(with_value(given_input, name, data.draw(within(name))))
    low, high = sorted((first, second), key=lambda one: (one.total, max(one.parts.values())))
    if max(high.parts.values()) >= max(low.parts.values()):
        assert high.advice.longest_hours <= low.advice.longest_hours


@given(INPUTS)
def test_the_parts_not_touched_do_not_move(given_input: News2Input) -> None:
    before, after = scored(given_input).parts, scored(replace(given_input, pulse=131)).parts
    assert {k: v for k, v in before.items() if k != "pulse"} == {
        k: v for k, v in after.items() if k != "pulse"
    }


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_missing_is_named(name: str) -> None:
    assert score_news2(with_value(WELL, name, None)) == Incomplete(missing=(name,))


@pytest.mark.parametrize("name", sorted(NUMBERS))
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), -1.0, 1e12])
def test_what_cannot_be_true_is_refused_by_name(name: str, value: float) -> None:
    refused = score_news2(with_value(WELL, name, value))
    assert isinstance(refused, Refused)
    assert refused.reason.startswith(f"{name}: ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)


@given(
    st.dictionaries(st.sampled_from([f.name for f in fields(News2Input)] + ["other"]), JSON) | JSON
)
def test_any_json_gets_one_line_of_answer(value: Any) -> None:
    answer = json.loads(answer_line("news2", json.dumps(value).encode()))
    assert set(answer) in ({"total", "band", "parts", "advice"}, {"refused", "missing"})


@given(st.binary(max_size=40))
def test_any_bytes_get_one_line_of_answer(line: bytes) -> None:
    assert "refused" in json.loads(answer_line("news2", line))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"pulse": 1' + b"0" * 5000 + b"}",
        b'{"pulse": 70, "pulse": 140}',
        b"[]",
    ],
)
def test_a_bad_line_is_refused(line: bytes) -> None:
    answer = json.loads(answer_line("news2", line))
    assert answer["refused"].startswith("not a JSON")
    assert answer["missing"] == []


def test_a_number_no_float_can_hold_is_out_of_bounds() -> None:
    answer = json.loads(answer_line("news2", b'{"pulse": 1' + b"0" * 400 + b"}"))
    assert answer["refused"] == "pulse: inf is outside 15 to 300"


def run(*arguments: str, lines: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "scoring", *arguments],
        cwd=ROOT,
        input=lines,
        capture_output=True,
        check=False,
    )


def test_the_command_answers_line_by_line_and_goes_on() -> None:
    well = json.dumps({field.name: getattr(WELL, field.name) for field in fields(WELL)}).encode()
    done = run("news2", "-", lines=b"\n".join([well, b"broken", well]))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer.get("total") for answer in answers] == [0, None, 0]
    assert answers[0]["band"] == "low"


def test_the_command_says_how_to_call_it() -> None:
    done = run("news3")
    assert done.returncode == 2
    assert b"usage" in done.stderr


CHART: dict[str, list[tuple[int, list[tuple[float, float]]]]] = {
    "respiratory_rate": [(3, [(1, 8), (25, 90)]), (1, [(9, 11)]), (0, [(12, 20)]), (2, [(21, 24)])],
    "spo2 scale 1": [(3, [(30, 91)]), (2, [(92, 93)]), (1, [(94, 95)]), (0, [(96, 100)])],
    "spo2 scale 2 on air": [(3, [(30, 83)]), (2, [(84, 85)]), (1, [(86, 87)]), (0, [(88, 100)])],
    "spo2 scale 2 on oxygen": [
        (3, [(30, 83), (97, 100)]),
        (2, [(84, 85), (95, 96)]),
        (1, [(86, 87), (93, 94)]),
        (0, [(88, 92)]),
    ],
    "systolic": [
        (3, [(30, 90), (220, 300)]),
        (2, [(91, 100)]),
        (1, [(101, 110)]),
        (0, [(111, 219)]),
    ],
    "pulse": [
        (3, [(15, 40), (131, 300)]),
        (2, [(111, 130)]),
        (1, [(41, 50), (91, 110)]),
        (0, [(51, 90)]),
    ],
    "temperature": [
        (3, [(25, 35.0)]),
        (2, [(39.1, 45)]),
        (1, [(35.1, 36.0), (38.1, 39.0)]),
        (0, [(36.1, 38.0)]),
    ],
}
"""The chart by points, as ranges with both ends (RCP 2017), within the bounds of plausibility."""


@pytest.mark.parametrize("row", sorted(CHART))
def test_every_value_of_the_chart_has_its_points(row: str) -> None:
    name = row.split()[0]
    before = replace(
        WELL, spo2_scale=2 if "scale 2" in row else 1, supplemental_oxygen="oxygen" in row
    )
    step = 0.1 if name == "temperature" else 1
    seen = 0
    for points, ranges in CHART[row]:
        for low, high in ranges:
            for number in range(round(low / step), round(high / step) + 1):
                value = round(number * step, 1)
                assert scored(with_value(before, name, value)).parts[name] == points, value
                seen += 1
    info = VITALS[NUMBERS[name]]
    assert seen == round((info.highest - info.lowest) / step) + 1
