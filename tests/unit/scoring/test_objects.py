"""One object or many: the answers of the line by line way; and what is said of each score."""

import hashlib
import json
import random
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from scoring.describe import DESCRIPTIONS, input_schema
from scoring.library import SCORES
from scoring.lines import answer_line, parse
from scoring.objects import MOST_OBJECTS, TooMany, answer_body
from scoring.refusal import Refused
from tests.conftest import ROOT

ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    3,
    97.5,
    1e308,
    10**400,
    "A",
    "x",
    "",
    [],
    {},
    [1],
    [None],
]


def answered(score: str, objects: Any) -> Any:
    """Return what is answered, as it reads once it was JSON."""
    found = answer_body(score, json.dumps(objects).encode())
    return json.loads(json.dumps(found)) if isinstance(found, dict | list) else found


@st.composite
def an_object(draw: st.DrawFn, score: str) -> dict[str, Any]:
    """Return the example, with some fields left out, altered or added."""
    known = dict(DESCRIPTIONS[score].example)
    names = [*input_schema(score)["properties"], "other"]
    for name in draw(st.lists(st.sampled_from(names), max_size=4)):
        if draw(st.booleans()):
            known.pop(name, None)
        else:
            odd = st.sampled_from(ODD) | st.floats() | st.integers(0, 200)
            known[name] = draw(odd)
    return known


@pytest.mark.parametrize("score", SCORES)
@given(data=st.data())
def test_the_short_way_says_what_the_long_way_says(score: str, data: st.DataObject) -> None:
    objects = data.draw(st.lists(an_object(score), max_size=3))
    lines = [json.loads(answer_line(score, json.dumps(one).encode())) for one in objects]
    assert answered(score, objects) == lines
    for one, line in zip(objects, lines, strict=True):
        alone = answered(score, one)
        unreadable = isinstance(parse(SCORES[score].given, one), Refused)
        assert isinstance(alone, Refused) == unreadable
        assert alone == Refused(reason=line["refused"]) if unreadable else alone == line


@pytest.mark.parametrize("score", SCORES)
@given(data=st.data())
def test_the_schema_says_what_can_be_read(score: str, data: st.DataObject) -> None:
    one = data.draw(an_object(score))
    schema = input_schema(score)
    fits = Draft202012Validator(schema).is_valid(one)
    reads = not isinstance(parse(SCORES[score].given, one), Refused)
    whole = any(isinstance(value, float) and value.is_integer() for value in one.values())
    dates = '"at"' in json.dumps(schema)  # a schema says that a time is a text, not which
    assert fits >= reads
    assert fits == reads or whole or dates


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON: Expecting value.*"),
        (b"{", "not JSON: Expecting property name.*"),
        (b"\xff", "not JSON: 'utf-8' codec.*"),
        (b"[" * 100_000, "not JSON: maximum recursion depth.*"),
        (b'{"grade": 1, "grade": 2}', "not JSON: a field is given twice"),
        *((body, "neither a JSON object nor a list of them") for body in (b"1", b'"x"', b"null")),
    ],
)
def test_what_is_no_object_and_no_list_is_refused(body: bytes, reason: str) -> None:
    refused = answer_body("mmrc", body)
    assert isinstance(refused, Refused)
    assert re.fullmatch(reason, refused.reason)


def test_what_can_be_read_at_once_takes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_: object) -> None:
        raise AssertionError("the long way")

    monkeypatch.setattr("scoring.objects.parse", parsed)
    assert answered("mmrc", {"grade": 2})["grade"] == 2
    assert answered("mmrc", {})["missing"] == ["grade"]
    assert "total" in answered("news2", dict(DESCRIPTIONS["news2"].example))


def test_in_a_list_nothing_stops_the_others() -> None:
    found = answered("mmrc", [{"grade": 4}, 7, {"grad": 4}, {"grade": 9}, {}, {"grade": 0}])
    assert [one.get("grade", one.get("refused")) for one in found] == [
        4, "not a JSON object", "unknown field: grad", "grade", "missing: grade", 0
    ]  # fmt: skip


def test_a_list_has_an_end() -> None:
    assert MOST_OBJECTS == 1000
    assert len(answered("priest", [{}] * MOST_OBJECTS)) == MOST_OBJECTS
    assert answered("priest", [{}] * (MOST_OBJECTS + 1)) == TooMany(count=MOST_OBJECTS + 1)


def test_every_score_is_described_with_an_example_it_answers() -> None:
    assert list(DESCRIPTIONS) == list(SCORES)
    for name, known in DESCRIPTIONS.items():
        assert known.source
        assert (ROOT / "docs/clinical" / known.page).exists(), known.page
        Draft202012Validator.check_schema(input_schema(name))
        Draft202012Validator(input_schema(name)).validate(known.example)
        refused = "refused" in answered(name, dict(known.example))
        assert refused == (name == "priest"), name


ANSWERS = {
    "news2": (1, "922f30d9bf1dac40"),
    "news2-home": (1, "a9e90d57c671bc2e"),
    "qsofa": (1, "0a465edb07979054"),
    "rox": (1, "94396538a469e31d"),
    "mortality-4c": (1, "a2110c2c080acd25"),
    "mmrc": (1, "e985be2a659ef8f9"),
    "cat": (1, "71eefef9d0897993"),
    "pro-ctcae": (1, "f6243f7f4a310e83"),
    "weight": (1, "478702ca12eef16e"),
    "spo2-baseline": (1, "00e366ff0f166600"),
    "orientation": (1, "1aa020ca0f8b3234"),
    "priest": (1, "98f84c7ea0d360a0"),
}
"""By score: its version, and the digest of its answers to a fixed thousand inputs."""


def digest(score: str) -> str:
    """Return the digest of a score's answers to inputs around its example, always the same.

    The words of a refusal are no part of it.
    """
    chance, given = random.Random(score), []
    for _ in range(1000):
        given.append({n: around(v, chance) for n, v in DESCRIPTIONS[score].example.items()})
    found = [one | {"refused": "refused" in one} for one in answered(score, given)]
    whole = json.dumps(found, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def around(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.04:
        return None
    match value:
        case bool():
            return chance.random() < 0.5
        case int():
            return max(0, round(value * chance.uniform(0.5, 1.6)))
        case float():
            return round(value * chance.uniform(0.8, 1.2), 2)
        case list():
            return [around(one, chance) for one in value]
        case dict():
            return {name: around(one, chance) or one for name, one in value.items()}
        case _:
            return value


@pytest.mark.parametrize("score", SCORES)
def test_another_answer_is_another_version(score: str) -> None:
    found = (DESCRIPTIONS[score].version, digest(score))
    assert ANSWERS.get(score) == found, (
        f"the answers of {score} changed: raise its version in scoring/describe.py, "
        f"and note here the version with {found[1]}"
    )
