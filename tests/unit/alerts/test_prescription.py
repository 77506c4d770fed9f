"""A prescription: read strictly, checked with places, and meaning what the shipped profile does."""

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.checking import problems_of
from alerts.edge.library import load_prescription, load_profile
from alerts.prescribed import COMBINED, content_of, looks_back, profile_of, usual_of
from alerts.prescription import (
    WRONG_SENTENCES,
    Content,
    Limits,
    PrescriptionError,
    Wrong,
    canonical,
    digest_of,
    parse_content,
)
from core.vitals import VITALS, Quality, Vital
from scoring.item import AnswerItem, Bound, MeasuredItem
from scoring.level import Level
from scoring.verdict import judge_answer, judge_value
from tests.unit.alerts.test_data import changed

SHIPPED = load_profile("covid-home", 1)
CONTENT = content_of(SHIPPED, ("home-two-rungs", 1))
TODAY = date(2026, 11, 27)


def with_(path: list[str | int], value: Any) -> Content:
    return parse_content(changed(canonical(CONTENT), path, value))


def wrongs(content: Content) -> list[tuple[str, str]]:
    return [(one.place, one.wrong) for one in problems_of(content, SHIPPED, TODAY)]


@pytest.mark.parametrize("usual", [None, 97.0])
def test_the_template_written_out_judges_as_the_shipped_profile(usual: float | None) -> None:
    judging = profile_of(CONTENT, SHIPPED)
    assert [item.code for item in judging.items] == [item.code for item in SHIPPED.items]
    for mine, theirs in zip(judging.items, SHIPPED.items, strict=True):
        assert (mine.title, mine.max_age, mine.essential) == (
            theirs.title,
            theirs.max_age,
            theirs.essential,
        )
        if isinstance(mine, AnswerItem) and isinstance(theirs, AnswerItem):
            for choice in theirs.choices:
                assert judge_answer(mine, choice.code) == judge_answer(theirs, choice.code)
        if isinstance(mine, MeasuredItem) and isinstance(theirs, MeasuredItem):
            info = VITALS[mine.vital]
            for tenth in range(int(info.lowest * 10), int(info.highest * 10)):
                here = judge_value(mine, tenth / 10, Quality(0), usual)
                there = judge_value(theirs, tenth / 10, Quality(0), usual)
                assert here.level is there.level, (mine.code, tenth)


def test_numbers_of_the_template_keep_their_source_and_others_say_whose_they_are() -> None:
    judging = profile_of(with_(["parameters", 0, "limits", "orange_low"], 93), SHIPPED)
    spo2 = judging.items[0]
    assert isinstance(spo2, MeasuredItem)
    sources = {(limit.level, limit.value): limit.source for limit in spo2.limits}
    assert "NHS" in sources[Level.RED, 92]
    assert sources[Level.ORANGE, 93] == "Set in the patient's prescription"


def test_a_text_signed_before_there_were_repeats_keeps_its_digest() -> None:
    """The digests were computed before prescriptions could ask for a measure again."""
    assert digest_of(canonical(CONTENT)).startswith("488e140834c210ae8c0547238d5dc444")
    lasting = load_prescription("covid-home-lasting", 1)
    assert digest_of(canonical(lasting)).startswith("d045aaa6db983af99140ac6fa1dac8c8")
    assert "repeat" not in canonical(CONTENT)


def test_a_repeat_is_prescribed_in_whole_minutes_for_what_can_be_measured_again() -> None:
    asked = with_(["parameters", 0, "repeat_minutes"], 15)
    assert wrongs(asked) == []
    assert canonical(asked) != canonical(CONTENT)
    assert profile_of(asked, SHIPPED).rules["spo2"].repeat == timedelta(minutes=15)
    assert parse_content(canonical(asked)) == asked
    for minutes in (0, 61, None, 1.5):
        with pytest.raises(PrescriptionError, match="repeat_minutes"):
            with_(["parameters", 0, "repeat_minutes"], minutes)
    lasts = with_(["parameters", 0, "sustain"], {"minutes": 30})
    both = changed(canonical(lasts), ["parameters", 0, "repeat_minutes"], 15)
    assert wrongs(parse_content(both)) == [("spo2.repeat_minutes", Wrong.REPEAT)]
    weight = VITALS[Vital.WEIGHT]
    first = msgspec.structs.replace(
        asked.parameters[0],
        item=weight.slug,
        loinc=weight.loinc,
        unit=weight.ucum,
        limits=Limits(),
        from_usual=(),
    )
    unguided = msgspec.structs.replace(asked, parameters=(first,))
    assert wrongs(unguided) == [("weight.repeat_minutes", Wrong.NO_REPEAT)]


def test_the_shipped_repeats_are_written_out_with_the_template() -> None:
    second = content_of(load_profile("covid-home", 2), ("home-two-rungs", 1))
    assert [one.repeat for one in second.parameters] == [15, 15, 15, 15]
    assert profile_of(second, load_profile("covid-home", 2)).rules == dict(
        load_profile("covid-home", 2).rules
    )


def test_the_text_is_canonical_and_its_digest_is_that_of_the_content() -> None:
    text = canonical(CONTENT)
    document = json.loads(text)
    shuffled = json.dumps(dict(reversed(document.items())), indent=3)
    assert canonical(parse_content(shuffled)) == text
    assert canonical(with_(["parameters", 0, "limits", "red_low"], 92)) == text
    whole = msgspec.structs.replace(CONTENT.parameters[0], limits=Limits(red_low=92, orange_low=94))
    again = msgspec.structs.replace(CONTENT, parameters=(whole, *CONTENT.parameters[1:]))
    assert canonical(again) == text
    assert digest_of(text) != digest_of(canonical(with_(["notice_days"], 8)))


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["parameters", 0, "limit"], 1, "parameters"),
        (["parameters", 0, "limits", "red_low"], "92", "limits"),
        (["parameters", 0, "changes"], [{"way": "down", "by": 3, "within_hours": 24}], "changes"),
        (["questions", 0, "choices", "none"], "blue", "choices"),
        (["service_hours"], {"days": [1], "start": "9 h", "end": "18:00"}, "service_hours"),
        (["schema"], 2, "schema"),
        (["ends_on"], "soon", "ends_on"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(
    path: list[str | int], value: Any, place: str
) -> None:
    with pytest.raises(PrescriptionError, match=place):
        with_(path, value)


@pytest.mark.parametrize(
    ("path", "value", "place", "wrong"),
    [
        (["parameters", 0, "item"], "mood", "mood", Wrong.UNKNOWN_VITAL),
        (["parameters", 0, "unit"], "kPa", "spo2.unit", Wrong.UNIT),
        (["parameters", 0, "loinc"], "8867-4", "spo2.loinc", Wrong.CODE),
        (["parameters", 1, "item"], "spo2", "spo2", Wrong.TWICE),
        (["parameters", 0, "limits", "orange_low"], 92, "spo2.limits.orange_low", Wrong.ORDER),
        (["parameters", 0, "limits", "red_low"], 95, "spo2.limits.orange_low", Wrong.ORDER),
        (["parameters", 0, "limits", "red_low"], 5, "spo2.limits.red_low", Wrong.OUT_OF_RANGE),
        (["parameters", 0, "from_usual", 0, "by"], 0, "spo2.fall", Wrong.NOT_POSITIVE),
        (["parameters", 0, "sustain"], {}, "spo2.sustain", Wrong.SUSTAIN),
        (["parameters", 0, "sustain"], {"breaches": 3}, "spo2.sustain", Wrong.SUSTAIN),
        (
            ["parameters", 0, "sustain"],
            {"breaches": 3, "readings": 2},
            "spo2.sustain",
            Wrong.SUSTAIN,
        ),
        (
            ["parameters", 0, "sustain"],
            {"minutes": 5, "breaches": 2, "readings": 3},
            "spo2.sustain",
            Wrong.SUSTAIN,
        ),
        (["questions", 0, "item"], "sleep", "sleep", Wrong.UNKNOWN_QUESTION),
        (["questions", 0, "choices", "all"], "red", "dyspnoea.all", Wrong.UNKNOWN_ANSWER),
        (["questions", 0, "choices"], {}, "dyspnoea.rest", Wrong.ANSWER_MISSING),
        (
            ["combinations"],
            [{"code": "moon", "within_hours": 4, "level": "red"}],
            "moon",
            Wrong.UNKNOWN_COMBINATION,
        ),
        (
            ["service_hours"],
            {"days": [1], "start": "18:00", "end": "09:00"},
            "service_hours",
            Wrong.HOURS,
        ),
        (["ends_on"], "2026-11-26", "ends_on", Wrong.ENDED),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    path: list[str | int], value: Any, place: str, wrong: Wrong
) -> None:
    assert (place, wrong) in wrongs(with_(path, value))


def test_a_combination_of_what_is_not_prescribed_and_an_empty_prescription_are_wrong() -> None:
    alone = msgspec.structs.replace(
        with_(["combinations"], [{"code": "fever_and_pulse", "within_hours": 4, "level": "red"}]),
        parameters=CONTENT.parameters[:1],
    )
    assert ("fever_and_pulse", Wrong.NOT_PRESCRIBED) in wrongs(alone)
    nothing = msgspec.structs.replace(CONTENT, parameters=(), questions=())
    assert wrongs(nothing) == [("parameters", Wrong.NOTHING)]


def test_the_template_has_nothing_wrong_and_every_fault_has_its_sentence() -> None:
    assert wrongs(CONTENT) == []
    assert set(WRONG_SENTENCES) == set(Wrong)
    measured = {item.code for item in SHIPPED.items}
    assert all(measured.issuperset(items) for items, _ in COMBINED.values())


LIMIT = st.none() | st.integers(30, 100).map(float)


@given(LIMIT, LIMIT, LIMIT, LIMIT)
def test_limits_are_right_exactly_when_those_given_rise(
    a: float | None, b: float | None, c: float | None, d: float | None
) -> None:
    limits = {"red_low": a, "orange_low": b, "orange_high": c, "red_high": d}
    given_ = [value for value in limits.values() if value is not None]
    rising = all(low < high for low, high in pairwise(given_))
    content = with_(["parameters", 0, "limits"], limits)
    assert (wrongs(content) == []) == rising


def test_a_parameter_beyond_the_template_is_named_as_patients_say_it() -> None:
    weight = {
        "item": "weight",
        "loinc": "29463-7",
        "unit": "kg",
        "every_hours": 48,
        "usual": 70.0,
        "from_usual": [{"way": "rise", "by": 2, "level": "orange"}],
        "changes": [{"way": "rise", "by": 2, "within_hours": 168, "level": "red"}],
    }
    parameters = [*json.loads(canonical(CONTENT))["parameters"], weight]
    content = with_(["parameters"], parameters)
    assert wrongs(content) == []
    item = profile_of(content, SHIPPED).items[-1]
    assert isinstance(item, MeasuredItem)
    assert (item.code, item.title, item.unit) == ("weight", "Weight", "kg")
    assert usual_of(content) == {"weight": 70.0}
    verdict = judge_value(item, 72.0, Quality(0), 70.0)
    assert (verdict.level, verdict.bound) == (Level.ORANGE, Bound.RISE_FROM_USUAL)
    assert looks_back(profile_of(content, SHIPPED)) is not None
    assert looks_back(profile_of(CONTENT, SHIPPED)) is None
