"""Runs every vignette: a situation, what must be said of it, and where that is written."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from alerts.edge.library import load_profile
from alerts.evidence import Breaches
from alerts.rules import Context, OpenAlert, judge
from core.vitals import VITAL_BY_SLUG, Quality
from scoring.home_state import decide_home_state
from scoring.level import LEVEL_BY_CODE
from scoring.library import SCORES
from scoring.lines import answer_line
from scoring.observation import Answer, Reading

HERE = Path(__file__).parent
Vignette = dict[str, Any]


def vignettes(room: str) -> list[Any]:
    return [
        pytest.param(vignette, id=f"{file.stem}-{number}-{vignette.get('title', '')}")
        for file in sorted((HERE / room).glob("*.json"))
        for number, vignette in enumerate(json.loads(file.read_text()), start=1)
    ]


def readings(given: Vignette) -> list[Reading]:
    return [
        Reading(
            reading_id=entry["reading_id"],
            vital=VITAL_BY_SLUG[entry["vital"]],
            value=entry["value"],
            measured_at=datetime.fromisoformat(entry["at"]),
            quality=sum((Quality[flag] for flag in entry["quality"]), start=Quality(0)),
        )
        for entry in given["readings"]
    ]


def answers(given: Vignette) -> list[Answer]:
    return [
        Answer(
            answer_id=UUID(int=number),
            item=entry["item"],
            code=entry["code"],
            answered_at=datetime.fromisoformat(entry["at"]),
        )
        for number, entry in enumerate(given["answers"])
    ]


@pytest.mark.parametrize(
    ("score", "vignette"),
    [
        pytest.param(score, *one.values, id=f"{score}-{one.id}")
        for score in SCORES
        for one in vignettes(score)
    ],
)
def test_a_score(score: str, vignette: Vignette) -> None:
    answer = json.loads(answer_line(score, json.dumps(vignette["input"]).encode()))
    parts = answer.get("parts")
    assert {name: answer[name] for name in vignette["expected"]} == vignette["expected"]
    assert parts is None or sum(parts.values()) == answer["total"]
    assert vignette["source"]


@pytest.mark.parametrize("vignette", vignettes("home_state"))
def test_home_state(vignette: Vignette) -> None:
    given, expected = vignette["input"], vignette["expected"]
    state = decide_home_state(
        load_profile("covid-home", 1).items,
        readings(given),
        answers(given),
        given["usual"],
        datetime.fromisoformat(given["now"]),
    )
    assert state.level.code == expected["level"]
    assert [finding.item for finding in state.reasons] == expected["reasons"]
    if "missing" in expected:
        assert {missing.item: missing.why for missing in state.missing} == expected["missing"]
    if "doubtful" in expected:
        assert [doubtful.item for doubtful in state.doubtful] == expected["doubtful"]
    assert vignette["source"]


@pytest.mark.parametrize("vignette", vignettes("alerts"))
def test_alerts(vignette: Vignette) -> None:
    given, expected = vignette["input"], vignette["expected"]
    judged = judge(
        readings(given),
        answers(given),
        context=Context(
            usual=given["usual"],
            judged_through={
                item: datetime.fromisoformat(at) for item, at in given["judged_through"].items()
            },
        ),
        profile=load_profile("covid-home", 1),
        open_alerts=[
            OpenAlert(alert_id=UUID(int=number), item=item, level=LEVEL_BY_CODE[level])
            for number, (item, level) in enumerate(given["open"].items())
        ],
        now=datetime.fromisoformat(given["now"]),
    )
    found = {run.item: run for run in judged.assessments}
    assert {item: run.level.code for item, run in found.items()} == expected["assessed"]
    raised = [[new.item, new.level.code, say(new.breaches)] for new in judged.raises]
    assert raised == expected["raises"]
    assert [worse.item for worse in judged.worsenings] == expected["worsenings"]
    assert [again.item for again in judged.sightings] == expected["sightings"]
    for item, at in expected.get("judged_through", {}).items():
        assert found[item].judged_through == (at and datetime.fromisoformat(at))
    assert vignette["source"]


def say(breaches: Breaches) -> Vignette:
    return {
        "first": breaches.first.measured_at.isoformat(),
        "worst": breaches.worst.measured_at.isoformat(),
        "last": breaches.last.measured_at.isoformat(),
        "count": breaches.count,
        "late": breaches.late,
        "to_verify": breaches.worst.to_verify,
    }
