"""The data files and words of the room: strict to read, sourced, and said in French."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from alerts.edge.library import load_ladder, load_profile
from alerts.ladder import LadderError, Purpose, ladder_json, parse_ladder
from alerts.profile import Override, ProfileError, for_patient, parse_profile, usual_values
from scoring.item import Bound, Limit, MeasuredItem, breached_limit
from scoring.level import Level
from tests.conftest import ROOT

PROFILES = sorted((ROOT / "alerts/profiles").glob("*.json"))
LADDERS = sorted((ROOT / "alerts/ladders").glob("*.json"))
COVID = (ROOT / "alerts/profiles/covid-home-1.json").read_text()
HOME = (ROOT / "alerts/ladders/home-two-rungs-1.json").read_text()


def changed(text: str, path: list[str | int], value: Any) -> str:
    document = json.loads(text)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document)


@pytest.mark.parametrize("file", PROFILES, ids=lambda file: file.stem)
def test_every_profile_is_named_after_itself_and_proposed(file: Path) -> None:
    name, _, version = file.stem.rpartition("-")
    profile = load_profile(name, int(version))
    assert profile.reference == file.stem
    assert profile.status == "proposed"
    for item in profile.items:
        rows = item.limits if isinstance(item, MeasuredItem) else item.choices
        assert all(row.source.strip() for row in rows)


@pytest.mark.parametrize("file", LADDERS, ids=lambda file: file.stem)
def test_every_ladder_is_named_after_itself_and_survives_freezing(file: Path) -> None:
    name, _, version = file.stem.rpartition("-")
    ladder = load_ladder(name, int(version))
    assert f"{ladder.id}-{ladder.version}" == file.stem
    assert parse_ladder(ladder_json(ladder)) == ladder
    assert (ladder.purpose is Purpose.DEMONSTRATION) == name.startswith("demo")
    assert (ladder.status == "proposed") == (ladder.purpose is Purpose.CARE)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["items", 0, "vital"], "saturation", "spo2: unknown vital 'saturation'"),
        (["items", 0, "unit"], None, "spo2: unit is None, must be '%'"),
        (["items", 0, "unit"], "mm[Hg]", "spo2: unit is 'mm[Hg]', must be '%'"),
        (["items", 0, "limits"], [], "spo2: a measured item has limits"),
        (["items", 0, "limits", 0, "level"], "green", "spo2: a limit is orange or red"),
        (["items", 0, "limits", 0, "level"], "grey", "spo2: a limit is orange or red"),
        (["items", 0, "limits", 0, "bound"], "around", "around"),
        (["items", 0, "limits", 0, "value"], "92", "value"),
        (["items", 0, "limits", 0, "source"], "", "source"),
        (["items", 0, "colour"], "blue", "colour"),
        (["items", 0, "max_age_hours"], 0, "max_age_hours"),
        (["items", 0, "code"], "pulse", "an item is given twice"),
        (["items", 2, "vital"], "respiratory_rate", "a vital is judged by two items"),
        (["items", 4, "choices"], [], "dyspnoea: an item without vital has choices"),
        (["items", 4, "repeat"], {"minutes": 15, "source": "x"}, "dyspnoea: only what is measured"),
        (["items", 0, "repeat"], {"minutes": 61, "source": "x"}, "minutes"),
        (["items", 0, "repeat"], {"minutes": 15, "source": ""}, "source"),
        (["items", 4, "unit"], "%", "dyspnoea: an item without vital has choices"),
        (["items", 4, "choices", 0, "level"], "unknown", "dyspnoea: none is green"),
        (["items", 4, "choices", 0, "level"], "blue", "dyspnoea: none is green"),
        (["items", 4, "choices", 0, "code"], "rest", "dyspnoea: a choice is given twice"),
        (["items"], [], "items"),
        (["version"], 0, "version"),
    ],
)
def test_a_wrong_profile_is_refused_by_place(path: list[str | int], value: Any, said: str) -> None:
    with pytest.raises(ProfileError, match=said.replace("[", r"\[")):
        parse_profile(changed(COVID, path, value))


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[]", "null"])
def test_what_is_no_document_is_refused(text: str | bytes) -> None:
    with pytest.raises(ProfileError):
        parse_profile(text)
    with pytest.raises(LadderError):
        parse_ladder(text)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["repeat_from_rung"], 3, "repeat_from_rung is 3, the ladder has 2"),
        (["repeat_from_rung"], 0, "repeat_from_rung"),
        (["rungs"], [], "rungs"),
        (["rungs", 0, "role"], "neighbour", "neighbour"),
        (["rungs", 0, "channels"], [], "channels"),
        (["rungs", 0, "wait_seconds", "red"], 0, "red"),
        (["rungs", 0, "wait_seconds", "source"], "", "source"),
        (["seen_seconds", "yellow"], 3, "yellow"),
    ],
)
def test_a_wrong_ladder_is_refused_by_place(path: list[str | int], value: Any, said: str) -> None:
    with pytest.raises(LadderError, match=said):
        parse_ladder(changed(HOME, path, value))


def test_what_is_not_there_cannot_be_loaded() -> None:
    with pytest.raises(FileNotFoundError, match="covid-home-99"):
        load_profile("covid-home", 99)
    with pytest.raises(FileNotFoundError, match="home-two-rungs-99"):
        load_ladder("home-two-rungs", 99)


COPD = Override(
    item="spo2",
    limits=(Limit(level=Level.RED, bound=Bound.AT_MOST, value=87, source="Dr Roy, target 88-92"),),
    essential=False,
    usual=90,
    author=UUID(int=1),
    at=datetime(2026, 11, 22, tzinfo=UTC),
    reason="COPD, target 88 to 92 %",
)


def spo2_of(*overrides: Override) -> MeasuredItem:
    item = for_patient(parse_profile(COVID), overrides).items[0]
    assert isinstance(item, MeasuredItem)
    return item


def test_one_patient_may_have_limits_of_his_own() -> None:
    assert breached_limit(spo2_of(COPD), 90, 90) is None
    own = breached_limit(spo2_of(COPD), 87, 90)
    assert own is not None
    assert own.level is Level.RED
    assert spo2_of(COPD).essential is False
    assert usual_values(for_patient(parse_profile(COVID), [COPD])) == {"spo2": 90}


def test_an_override_leaves_what_it_does_not_say() -> None:
    silent = Override(
        item="spo2",
        limits=None,
        essential=None,
        usual=None,
        author=COPD.author,
        at=COPD.at,
        reason="usual value asked for",
    )
    assert spo2_of(silent) == spo2_of()
    assert usual_values(for_patient(parse_profile(COVID), [silent])) == {}


def test_a_wrong_override_is_refused() -> None:
    profile = parse_profile(COVID)
    with pytest.raises(ProfileError, match="overridden twice"):
        for_patient(profile, [COPD, COPD])
    for item in ("dyspnoea", "glucose"):
        wrong = Override(
            item=item,
            limits=(),
            essential=None,
            usual=None,
            author=COPD.author,
            at=COPD.at,
            reason="x",
        )
        with pytest.raises(ProfileError, match=f"{item}: no such measured item"):
            for_patient(profile, [wrong])
    blank = Override(
        item="spo2",
        limits=(),
        essential=None,
        usual=None,
        author=COPD.author,
        at=COPD.at,
        reason=" ",
    )
    with pytest.raises(ProfileError, match="needs its reason"):
        for_patient(profile, [blank])
