"""Asking too often is slowed down, in words, with or without Valkey; no page waits for Valkey."""

import time
from dataclasses import replace

import pytest

from app.rates import ATTEMPTS, Rates, rules_for
from core.settings import settings
from tests.conftest import Services
from tests.integration.web.scene import PASSWORD, NewClient, Scene, sign_in
from tests.security.routes import web_routes


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch, services: Services) -> None:
    """Bounds a test can reach; counters of its own in Valkey, by an address nobody else has."""
    monkeypatch.setenv("CHEVET_REDIS_URL", "")
    monkeypatch.setenv("CHEVET_REQUESTS_PER_MINUTE", "10")
    monkeypatch.setenv("CHEVET_ATTEMPTS_PER_MINUTE", "3")
    settings.cache_clear()


def test_a_session_that_asks_too_often_is_told_when_to_come_back(
    scene: Scene, new_client: NewClient, narrow: None
) -> None:
    client = sign_in(new_client(), "gp")
    told = [client.get("/help").status_code for _ in range(12)]
    assert told == [200] * 10 + [429] * 2
    answer = client.get("/help")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert "Trop de demandes" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert client.get("/healthz").status_code == 200
    assert client.get("/static/chevet.css").status_code == 200
    program = client.get("/api/nothing")
    assert program.status_code == 429
    assert program.json()["error"] == "too_many_requests"
    assert sign_in(new_client(), "patient").get("/p").status_code == 200


def test_guessing_at_many_names_from_one_address_is_slowed_down(
    scene: Scene, new_client: NewClient, narrow: None
) -> None:
    told = [
        new_client()
        .post("/sign-in", data={"login": f"name{number}", "password": PASSWORD})
        .status_code
        for number in range(5)
    ]
    assert told == [401] * 3 + [429] * 2


def test_searching_and_public_pages_have_bounds_of_their_own(
    scene: Scene, new_client: NewClient, narrow: None
) -> None:
    names = {
        (method, path): {
            rule.name: rule.per_minute for rule in rules_for(method, path, session="s", address="a")
        }
        for method, path in (
            ("POST", "/patients/search"), ("GET", "/help"), ("POST", "/reset/x"),
            ("GET", "/static/chevet.css"),
        )
    }  # fmt: skip
    assert names["POST", "/patients/search"] == {"address": 40, "session": 10, "search": 1}
    assert names["GET", "/help"] == {"address": 40, "session": 10}
    assert names["POST", "/reset/x"]["attempt"] == 3
    assert names["GET", "/static/chevet.css"] == {}
    told = [new_client().get("/about").status_code for _ in range(41)]
    assert told == [200] * 40 + [429]


def test_attempts_are_counted_where_there_are_routes_that_ask_for_a_secret() -> None:
    posts = {route.path for route in web_routes() if route.method == "POST"}
    assert [begin for begin in ATTEMPTS if not any(p.startswith(begin) for p in posts)] == []
    for path in ("/sign-in", "/sign-in/second", "/activate/x", "/reset/x", "/emergency/open"):
        rules = rules_for("POST", path, session="s", address="a")
        assert "attempt" in {rule.name for rule in rules}, path


def test_processes_count_together_in_valkey_and_each_alone_without_it(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rule,) = rules_for("GET", "/help", session="", address=f"test {time.monotonic_ns()}")
    rule = replace(rule, per_minute=4)
    monkeypatch.setenv("CHEVET_REDIS_URL", services.env["CHEVET_REDIS_URL"])
    settings.cache_clear()
    one, other = Rates(), Rates()
    assert [rates.seconds_to_wait((rule,)) for rates in (one, other, one, other)] == [0] * 4
    assert one.seconds_to_wait((rule,)) > 0
    assert other.seconds_to_wait((rule,)) > 0
    monkeypatch.setenv("CHEVET_REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    alone, begun = Rates(), time.monotonic()
    assert [alone.seconds_to_wait((rule,)) for _ in range(4)] == [0] * 4
    assert alone.seconds_to_wait((rule,)) > 0
    assert time.monotonic() - begun < 2


def test_without_the_counting_the_check_finds_it(
    scene: Scene, new_client: NewClient, narrow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rates, "seconds_to_wait", lambda *_: 0)
    client = new_client()
    guess = {"login": "nobody", "password": PASSWORD}
    assert 429 not in [client.post("/sign-in", data=guess).status_code for _ in range(5)]
