"""The daily questionnaire: what it asks, what it takes, what it names as wrong."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.profile import parse_profile
from core.vitals import VITALS, Vital
from questionnaires.filling import Completed, ProblemKind, Rejected, fill, urgency_of
from questionnaires.questionnaire import ASKED, Urgency, Value
from scoring.item import AnswerItem, MeasuredItem
from tests.unit.questionnaires.library import shipped

DAILY = shipped("home-daily")
ASKING = [item for item in DAILY.flat() if item.kind in ASKED]
CALM: dict[str, Value] = {
    "dyspnoea": "none",
    "faintness_or_confusion": "no",
    "cannot_eat_or_drink": "no",
}
PROFILE = parse_profile((files("alerts") / "profiles" / "covid-home-1.json").read_bytes())


def test_it_asks_exactly_what_the_home_profile_judges_and_at_the_same_levels() -> None:
    judged = {
        item.code: {choice.code: choice.level for choice in item.choices}
        for item in PROFILE.items
        if isinstance(item, AnswerItem)
    }
    asked = {i.link_id: {o.code: o.level for o in i.options} for i in ASKING if i.options}
    assert asked == judged
    measured = {item.vital for item in PROFILE.items if isinstance(item, MeasuredItem)}
    assert {item.vital for item in ASKING if not item.options} <= measured


def test_what_is_red_says_call_15_and_nothing_else_does() -> None:
    for item in PROFILE.items:
        if isinstance(item, AnswerItem):
            for choice in item.choices:
                told = urgency_of(DAILY, {**CALM, item.code: choice.code})
                assert (Urgency.CALL_15 in told) == (choice.level.code == "red"), choice


def test_it_is_short_and_labelled_proposed() -> None:
    assert len(ASKING) <= 6
    assert DAILY.proposed
    assert DAILY.languages == ("fr", "en")


def test_numbers_are_read_as_people_write_them() -> None:
    for typed in ("37,2", "37.2", " 37,2 ", "37,2 °C", "37,2°"):
        assert fill(DAILY, {**CALM, "temperature": typed}) == Completed(
            {**CALM, "temperature": 37.2}, {}
        )
    assert fill(DAILY, {**CALM, "spo2": "96 %"}) == Completed({**CALM, "spo2": 96}, {})


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("372", ProblemKind.OUT_OF_BOUNDS),
        ("3", ProblemKind.OUT_OF_BOUNDS),
        ("-37", ProblemKind.OUT_OF_BOUNDS),
        ("37,2,1", ProblemKind.NOT_A_NUMBER),
        ("1e2", ProblemKind.NOT_A_NUMBER),
        ("nan", ProblemKind.NOT_A_NUMBER),
        ("٣٧", ProblemKind.NOT_A_NUMBER),
    ],
)
def test_a_bad_number_is_named(typed: str, kind: ProblemKind) -> None:
    read = fill(DAILY, {**CALM, "temperature": typed})
    assert isinstance(read, Rejected)
    assert [(p.link_id, p.kind) for p in read.problems] == [("temperature", kind)]


def test_every_missing_or_unknown_answer_is_named_in_order() -> None:
    read = fill(DAILY, {"dyspnoea": "worse"})
    assert isinstance(read, Rejected)
    assert [(p.link_id, p.kind) for p in read.problems] == [
        ("dyspnoea", ProblemKind.UNKNOWN_CHOICE),
        ("faintness_or_confusion", ProblemKind.MISSING),
        ("cannot_eat_or_drink", ProblemKind.MISSING),
    ]


@given(st.dictionaries(st.sampled_from([item.link_id for item in ASKING]), st.text(max_size=12)))
def test_whatever_comes_is_taken_whole_or_refused(form: dict[str, str]) -> None:
    read = fill(DAILY, form)
    if isinstance(read, Rejected):
        assert read.problems
        return
    assert set(CALM) <= set(read.values)
    for item in ASKING:
        value = read.values.get(item.link_id)
        if item.vital is not None and value is not None:
            info = VITALS[item.vital]
            assert isinstance(value, int | float)
            assert info.lowest <= value <= info.highest


@given(st.integers(250, 450))
def test_a_temperature_survives_the_comma(tenths: int) -> None:
    read = fill(DAILY, {**CALM, "temperature": f"{tenths // 10},{tenths % 10}"})
    assert isinstance(read, Completed)
    assert read.values["temperature"] == tenths / 10


def test_each_number_names_a_vital() -> None:
    numbers = [item.vital for item in ASKING if not item.options]
    assert numbers == [Vital.TEMPERATURE, Vital.SPO2, Vital.PULSE]
