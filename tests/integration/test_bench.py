"""The benchmark of ingest, small: everything real, what it compares, what it leaves."""

import os

import psycopg
import pytest

from app.bench import run_bench
from app.bench.asking import Day, run_asking
from app.bench.ingest import Size, run_ingest
from app.bench.scoring import Crowd, run_scoring
from tests.conftest import Database, Services

SMALL = Size(repetitions=2, homes=2, naive_messages=60, messages=600)


def databases(services: Services) -> list[str]:
    with psycopg.connect(services.env["CHEVET_SUPERUSER_DSN"]) as conn:
        rows = conn.execute("select datname from pg_database where datname like 'bench_%'")
        return [str(name) for (name,) in rows]


def test_it_measures_three_subscribers_and_leaves_nothing(
    database: Database, services: Services
) -> None:
    before, lines = dict(os.environ), list[str]()
    goals = run_ingest(lines.append, SMALL)
    assert [line.split()[:2] for line in lines[1:-1]] == [
        [number, who] for number in ("1", "2") for who in ("naive", "ingest", "no-op")
    ]
    assert goals[0].met
    assert goals[0].found == "sent 1200, stored 1200, missing 0, duplicate 0"
    assert dict(os.environ) == before
    assert databases(services) == []


def test_without_a_database_to_make_one_in_it_says_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHEVET_SUPERUSER_DSN")
    lines = list[str]()
    assert run_bench("ingest", lines.append) == 2
    assert "CHEVET_SUPERUSER_DSN" in lines[-1]


def test_an_unknown_name_lists_what_there_is() -> None:
    lines = list[str]()
    assert run_bench("nothing", lines.append) == 2
    known = "access, asking, audit, chat, ingest, scoring"
    assert lines == [f"nothing: no such benchmark; there is {known}."]


def test_a_small_day_is_planned_answered_and_missed(database: Database, services: Services) -> None:
    day = Day(patients=200, sample=20, answers=20, answers_per_s=20, repetitions=2)
    lines = list[str]()
    goals = run_asking(lines.append, day)
    assert [goal.words.split(" ")[0] for goal in goals] == ["planning", "saving", "finding", "the"]
    assert goals[0].found.startswith("600 tasks a day")
    assert goals[2].found.startswith("10 found")
    assert goals[3].found.startswith("10 silent"), "whoever is silent is followed by one centre"
    assert databases(services) == []


def test_a_small_crowd_is_scored_the_same_alone_and_together() -> None:
    lines = list[str]()
    goals = run_scoring(lines.append, Crowd(people=500, sample=20, repetitions=2))
    assert len(goals) == 6
    assert "equal row by row" in lines[1]
    assert "equal alone and together" in lines[2]
