"""The daily questionnaire: what it asks, what it takes, what it names as wrong."""

from importlib.resources import files
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.profile import parse_profile
from core.vitals import VITALS, Vital
from questionnaires.instrument import (
    Completed,
    InstrumentError,
    ProblemKind,
    Rejected,
    needs_15,
    parse_instrument,
    read_form,
)
from scoring.item import AnswerItem, MeasuredItem
from scoring.level import Level

TEXT = (files("questionnaires") / "instruments" / "home-daily-1.json").read_bytes()
DAILY = parse_instrument(TEXT)
CALM = {"dyspnoea": "none", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"}


def test_it_asks_exactly_what_the_home_profile_judges() -> None:
    profile = parse_profile((files("alerts") / "profiles" / "covid-home-1.json").read_bytes())
    judged = {i.code: {c.code for c in i.choices} for i in profile.items if type(i) is AnswerItem}
    asked = {q.code: {c.code for c in q.choices} for q in DAILY.questions if q.choices}
    assert asked == judged
    measured = {item.vital for item in profile.items if isinstance(item, MeasuredItem)}
    assert {q.measured for q in DAILY.questions if not q.choices} <= measured


def test_what_is_red_says_call_15_and_nothing_else_does() -> None:
    profile = parse_profile((files("alerts") / "profiles" / "covid-home-1.json").read_bytes())
    for item in profile.items:
        if isinstance(item, AnswerItem):
            for choice in item.choices:
                told = needs_15(DAILY, {**CALM, item.code: choice.code})
                assert told == (choice.level is Level.RED), (item.code, choice.code)


def test_it_is_short_and_labelled_proposed() -> None:
    assert len(DAILY.questions) <= 6
    assert DAILY.status == "proposed"


def test_numbers_are_read_as_people_write_them() -> None:
    for typed in ("37,2", "37.2", " 37,2 ", "37,2 °C", "37,2°"):
        assert read_form(DAILY, {**CALM, "temperature": typed}) == Completed(
            {**CALM, "temperature": 37.2}
        )
    assert read_form(DAILY, {**CALM, "spo2": "96 %"}) == Completed({**CALM, "spo2": 96.0})


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("372", ProblemKind.OUT_OF_BOUNDS),
        ("3", ProblemKind.OUT_OF_BOUNDS),
        ("-37", ProblemKind.NOT_A_NUMBER),
        ("37,2,1", ProblemKind.NOT_A_NUMBER),
        ("1e2", ProblemKind.NOT_A_NUMBER),
        ("nan", ProblemKind.NOT_A_NUMBER),
        ("٣٧", ProblemKind.NOT_A_NUMBER),
    ],
)
def test_a_bad_number_is_named(typed: str, kind: ProblemKind) -> None:
    read = read_form(DAILY, {**CALM, "temperature": typed})
    assert isinstance(read, Rejected)
    assert [(p.question, p.kind) for p in read.problems] == [("temperature", kind)]


def test_every_missing_or_unknown_answer_is_named_in_order() -> None:
    read = read_form(DAILY, {"dyspnoea": "worse"})
    assert isinstance(read, Rejected)
    assert [(p.question, p.kind) for p in read.problems] == [
        ("dyspnoea", ProblemKind.UNKNOWN_CHOICE),
        ("faintness_or_confusion", ProblemKind.MISSING),
        ("cannot_eat_or_drink", ProblemKind.MISSING),
    ]


@given(st.dictionaries(st.sampled_from([q.code for q in DAILY.questions]), st.text(max_size=12)))
def test_whatever_comes_is_taken_whole_or_refused(given_form: dict[str, str]) -> None:
    read = read_form(DAILY, given_form)
    if isinstance(read, Completed):
        assert set(CALM) <= set(read.values)
        for code, value in read.values.items():
            if isinstance(value, float):
                info = VITALS[next(q for q in DAILY.questions if q.code == code).measured]
                assert info.lowest <= value <= info.highest
    else:
        assert read.problems


@given(st.integers(250, 450))
def test_a_temperature_survives_the_comma(tenths: int) -> None:
    typed = f"{tenths // 10},{tenths % 10}"
    read = read_form(DAILY, {**CALM, "temperature": typed})
    assert isinstance(read, Completed)
    assert read.values["temperature"] == tenths / 10


def changed(**changes: Any) -> bytes:
    return msgspec.json.encode({**msgspec.json.decode(TEXT), **changes})


@pytest.mark.parametrize(
    "text",
    [
        b"{",
        changed(colour="red"),
        changed(questions=[]),
        changed(version=0),
        changed(questions=[{"code": "x", "kind": "choice", "text": "X"}]),
        changed(questions=[{"code": "x", "kind": "number", "text": "X", "vital": "mood"}]),
        changed(questions=[{"code": "x", "kind": "number", "text": "X", "vital": "spo2"}] * 2),
    ],
)
def test_a_bad_instrument_is_refused(text: bytes) -> None:
    with pytest.raises(InstrumentError):
        parse_instrument(text)


def test_each_number_names_a_vital() -> None:
    numbers = [q.measured for q in DAILY.questions if q.kind == "number"]
    assert numbers == [Vital.TEMPERATURE, Vital.SPO2, Vital.PULSE]
