"""Minute summaries, plausibility of times, and how long to wait."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vitals import Quality, Vital
from ingest.edge.subscriber import pause_seconds
from ingest.minutes import sample_times, stretch_quality, summarise_minutes
from ingest.plausibility import FUTURE_LIMIT, PAST_LIMIT, judge_time
from ingest.quarantine import Reason

START = datetime(2026, 11, 22, 11, 59, 58, tzinfo=UTC)


def test_each_minute_has_its_lowest_middle_and_highest_value() -> None:
    minutes = summarise_minutes(
        Vital.SPO2, START, 1000, [90, 92, 97, None, 95, 96], Quality.QUESTIONABLE
    )
    assert [(m.minute_at.minute, m.low, m.median, m.high, m.count) for m in minutes] == [
        (59, 90, 91, 92, 2),
        (0, 95, 96, 97, 3),
    ]
    assert {m.quality for m in minutes} == {Quality.QUESTIONABLE}


def test_samples_are_scaled_by_the_decimals_of_their_vital() -> None:
    [minute] = summarise_minutes(Vital.TEMPERATURE, START, 500, [371, 372], Quality(0))
    assert (minute.low, minute.high) == (37.1, 37.2)
    assert stretch_quality(Vital.TEMPERATURE, [371], Quality(0)) == Quality(0)
    assert stretch_quality(Vital.TEMPERATURE, [37], Quality(0)) == Quality.IMPLAUSIBLE


def test_an_implausible_sample_is_left_out_and_said() -> None:
    [minute] = summarise_minutes(Vital.SPO2, START, 100, [0, 95, 97], Quality(0))
    assert (minute.low, minute.count, minute.quality) == (95, 2, Quality.IMPLAUSIBLE)
    [only] = summarise_minutes(Vital.SPO2, START, 100, [0, 1], Quality(0))
    assert (only.low, only.high, only.count) == (0, 1, 2)
    assert stretch_quality(Vital.SPO2, [0, 95], Quality(0)) == Quality(0)
    assert stretch_quality(Vital.SPO2, [None, None], Quality(0)) == Quality.INVALID
    assert summarise_minutes(Vital.SPO2, START, 100, [None], Quality(0)) == ()


@given(
    st.lists(st.none() | st.integers(-32768, 32767), min_size=1, max_size=200),
    st.integers(10, 100_000),
)
def test_no_sample_is_counted_twice(samples: list[int | None], period_ms: int) -> None:
    minutes = summarise_minutes(Vital.PULSE, START, period_ms, samples, Quality(0))
    measured = [sample for sample in samples if sample is not None]
    assert sum(m.count for m in minutes) <= len(measured)
    assert len({m.minute_at for m in minutes}) == len(minutes)
    assert all(m.low <= m.median <= m.high for m in minutes)
    first, last = sample_times(START, period_ms, len(samples))
    assert all(first - timedelta(minutes=1) < m.minute_at <= last for m in minutes)


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (timedelta(0), timedelta(0), None),
        (FUTURE_LIMIT, FUTURE_LIMIT, None),
        (timedelta(0), FUTURE_LIMIT + timedelta(microseconds=1), Reason.IN_THE_FUTURE),
        (-PAST_LIMIT, timedelta(0), None),
        (-PAST_LIMIT - timedelta(microseconds=1), timedelta(0), Reason.TOO_OLD),
    ],
)
def test_only_a_believable_time_is_used(
    first: timedelta, last: timedelta, reason: Reason | None
) -> None:
    assert judge_time(START + first, START + last, START) is reason


@given(st.integers(0, 10_000), st.floats(0.5, 1.0))
def test_the_pause_grows_to_a_limit(failures: int, jitter: float) -> None:
    pause = pause_seconds(failures, jitter)
    assert 0.05 < pause <= 10.0
    assert pause <= pause_seconds(failures + 1, jitter)
