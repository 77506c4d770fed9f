"""What is said of each score: its example answered by hand, its schema, its papers."""

import json
import re
from typing import Any

import pytest

from scoring.describe import DESCRIPTIONS, input_schema
from scoring.objects import answer_body
from tests.conftest import ROOT

ANSWERED: dict[str, dict[str, Any]] = {
    "news2": {
        "total": 2 + 1 + 1 + 1,
        "parts": {
            "respiratory_rate": 2, "spo2": 1, "supplemental_oxygen": 0, "systolic": 0,
            "pulse": 1, "consciousness": 0, "temperature": 1,
        },
    },
    "news2-home": {"status": "complete", "missing": [], "at_three": ["respiratory_rate"]},
    "qsofa": {"total": 2, "parts": {"respiratory_rate": 1, "systolic": 1, "altered_mentation": 0}},
    "rox": {"index": 5.11, "course": "lower_risk"},  # 92 / 0.6 / 30
    "mortality-4c": {
        "total": 4 + 1 + 1 + 1 + 2 + 1,
        "parts": {
            "age": 4, "male": 1, "comorbidities": 1, "respiratory_rate": 1, "spo2": 2,
            "glasgow": 0, "urea": 0, "crp": 1,
        },
    },
    "mmrc": {"grade": 2, "more_symptoms": True},
    "cat": {"total": 2 + 1 + 0 + 3 + 2 + 1 + 2 + 3, "impact": "medium"},
    "pro-ctcae": {"grade": 2},
    "weight": {"rules": ["esc", "day", "rise"], "median_kg": 80.2, "above_kg": 1.9},
    "spo2-baseline": {"last": 93.0, "usual": 97.0, "before": 3, "fallen": True},
    "orientation": {"ending": "FIN3", "minor": 0, "major": 0, "prognostic": 0},
    "priest": {"refused": "priest: its points were not verified against its paper"},
}  # fmt: skip
"""By score: what its example is answered."""


@pytest.mark.parametrize("score", DESCRIPTIONS)
def test_each_example_is_answered_as_by_hand(score: str) -> None:
    body = json.dumps(DESCRIPTIONS[score].example).encode()
    found = json.loads(json.dumps(answer_body(score, body)))
    assert {name: found[name] for name in ANSWERED[score]} == ANSWERED[score]


def test_a_schema_is_whole_and_says_what_must_be_given() -> None:
    assert input_schema("mmrc") == {
        "title": "MmrcInput",
        "description": "The grade, 0 to 4; None: not answered.",
        "type": "object",
        "properties": {"grade": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
        "required": [],
        "additionalProperties": False,
    }
    weight = input_schema("weight")
    assert weight["required"] == ["weights"]
    assert "\\n" not in json.dumps(weight), "what is described is one line"
    weighed = weight["properties"]["weights"]["items"]
    assert (weighed["title"], weighed["required"]) == ("Weighed", ["at", "kg"])


@pytest.mark.parametrize("score", DESCRIPTIONS)
def test_the_papers_of_a_source_are_on_its_page(score: str) -> None:
    known = DESCRIPTIONS[score]
    page = (ROOT / "docs/clinical" / known.page).read_text()
    papers = re.findall(r"[0-9]{4};[0-9]+:\w+", known.source)
    assert papers or known.source.startswith(("Royal College", "proposed", "Ministère"))
    assert [paper for paper in papers if paper not in page] == []
