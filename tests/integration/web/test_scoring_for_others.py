"""Scores over HTTP: what is answered, and what is answered to what cannot be."""

import json
from typing import Any

import pytest
from httpx2 import Response
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from app.scoring_openapi import listing
from core.settings import settings
from identity.key_service import Made, make_key
from identity.service import register_organisation
from scoring.describe import DESCRIPTIONS
from scoring.library import SCORES
from scoring.objects import MOST_OBJECTS
from tests.integration.web.scene import NewClient

ROOT = "/api/v1/scoring"
NEWS2 = dict(DESCRIPTIONS["news2"].example)


@pytest.fixture
def other(new_client: NewClient) -> TestClient:
    """Another system: a key, and neither cookie nor origin."""
    key = make_key(str(register_organisation("Centre de Brie")), "DPI", ["scoring"])
    assert isinstance(key, Made)
    client = new_client()
    client.headers = {"authorization": f"Bearer {key.token}"}
    return client


def problem(answer: Response, status: int) -> tuple[str, str]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert set(said) == {"error", "reason"}
    return said["error"], said["reason"]


def without_none(value: Any) -> Any:
    """Return an answer as OpenAPI shows it: what is null is left out of its examples."""
    if isinstance(value, dict):
        return {name: without_none(one) for name, one in value.items() if one is not None}
    return [without_none(one) for one in value] if isinstance(value, list) else value


def test_one_object_is_answered_with_its_version(other: TestClient) -> None:
    answer = other.post(f"{ROOT}/news2", json=NEWS2)
    assert answer.status_code == 200
    assert (answer.json()["total"], answer.json()["band"]) == (5, "medium")
    assert answer.headers["chevet-version"] == listing()["version"]
    assert answer.headers["chevet-score-version"] == str(DESCRIPTIONS["news2"].version)
    assert answer.headers["cache-control"] == "no-store"


def test_a_refusal_is_an_answer(other: TestClient) -> None:
    child = other.post(f"{ROOT}/news2", json={**NEWS2, "age": 12})
    assert child.status_code == 200
    assert child.json() == {"refused": "age: under 16, NEWS2 does not apply", "missing": []}
    for name in ("news2", "news2-home"):
        known = {**DESCRIPTIONS[name].example, "pregnant": True}
        pregnant = other.post(f"{ROOT}/{name}", json=known)
        said = {"refused": "pregnant: NEWS2 does not apply in pregnancy", "missing": []}
        assert (pregnant.status_code, pregnant.json()) == (200, said)
    part = other.post(f"{ROOT}/news2", json={**NEWS2, "pulse": None})
    assert part.json() == {"refused": "missing: pulse", "missing": ["pulse"]}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b'{"grade": 1, "grade": 2}', "not JSON: a field is given twice"),
        (b"3", "neither a JSON object nor a list of them"),
        (b'{"grad": 3}', "unknown field: grad"),
        (b'{"grade": "3"}', 'grade: "3" is not a whole number'),
        (b'{"grade": true}', "grade: true is not a whole number"),
    ],
)
def test_what_cannot_be_read_is_told_why(other: TestClient, body: bytes, reason: str) -> None:
    word, said = problem(other.post(f"{ROOT}/mmrc", content=body), 422)
    assert word == "unreadable"
    assert said.startswith(reason)


def test_a_list_is_answered_in_its_order_whatever_stands_in_it(other: TestClient) -> None:
    given: list[Any] = [{"grade": 4}, {"grade": "x"}, 5, {"grade": 9}, {}, {"grade": 0}]
    answer = other.post(f"{ROOT}/mmrc", json=given)
    assert answer.status_code == 200
    assert [one.get("grade", one.get("refused")) for one in answer.json()] == [
        4, 'grade: "x" is not a whole number', "not a JSON object", "grade", "missing: grade", 0
    ]  # fmt: skip
    assert other.post(f"{ROOT}/mmrc", json=[]).json() == []


def test_many_at_once_and_not_more(other: TestClient) -> None:
    many = [{**NEWS2, "pulse": 60 + number % 80} for number in range(MOST_OBJECTS)]
    answer = other.post(f"{ROOT}/news2", json=many)
    assert answer.status_code == 200
    alone = [other.post(f"{ROOT}/news2", json=one).json() for one in many[:3]]
    assert answer.json()[:3] == alone
    assert len(answer.json()) == MOST_OBJECTS
    word, reason = problem(other.post(f"{ROOT}/news2", json=[*many, NEWS2]), 413)
    assert (word, reason) == ("too_large", f"{MOST_OBJECTS + 1} objects; at most 1000 in one call")
    word, _ = problem(other.post(f"{ROOT}/news2", content=b" " * (1024 * 1024 + 1)), 413)
    assert word == "too_large"


@pytest.mark.parametrize("name", ["sofa", "NEWS2", "__class__", "news2%20"])
def test_of_a_score_there_is_not_those_there_are_are_named(other: TestClient, name: str) -> None:
    word, reason = problem(other.post(f"{ROOT}/{name}", json={}), 404)
    assert word == "unknown_score"
    assert reason == f"there are: {', '.join(SCORES)}"


def test_calls_that_come_too_often_are_told_when_to_come_back(
    other: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_REDIS_URL", "")
    monkeypatch.setenv("CHEVET_REQUESTS_PER_MINUTE", "20")
    settings.cache_clear()
    told = [other.post(f"{ROOT}/mmrc", json={"grade": 1}) for _ in range(7)]
    assert [one.status_code for one in told] == [200] * 5 + [429] * 2
    assert problem(told[-1], 429)[0] == "too_many_requests"
    assert 1 <= int(told[-1].headers["retry-after"]) <= 60
    other.headers["authorization"] = "Bearer chevet_key_another"
    assert other.post(f"{ROOT}/mmrc", json={}).status_code == 401, "each key has its own bound"
    assert other.get("/help").status_code == 200, "and pages have theirs"


def test_a_request_that_another_site_made_a_browser_send_is_refused(other: TestClient) -> None:
    forged = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert other.post(f"{ROOT}/mmrc", json={"grade": 1}, headers=forged).status_code == 403
    answer = other.post(f"{ROOT}/mmrc", json={"grade": 1})
    assert "access-control-allow-origin" not in answer.headers


def test_the_list_says_what_each_score_is_given_and_answers(
    new_client: NewClient, other: TestClient
) -> None:
    answer = new_client().get(ROOT)
    assert answer.status_code == 200, "it needs no key"
    listed = answer.json()
    assert [one["score"] for one in listed["scores"]] == list(SCORES)
    for one in listed["scores"]:
        assert one["source"]
        assert one["version"] >= 1
        Draft202012Validator.check_schema(one["given"])
        Draft202012Validator(one["given"]).validate(one["example"]["given"])
        found = other.post(one["links"]["score"], json=one["example"]["given"])
        assert found.json() == one["example"]["answered"]


def test_the_published_openapi_says_so_with_examples_that_hold(
    new_client: NewClient, other: TestClient
) -> None:
    whole = new_client().get("/api/openapi.json").json()
    post = whole["paths"][f"{ROOT}/{{score}}"]["post"]
    assert set(post["responses"]) == {"200", "401", "403", "404", "413", "422", "429"}
    assert post["security"] == [{"key": []}]
    assert whole["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    (score,) = post["parameters"]
    assert score["schema"]["enum"] == list(SCORES)
    assert "$ref" not in json.dumps(post), "nothing points to what is not there"
    asked = post["requestBody"]["content"]["application/json"]
    answers = post["responses"]["200"]["content"]["application/json"]
    for name, example in asked["examples"].items():
        Draft202012Validator(asked["schema"]).validate(example["value"])
        found = other.post(f"{ROOT}/{'news2' if name == 'many' else name}", json=example["value"])
        assert without_none(found.json()) == answers["examples"][name]["value"]
        Draft202012Validator(answers["schema"]).validate(found.json())
    for status in ("401", "403", "404", "413", "422", "429"):
        told = post["responses"][status]["content"]["application/json"]
        Draft202012Validator(told["schema"]).validate(told["example"])
