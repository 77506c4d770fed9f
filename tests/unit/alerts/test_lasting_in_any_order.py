"""Rules over time, whatever comes in whatever order: nothing is lost, looser calls no more."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alerts.prescription import (
    Limits,
    Sustain,
)
from alerts.rules import Judgement
from core.vitals import Quality, Vital
from scoring.level import Level
from scoring.observation import Reading
from tests.unit.alerts.test_lasting import ALL, FALLS, LASTS, OFTEN, at, raised, run, spo2, watch

SAMPLES = st.lists(
    st.tuples(
        st.sampled_from([Vital.SPO2, Vital.PULSE]),
        st.sampled_from([88, 92, 93, 94, 95, 97, 115]),
        st.integers(0, 7200),
        st.sampled_from([Quality(0), Quality(0), Quality.QUESTIONABLE]),
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda sample: (sample[0], sample[2]),
).map(
    lambda samples: [
        at(value, timedelta(seconds=ago), vital, quality) for vital, value, ago, quality in samples
    ]
)


def hit_times(judgement: Judgement) -> dict[str, tuple[Level, datetime, datetime]]:
    return {
        one.item: (one.level, one.breaches.first.measured_at, one.breaches.last.measured_at)
        for one in judgement.raises
    }


@given(SAMPLES, st.randoms(use_true_random=False))
def test_the_order_in_a_batch_does_not_matter(readings: list[Reading], random: Any) -> None:
    shuffled = list(readings)
    random.shuffle(shuffled)
    for profile in (LASTS, OFTEN, FALLS, ALL):
        assert hit_times(run(readings, profile)) == hit_times(run(shuffled, profile))


@given(SAMPLES, st.randoms(use_true_random=False))
def test_one_by_one_in_any_order_nothing_is_lost_of_what_the_whole_calls_for(
    readings: list[Reading], random: Any
) -> None:
    shuffled = list(readings)
    random.shuffle(shuffled)
    for profile in (LASTS, OFTEN, FALLS, ALL):
        whole = hit_times(run(readings, profile))
        called: dict[str, Level] = {}
        for index, reading in enumerate(shuffled):
            for one in run([reading], profile, shuffled[:index]).raises:
                called[one.item] = max(one.level, called.get(one.item, Level.GREEN))
        assert {item: level for item, (level, _, _) in whole.items()}.keys() <= called.keys()
        assert all(called[item] >= level for item, (level, _, _) in whole.items())


@given(SAMPLES, st.randoms(use_true_random=False))
def test_no_red_value_is_lost_whatever_rules_there_are(
    readings: list[Reading], random: Any
) -> None:
    shuffled = list(readings)
    random.shuffle(shuffled)
    for profile in (LASTS, OFTEN, ALL):
        for index, reading in enumerate(shuffled):
            if reading.vital is Vital.SPO2 and reading.value <= 92:
                found = raised(run([reading], profile, shuffled[:index]))
                assert found is not None
                doubted = bool(reading.quality)
                assert found.worst.level is Level.RED or doubted


@given(SAMPLES, st.integers(85, 94), st.integers(85, 94), st.integers(0, 3), st.integers(0, 3))
def test_looser_limits_never_call_more(
    readings: list[Reading], red: int, orange: int, less_red: int, less_orange: int
) -> None:
    rules: dict[str, Any] = {"sustain": Sustain(breaches=2, readings=3)}
    strict = watch(spo2(limits=Limits(red_low=red, orange_low=orange), **rules))
    loose = watch(
        spo2(limits=Limits(red_low=red - less_red, orange_low=orange - less_orange), **rules)
    )
    strictly, loosely = raised(run(readings, strict)), raised(run(readings, loose))
    if loosely is not None:
        assert strictly is not None
        assert strictly.count >= loosely.count
        assert strictly.worst.level >= loosely.worst.level
