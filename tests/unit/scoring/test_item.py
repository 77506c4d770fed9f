"""An item's limits, words and codes, each said out: what data files and the database rely on."""

from dataclasses import replace
from datetime import timedelta
from enum import Enum

import pytest

from core.i18n import translator
from core.vitals import Vital
from scoring.baseline import FALL_POINTS
from scoring.cat import Impact
from scoring.home_state import MISSING_LABELS, MissingWhy
from scoring.item import (
    BOUND_LABELS,
    BOUND_SIGNS,
    OVER_TIME,
    AnswerItem,
    Bound,
    Choice,
    Limit,
    MeasuredItem,
    Said,
    answer_choice,
    breached_limit,
    round_as_shown,
    what_was_said,
)
from scoring.level import LEVEL_BY_CODE, LEVEL_LABELS, Level
from scoring.mortality_4c import Risk
from scoring.news2 import Band, Consciousness
from scoring.news2_advice import MONITORING_LABELS, RESPONSE_LABELS, Monitoring, Response
from scoring.news2_home import Status
from scoring.orientation import Ending, Reply, Temperature
from scoring.rox import Course
from scoring.weight import Rule

CODES: dict[type[Enum], str] = {
    Bound: "at_most below at_least fall_from_usual_at_least rise_from_usual_at_least "
    "fall_within_at_least rise_within_at_least",
    MissingWhy: "never stale doubtful",
    Impact: "low medium high very_high",
    Risk: "low intermediate high very_high",
    Band: "low low-medium medium high",
    Consciousness: "A C V P U",
    Monitoring: "every_12_h every_4_to_6_h every_hour continuous",
    Response: "routine nurse_decides team_reviews urgent emergency",
    Status: "complete insufficient_data",
    Course: "lower_risk undecided failure no_hour",
    Rule: "esc day rise rise_and_symptom",
    Ending: "FIN1 FIN3 FIN4 FIN5 FIN6 FIN7 FIN8",
    Reply: "yes no unknown not_applicable",
    Temperature: "below_35_5 from_35_5 from_37_8 from_39 unknown",
}
"""Codes are a contract with data files, rows and other systems: a change breaks them."""


@pytest.mark.parametrize("kind", list(CODES))
def test_codes_are_a_contract(kind: type[Enum]) -> None:
    assert [member.value for member in kind] == CODES[kind].split()


def test_the_codes_of_levels_and_their_order() -> None:
    assert {level.code: int(level) for level in Level} == {
        "green": 0, "unknown": 1, "orange": 2, "red": 3,
    }  # fmt: skip
    assert all(LEVEL_BY_CODE[level.code] is level for level in Level)


@pytest.mark.parametrize(
    "labels", [BOUND_LABELS, LEVEL_LABELS, MISSING_LABELS, MONITORING_LABELS, RESPONSE_LABELS]
)
def test_every_label_has_its_french(labels: dict[Enum, str]) -> None:
    same = [label for label in labels.values() if translator("fr")(label) == label]
    assert set(same) <= {"orange"}
    assert len(set(labels.values())) == len(labels)


def test_signs() -> None:
    assert [BOUND_SIGNS[bound] for bound in Bound] == ["≤", "<", "≥", "≥", "≥", "≥", "≥"]
    assert {Bound.FALL_WITHIN, Bound.RISE_WITHIN} == OVER_TIME


def limit(bound: Bound, value: float, level: Level = Level.ORANGE) -> Limit:
    return Limit(level=level, bound=bound, value=value, source="here")


ITEM = MeasuredItem(
    code="spo2", title="SpO2", vital=Vital.SPO2, limits=(),
    max_age=timedelta(hours=24), essential=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("bound", "met", "missed"),
    [
        (Bound.AT_MOST, 92, 93),
        (Bound.BELOW, 91, 92),
        (Bound.AT_LEAST, 92, 91),
        (Bound.FALL_FROM_USUAL, 95, 96),
        (Bound.RISE_FROM_USUAL, 101, 100),
    ],
)
def test_each_bound_meets_its_limit_itself(bound: Bound, met: float, missed: float) -> None:
    value = FALL_POINTS if "usual" in bound else 92
    one = replace(ITEM, limits=(limit(bound, value),))
    assert breached_limit(one, met, 98) is one.limits[0]
    assert breached_limit(one, missed, 98) is None
    if "usual" in bound:
        assert breached_limit(one, met, None) is None


@pytest.mark.parametrize("bound", sorted(OVER_TIME))
def test_one_value_never_meets_a_bound_over_time(bound: Bound) -> None:
    one = replace(ITEM, limits=(limit(bound, 0),))
    assert [breached_limit(one, value, 98) for value in (0, 50, 98, 100)] == [None] * 4


def test_the_worst_of_the_limits_met_counts() -> None:
    limits = (limit(Bound.AT_MOST, 94), limit(Bound.AT_MOST, 92, Level.RED))
    one = replace(ITEM, limits=limits)
    assert breached_limit(one, 92, None) is limits[1]
    assert breached_limit(replace(ITEM, limits=limits[::-1]), 92, None) is limits[1]
    assert breached_limit(one, 94, None) is limits[0]


@pytest.mark.parametrize(
    ("vital", "value", "shown"),
    [
        (Vital.TEMPERATURE, 35.05, 35.1), (Vital.TEMPERATURE, 35.04, 35.0),
        (Vital.SPO2, 91.5, 92.0), (Vital.SPO2, 91.4, 91.0), (Vital.WEIGHT, 80.25, 80.3),
    ],
)  # fmt: skip
def test_rounding_is_half_up_on_what_is_written(vital: Vital, value: float, shown: float) -> None:
    assert round_as_shown(vital, value) == shown


WORDS = {"fr": "Essoufflé ?", "en": "Breathless?"}
ANSWER = AnswerItem(
    code="dyspnoea",
    title="Breathlessness",
    choices=(
        Choice(code="none", title="no", level=Level.GREEN, source="", words={"fr": "Non"}),
        Choice(code="rest", title="at rest", level=Level.RED, source="", words={"en": "At rest"}),
    ),
    max_age=timedelta(hours=24),
    essential=False,
    words=WORDS,
)


def test_a_choice_is_found_by_its_code() -> None:
    assert answer_choice(ANSWER, "rest") is ANSWER.choices[1]
    assert answer_choice(ANSWER, "other") is None


def test_what_was_said_is_said_in_the_words_that_were_read() -> None:
    said = what_was_said(ANSWER, "none")
    assert said == Said(question=WORDS, answer={"fr": "Non"})
    assert what_was_said(ANSWER, "other") == Said(question=WORDS, answer={})
    assert what_was_said(ANSWER, None) is None
    assert what_was_said(replace(ANSWER, words={}), "none") is None
    assert what_was_said(ITEM, "none") is None


def test_a_sentence_in_a_language_else_in_french_else_in_any() -> None:
    asked = Said(question=WORDS, answer={"fr": "Non"})
    assert asked.sentence("fr") == "Essoufflé ? Non"
    assert asked.sentence("en") == "Breathless? Non"
    assert asked.question_in("de") == "Essoufflé ?"
    assert Said(question=WORDS, answer={"es": "No"}).answer_in("en") == "No"
    assert Said(question=WORDS, answer={}).answer_in("en") == ""
    told = Said(question={"fr": "Poids", "en": "Weight"}, answer={"fr": "80"})
    assert told.sentence("fr") == "Poids\N{NO-BREAK SPACE}: 80"
    assert told.sentence("en") == "Weight: 80"
