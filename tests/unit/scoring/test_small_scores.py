"""qSOFA, ROX, 4C, PRO-CTCAE and weight beyond their vignettes: each row, monotony, totality."""

import json
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vitals import VITALS, Vital
from scoring.library import SCORES
from scoring.lines import answer_line, said
from scoring.mortality_4c import Mortality4c, Mortality4cInput, score_mortality_4c
from scoring.pro_ctcae import ATTRIBUTES, ProCtcae, ProCtcaeInput, score_pro_ctcae
from scoring.qsofa import Qsofa, QsofaInput, score_qsofa
from scoring.refusal import Incomplete, Refused
from scoring.rox import Rox, RoxInput, score_rox
from scoring.weight import Rise, Rule, Weighed, WeightFound, WeightInput, score_weight
from tests.conftest import ROOT

WELL_4C = Mortality4cInput(
    age=40, male=False, comorbidities=0, respiratory_rate=16, spo2=98, glasgow=15, urea=5, crp=10
)


def within(vital: Vital) -> st.SearchStrategy[float]:
    return st.floats(min_value=VITALS[vital].lowest, max_value=VITALS[vital].highest)


@pytest.mark.parametrize(
    ("field", "rows"),
    [
        ("age", [(18, 0), (49, 0), (50, 2), (59, 2), (60, 4), (69, 4), (70, 6), (79, 6), (80, 7)]),
        ("male", [(False, 0), (True, 1)]),
        ("comorbidities", [(0, 0), (1, 1), (2, 2), (9, 2)]),
        ("respiratory_rate", [(19, 0), (19.4, 0), (19.5, 1), (20, 1), (29, 1), (30, 2)]),
        ("spo2", [(92, 0), (91.5, 0), (91.4, 2), (91, 2)]),
        ("glasgow", [(15, 0), (14, 2), (3, 2)]),
        ("urea", [(6.9, 0), (7, 1), (14, 1), (14.1, 3)]),
        ("crp", [(49, 0), (50, 1), (99, 1), (100, 2)]),
    ],
)
def test_each_row_of_4c(field: str, rows: list[tuple[Any, int]]) -> None:
    for value, points in rows:
        change: dict[str, Any] = {field: value}
        found = score_mortality_4c(replace(WELL_4C, **change))
        assert isinstance(found, Mortality4c)
        assert (found.parts[field], found.total) == (points, points), value


@pytest.mark.parametrize(
    ("pattern", "rows"),
    [
        ("f", "0 1 1 2 3"),
        ("s", "0 1 2 3 3"),
        ("i", "0 1 1 2 2"),
        ("fs", "00000 11122 11222 11233 11233"),
        ("fi", "00000 11122 11122 11233 11233"),
        ("si", "00000 11122 11223 12233 22233"),
        ("fsi1", "01122 11122 12223 22233 22333"),
        ("fsi2", "01122 11122 22233 22233 22333"),
        ("fsi3", "11122 11122 22233 22333 22333"),
        ("fsi4", "11122 11223 22233 22333 22333"),
    ],
)
def test_each_cell_of_pro_ctcae(pattern: str, rows: str) -> None:
    letters = {"f": "frequency", "s": "severity", "i": "interference"}
    first = {"frequency": int(pattern[3])} if len(pattern) == 4 else {}
    names = tuple(letters[one] for one in pattern[:3] if one in letters)
    free = [name for name in names if name not in first]
    for high, row in enumerate(rows.split()):
        for low, grade in enumerate(row):
            given = {free[0]: high} if len(free) == 1 else {free[0]: high, free[1]: low}
            found = score_pro_ctcae(ProCtcaeInput(asked=names, **first, **given))
            assert found == ProCtcae(grade=int(grade)), (first, given)


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.sampled_from(ATTRIBUTES))
def test_a_worse_answer_never_lowers_a_grade(f: int, s: int, i: int, worse: str) -> None:
    before = ProCtcaeInput(asked=ATTRIBUTES, frequency=f, severity=s, interference=i)
    change: dict[str, Any] = {worse: min(getattr(before, worse) + 1, 4)}
    found, after = score_pro_ctcae(before), score_pro_ctcae(replace(before, **change))
    assert isinstance(found, ProCtcae)
    assert isinstance(after, ProCtcae)
    assert after.grade >= found.grade


@given(within(Vital.RESPIRATORY_RATE), within(Vital.SYSTOLIC), st.booleans())
def test_qsofa_is_worse_with_worse_values(rate: float, systolic: float, altered: bool) -> None:
    one = QsofaInput(respiratory_rate=rate, systolic=systolic, altered_mentation=altered)
    found = score_qsofa(one)
    assert isinstance(found, Qsofa)
    assert found.positive is (found.total >= 2)
    for change in ({"respiratory_rate": 60.0}, {"systolic": 40.0}, {"altered_mentation": True}):
        worse: dict[str, Any] = change
        after = score_qsofa(replace(one, **worse))
        assert isinstance(after, Qsofa)
        assert after.total >= found.total


@given(within(Vital.SPO2), st.floats(0.21, 1), st.floats(1, 80), st.sampled_from([None, 2, 6, 12]))
def test_rox_falls_with_less_saturation(
    spo2: float, fio2: float, rate: float, hours: int | None
) -> None:
    given_ = RoxInput(spo2=spo2, fio2=fio2, respiratory_rate=rate, hours=hours)
    found = score_rox(given_)
    if not isinstance(found, Rox):
        assert isinstance(found, Refused)
        return
    lower = score_rox(replace(given_, spo2=max(spo2 - 5, VITALS[Vital.SPO2].lowest)))
    assert isinstance(lower, Rox)
    assert lower.index <= found.index


NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
WEIGHTS = st.lists(
    st.builds(
        Weighed,
        at=st.integers(0, 20 * 24).map(lambda hours: NOON - timedelta(hours=hours)),
        kg=st.floats(40, 150).map(lambda kg: round(kg, 1)),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda one: one.at,
)


@given(WEIGHTS, st.booleans(), st.timedeltas(timedelta(days=-900), timedelta(days=900)))
def test_weight_does_not_depend_on_the_clock_nor_on_the_order(
    weights: list[Weighed], symptom: bool, shift: timedelta
) -> None:
    found = score_weight(WeightInput(weights=tuple(weights), symptom=symptom))
    moved = tuple(Weighed(at=one.at + shift, kg=one.kg) for one in reversed(weights))
    later = score_weight(WeightInput(weights=moved, symptom=symptom))
    assert isinstance(found, WeightFound)
    assert isinstance(later, WeightFound)
    assert (found.rules, found.median_kg) == (later.rules, later.median_kg)


@given(WEIGHTS)
def test_a_rise_calls_once_and_a_retry_calls_nothing(weights: list[Weighed]) -> None:
    first = score_weight(WeightInput(weights=tuple(weights), symptom=None))
    assert isinstance(first, WeightFound)
    assert Rule.RISE_AND_SYMPTOM not in first.rules
    again = score_weight(WeightInput(weights=tuple(weights), symptom=None, rise=first.rise))
    assert isinstance(again, WeightFound)
    assert Rule.RISE not in again.rules
    assert again.rise == first.rise


def test_a_rise_that_stands_a_week_calls_again_and_does_not_flicker() -> None:
    steady = [Weighed(at=NOON - timedelta(days=day), kg=80.0) for day in range(1, 8)]

    def now(kg: float, rise: Rise | None) -> WeightFound:
        weights = (*steady, Weighed(at=NOON, kg=kg))
        found = score_weight(WeightInput(weights=weights, symptom=None, rise=rise))
        assert isinstance(found, WeightFound)
        return found

    old = Rise(since=NOON - timedelta(days=7), called_at=NOON - timedelta(days=7))
    assert Rule.RISE in now(81.5, old).rules
    assert now(81.5, old).rise == Rise(since=old.since, called_at=NOON)
    fresh = Rise(since=NOON - timedelta(days=2), called_at=NOON - timedelta(days=2))
    assert now(80.9, fresh).rise == fresh
    over = now(80.6, fresh).rise
    assert over == replace(fresh, over=True)


@pytest.mark.parametrize("name", SCORES)
@given(data=st.data())
def test_any_object_gets_an_answer(name: str, data: st.DataObject) -> None:
    known = [field.name for field in fields(SCORES[name].given)]
    values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    keys = st.sampled_from([*known, "other"])
    given_ = data.draw(st.dictionaries(keys, values | st.lists(values, max_size=8), max_size=9))
    answer = json.loads(answer_line(name, json.dumps(given_).encode()))
    assert answer


def test_what_is_missing_is_named() -> None:
    none = {field.name: None for field in fields(Mortality4cInput)}
    found = score_mortality_4c(Mortality4cInput(**none))
    assert found == Incomplete(missing=tuple(none))
    assert said(found)["missing"] == list(none)


def run(*arguments: str, given_: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scoring", *arguments]
    return subprocess.run(command, input=given_, capture_output=True, text=True, cwd=ROOT)


def test_the_command_runs_vignettes_and_says_which_differ(tmp_path: Any) -> None:
    known = "tests/vignettes/qsofa/criteria.json"
    good, count = run("qsofa", known), len(json.loads((ROOT / known).read_text()))
    assert good.returncode == 0
    assert good.stdout.splitlines()[-1] == f"{count} vignettes, 0 different"
    wrong = tmp_path / "wrong.json"
    wrong.write_text('[{"input": {"grade": 2}, "expected": {"grade": 3}}]')
    bad = run("mmrc", str(wrong))
    assert bad.returncode == 1
    assert "EXPECTED" in bad.stdout
    one = tmp_path / "one.json"
    one.write_text('{"grade": 2}')
    assert json.loads(run("mmrc", str(one)).stdout) == {"grade": 2, "more_symptoms": True}


@pytest.mark.parametrize(
    "arguments", [[], ["news2"], ["nothing", "-"], ["mmrc", "no-such-file"], ["mmrc", "README.md"]]
)
def test_a_wrong_use_says_how(arguments: list[str]) -> None:
    told = run(*arguments)
    assert told.returncode == 2
    assert told.stderr
