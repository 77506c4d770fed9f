"""The home state beyond its vignettes: order, time and quality."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from alerts.edge.library import load_profile
from core.vitals import Quality, Vital
from scoring.home_state import HomeState, decide_home_state
from scoring.item import MeasuredItem
from scoring.level import LEVEL_LABELS, Level
from scoring.observation import GOOD, Answer, Reading
from scoring.verdict import judge_value

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ITEMS = load_profile("covid-home", 1).items
SPO2 = next(item for item in ITEMS if item.code == "spo2")

READINGS = st.lists(
    st.builds(
        Reading,
        reading_id=st.integers(1, 10**6),
        vital=st.sampled_from([Vital.SPO2, Vital.PULSE, Vital.WEIGHT]),
        value=st.sampled_from([40, 85, 92.5, 94, 97, 99, 111, 131, float("nan")]),
        measured_at=st.integers(-200_000, 2_000).map(lambda s: NOW + timedelta(seconds=s)),
        quality=st.sampled_from([Quality(0), Quality.QUESTIONABLE, Quality.INVALID]),
    ),
    max_size=8,
    unique_by=lambda reading: reading.measured_at,
)
ANSWERS = st.lists(
    st.builds(
        Answer,
        answer_id=st.builds(UUID, int=st.integers(1, 2**64)),
        item=st.just("dyspnoea"),
        code=st.sampled_from(["none", "effort", "rest", "?"]),
        answered_at=st.integers(-200_000, 2_000).map(lambda s: NOW + timedelta(seconds=s)),
    ),
    max_size=3,
    unique_by=lambda answer: answer.answered_at,
)


def decide(readings: list[Reading], answers: list[Answer], now: datetime = NOW) -> HomeState:
    return decide_home_state(ITEMS, readings, answers, {"spo2": 98}, now)


@given(READINGS, ANSWERS)
def test_every_item_is_found_or_missing(readings: list[Reading], answers: list[Answer]) -> None:
    state = decide(readings, answers)
    named = [f.item for f in state.findings] + [m.item for m in state.missing]
    assert sorted(named) == sorted(item.code for item in ITEMS)
    worst = max((finding.level for finding in state.findings), default=Level.UNKNOWN)
    assert state.level >= worst
    if state.level is Level.GREEN:
        assert "spo2" not in [missing.item for missing in state.missing]
    if state.level >= Level.ORANGE:
        assert state.reasons[0].level is state.level


@given(READINGS, ANSWERS, st.randoms(use_true_random=False))
def test_order_of_arrival_changes_nothing(
    readings: list[Reading], answers: list[Answer], random: Random
) -> None:
    shuffled = readings.copy()
    random.shuffle(shuffled)
    assert repr(decide(shuffled, answers)) == repr(decide(readings, answers))


@given(READINGS, ANSWERS)
def test_the_latest_of_each_vital_and_quality_is_enough(
    readings: list[Reading], answers: list[Answer]
) -> None:
    latest = {
        (reading.vital, reading.quality): reading
        for reading in sorted(readings, key=lambda reading: reading.measured_at)
        if reading.measured_at <= NOW + timedelta(minutes=5)
    }
    few, all_of_them = decide(list(latest.values()), answers), decide(readings, answers)
    assert few.level is all_of_them.level
    assert repr(few.findings) == repr(all_of_them.findings)


@given(st.sampled_from([85, 92, 93, 94, 95, 99]), st.sampled_from(list(Quality)))
def test_a_flag_never_makes_a_value_worse_nor_green(value: float, flag: Quality) -> None:
    assert isinstance(SPO2, MeasuredItem)
    plain = judge_value(SPO2, value, Quality(0), None)
    flagged = judge_value(SPO2, value, flag, None)
    assert flagged.level <= max(plain.level, Level.UNKNOWN)
    assert flagged.level is not Level.GREEN or plain.level is Level.GREEN


def test_levels_are_ordered_by_concern_and_all_have_a_word() -> None:
    assert sorted(Level) == [Level.GREEN, Level.UNKNOWN, Level.ORANGE, Level.RED]
    assert {level.label for level in Level} == set(LEVEL_LABELS.values())


def test_no_data_is_not_green_even_where_nothing_is_essential() -> None:
    items = [replace(item, essential=False) for item in ITEMS]
    assert decide_home_state(items, [], [], {}, NOW).level is Level.UNKNOWN
    one = Reading(reading_id=1, vital=Vital.PULSE, value=70, measured_at=NOW)
    assert decide_home_state(items, [one], [], {}, NOW).level is Level.GREEN


def spo2(hours: int, value: float, quality: Quality = GOOD) -> Reading:
    at = NOW - timedelta(hours=hours)
    return Reading(reading_id=1, vital=Vital.SPO2, value=value, measured_at=at, quality=quality)


def test_what_is_too_old_is_named_with_the_time_of_the_last() -> None:
    missing = {one.item: one for one in decide([spo2(48, 97), spo2(30, 96)], []).missing}
    assert missing["spo2"].at == NOW - timedelta(hours=30)


def test_a_doubtful_value_of_the_same_instant_is_named() -> None:
    state = decide([spo2(1, 97), spo2(1, 70, Quality.INVALID)], [])
    assert [(one.item, one.value) for one in state.doubtful] == [("spo2", 70)]
    older = decide([spo2(1, 97), spo2(2, 70, Quality.INVALID)], [])
    assert older.doubtful == ()
