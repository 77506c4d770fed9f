"""The verdict of a benchmark: medians against goals, sets against sets."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from app.bench.backlog import Backlog
from app.bench.verdict import Goal, Repetition, Run, Span, exactness_goal, goals_of, ratio_goal


def run_of(rate: float, **changes: int) -> Run:
    counts = {"sent": 100, "stored": 100, "missing": 0, "duplicate": 0} | changes
    return Run(who="ingest", span=Span(count=round(rate), seconds=1.0), **counts)


def repetition(naive: float, ingest: float, no_op: float) -> Repetition:
    return Repetition(
        naive=run_of(naive), ingest=run_of(ingest), no_op=Span(count=round(no_op), seconds=1.0)
    )


def test_every_goal_is_met_by_the_median_of_each_ratio() -> None:
    goals = goals_of(
        [repetition(100, 1400, 9000), repetition(100, 1600, 2000), repetition(100, 1500, 2500)]
    )
    assert [goal.met for goal in goals] == [True, True, True]
    assert str(goals[2]) == (
        "GOAL at least 15 times the naive subscriber: median 15.00 of 14.00 16.00 15.00, met"
    )


def test_a_median_below_the_goal_says_by_how_much_it_misses() -> None:
    goal = ratio_goal("at least 15 times", [30.0, 12.0, 6.0], 15.0)
    assert not goal.met
    assert str(goal).endswith("missed by 20%")


@pytest.mark.parametrize(
    "wrong",
    [
        {"stored": 99, "missing": 1},
        {"stored": 101, "duplicate": 1},
        {"stored": 101},
        {"stored": 100, "missing": 1, "duplicate": 1},
    ],
)
def test_one_inexact_run_misses_the_goal_however_fast(wrong: dict[str, int]) -> None:
    goal = exactness_goal([run_of(10**6), run_of(10**6, **wrong)])
    assert str(goal).endswith("missed by 1 of 2 runs")


def test_a_shortfall_is_what_makes_a_goal_missed() -> None:
    assert Goal(words="w", found="f").met
    assert not Goal(words="w", found="f", shortfall="1%").met


def test_a_backlog_sends_what_it_expects_each_reading_once() -> None:
    backlog = Backlog(
        boot=UUID(int=1),
        first=datetime(2026, 3, 1, 8, tzinfo=UTC),
        count=11,
        seed=7,
        gateways=("gw-a", "gw-b", "gw-c"),
        patient_keys=(5, 6, 7),
    )
    sent = [
        (backlog.patient_keys[place], datetime.fromisoformat(item["measured_at"]), item["value"])
        for place in range(3)
        for message in backlog.messages(place)
        for item in msgspec.json.decode(message)["items"]
    ]
    assert sorted(sent) == sorted(backlog.expected().elements())
    assert len(set(sent)) == backlog.count
    assert all(backlog.first <= at < backlog.end for _, at, _ in sent)
