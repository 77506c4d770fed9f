"""The alert rules beyond their vignettes: against a plain reading of the table, and in steps."""

import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.edge.library import load_profile
from alerts.rules import Context, Judgement, OpenAlert, _judge_one, judge
from core.vitals import Quality, Vital
from scoring.item import AnswerItem
from scoring.level import Level
from scoring.observation import Answer, Reading

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROFILE = load_profile("covid-home", 1)


def reading(value: float, seconds_ago: int, number: int = 1) -> Reading:
    return Reading(
        reading_id=number,
        vital=Vital.SPO2,
        value=value,
        measured_at=NOW - timedelta(seconds=seconds_ago),
    )


def run(readings: list[Reading], opened: Level | None = None, now: datetime = NOW) -> Judgement:
    opens = [OpenAlert(alert_id=UUID(int=7), item="spo2", level=opened)] if opened else []
    return judge(readings, [], context=Context(), profile=PROFILE, open_alerts=opens, now=now)


SAMPLES = st.lists(
    st.tuples(st.integers(70, 100), st.integers(0, 5000)), max_size=30, unique_by=lambda s: s[1]
)


@given(SAMPLES, st.sampled_from([None, Level.ORANGE, Level.RED]))
def test_any_batch_agrees_with_a_plain_reading_of_the_table(
    samples: list[tuple[int, int]], opened: Level | None
) -> None:
    judged = run([reading(*sample) for sample in samples], opened)
    breaches = sorted((-ago, value) for value, ago in samples if value <= 94)
    reds = [value for _, value in breaches if value <= 92]
    found_by = [new.breaches for new in judged.raises]
    found_by += [worse.breaches for worse in judged.worsenings]
    found_by += [again.breaches for again in judged.sightings]
    assert len(found_by) == bool(breaches)
    if not breaches:
        return
    found = found_by[0]
    assert found.count == len(breaches)
    assert found.first.measured_at == NOW + timedelta(seconds=breaches[0][0])
    assert found.last.measured_at == NOW + timedelta(seconds=breaches[-1][0])
    assert found.worst.level is (Level.RED if reds else Level.ORANGE)
    assert found.worst.value == min(value for _, value in breaches)
    assert bool(judged.raises) == (opened is None)
    assert bool(judged.worsenings) == (opened is Level.ORANGE and bool(reds))


@given(SAMPLES, st.integers(-(10**8), 10**8))
def test_shifting_the_clock_and_every_time_changes_no_judgement(
    samples: list[tuple[int, int]], seconds: int
) -> None:
    shift = timedelta(seconds=seconds)
    here = run([reading(*sample) for sample in samples])
    there = judge(
        [
            Reading(
                reading_id=1,
                vital=Vital.SPO2,
                value=value,
                measured_at=NOW + shift - timedelta(seconds=ago),
            )
            for value, ago in samples
        ],
        [],
        context=Context(),
        profile=PROFILE,
        open_alerts=[],
        now=NOW + shift,
    )
    assert [(new.level, new.breaches.count) for new in here.raises] == [
        (new.level, new.breaches.count) for new in there.raises
    ]
    assert [new.breaches.first.measured_at + shift for new in here.raises] == [
        new.breaches.first.measured_at for new in there.raises
    ]


def test_evidence_freezes_what_was_measured_and_by_which_limit() -> None:
    evidence = run([reading(91, 60, number=42)]).raises[0].breaches.worst
    assert (evidence.reading_id, evidence.value, evidence.unit) == (42, 91, "%")
    assert (evidence.threshold, evidence.bound, evidence.profile) == (92, "at_most", "covid-home-1")
    assert evidence.measured_at == NOW - timedelta(seconds=60)
    assert (evidence.answer_id, evidence.code, evidence.usual) == (None, None, None)
    assert evidence.source is not None
    assert "NHS" in evidence.source


def test_evidence_of_an_answer_freezes_its_code() -> None:
    answer = Answer(answer_id=UUID(int=5), item="dyspnoea", code="rest", answered_at=NOW)
    judged = judge([], [answer], context=Context(), profile=PROFILE, open_alerts=[], now=NOW)
    evidence = judged.raises[0].breaches.first
    assert (evidence.answer_id, evidence.code) == (UUID(int=5), "rest")
    assert (evidence.reading_id, evidence.value, evidence.unit) == (None, None, None)


def test_an_assessment_counts_everything_once() -> None:
    readings = [
        reading(97, 10),
        reading(94, 9),
        reading(91, 8),
        Reading(
            reading_id=4,
            vital=Vital.SPO2,
            value=60,
            measured_at=NOW - timedelta(seconds=7),
            quality=Quality.INVALID,
        ),
        reading(80, 31 * 86_400),
    ]
    judged = judge(
        readings,
        [],
        context=Context(judged_through={"spo2": NOW - timedelta(seconds=9)}),
        profile=PROFILE,
        open_alerts=[],
        now=NOW,
    ).assessments[0]
    counts = (judged.green, judged.orange, judged.red, judged.doubtful)
    assert counts == (1, 1, 1, 1)
    assert (judged.judged, judged.untimely, judged.late) == (4, 1, 1)
    assert judged.judged_through == NOW - timedelta(seconds=7)


def test_a_time_the_device_does_not_trust_is_never_the_latest() -> None:
    doubted = Reading(
        reading_id=1, vital=Vital.SPO2, value=97, measured_at=NOW, quality=Quality.TIME_FAULT
    )
    assert run([doubted]).assessments[0].judged_through is None


def test_an_item_is_only_judged_by_its_own_kind_of_value() -> None:
    question = next(item for item in PROFILE.items if isinstance(item, AnswerItem))
    with pytest.raises(TypeError, match="does not answer"):
        _judge_one(question, reading(97, 1), None, ahead=False)


def test_ten_times_as_many_samples_take_ten_times_as_many_steps() -> None:
    assert calls_to_judge(20_000) <= 10.5 * calls_to_judge(2_000)


def calls_to_judge(count: int) -> int:
    """Return how many functions are called to judge so many samples."""
    readings = [reading(90 + second % 9, second, number=second) for second in range(count)]
    calls = Counter[str]()
    sys.setprofile(lambda _frame, event, _arg: calls.update([event]))
    try:
        judged = run(readings)
    finally:
        sys.setprofile(None)
    assert judged.assessments[0].judged == count
    return calls["call"] + calls["c_call"]
