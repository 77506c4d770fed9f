"""Sampled stretches: what is opened, what is left out, and time below a limit by a plain loop."""

from dataclasses import fields
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vitals import Quality, Vital
from scoring.desaturation import Desaturation, desaturation, hours_below
from scoring.stretches import Sampled, Stretch, join_stretches, open_stretches
from scoring.trends import HOUR_MS
from scoring.windows import Questions
from tests.unit.scoring.test_trends import questions

MINUTE = timedelta(minutes=1)
LEAST_MS = 3000
"""Of the loop below: generated stretches rarely have ten low seconds in a row."""
NAN = float("nan")
STRETCH = st.builds(
    Stretch,
    person=st.integers(0, 2),
    start_ms=st.integers(0, 90).map(lambda second: second * 1000),
    period_ms=st.sampled_from([1000, 2000, 4000]),
    quality=st.sampled_from([0, 0, 0, int(Quality.LOW_PERFUSION), int(Quality.QUESTIONABLE)]),
    samples=st.lists(
        st.none() | st.sampled_from([84.0, 88.0, 89.0, 90.0, 93.0, 97.0, 97.0, NAN, 127.0]),
        max_size=12,
    ),
)
STRETCHES = st.lists(STRETCH, max_size=6)
ASKED = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 150).map(lambda second: second * 500)),
    min_size=1,
    max_size=5,
)


def opened(stretches: list[Stretch]) -> Sampled:
    return open_stretches(join_stretches(stretches), Vital.SPO2)


def values(sampled: Sampled) -> list[tuple[int, int, float, int]]:
    samples = sampled.samples
    return list(
        zip(
            samples.person.tolist(),
            samples.at.tolist(),
            samples.value.tolist(),
            sampled.lasts.tolist(),
            strict=True,
        )
    )


def one(*samples: float | None, start: int = 0, quality: int = 0) -> Stretch:
    return Stretch(person=0, start_ms=start, period_ms=1000, quality=quality, samples=samples)


def plain_open(stretches: list[Stretch]) -> list[tuple[int, int, float, int, int]]:
    """Person, instant, value, period and duration by loops, spikes taken out."""
    seen: dict[tuple[int, int], tuple[float, int]] = {}
    for stretch in stretches:
        for place, value in enumerate(stretch.samples):
            good = value is not None and 30 <= value <= 100
            if value is not None and good and not stretch.quality & int(Quality.QUESTIONABLE):
                key = stretch.person, stretch.start_ms + place * stretch.period_ms
                here = (value, stretch.period_ms)
                seen[key] = min(seen.get(key, here), here)
    rows = sorted((*key, *value) for key, value in seen.items())
    return [_calm(rows, place) for place in range(len(rows))]


def _calm(rows: list[tuple[int, int, float, int]], place: int) -> tuple[int, int, float, int, int]:
    person, at, value, period = rows[place]
    if _spike(rows, place) and not _spike(rows, place - 1) and not _spike(rows, place + 1):
        value = sorted(rows[place + step][2] for step in (-1, 0, 1))[1]
    following = rows[place + 1] if place + 1 < len(rows) else (-1, 0, 0.0, 0)
    lasts = min(period, following[1] - at) if following[0] == person else period
    return person, at, value, period, lasts


def _spike(rows: list[tuple[int, int, float, int]], place: int) -> bool:
    if not 1 <= place <= len(rows) - 2:
        return False
    before, here, after = rows[place - 1 : place + 2]
    if not before[0] == here[0] == after[0]:
        return False
    if here[1] - before[1] > 1.5 * before[3] or after[1] - here[1] > 1.5 * here[3]:
        return False
    apart = min(abs(here[2] - before[2]), abs(here[2] - after[2])) >= 4
    agree = abs(before[2] - after[2]) < 4
    return apart and agree and (here[2] > before[2]) == (here[2] > after[2])


def plain_below(stretches: list[Stretch], person: int, now: int, limit: float) -> dict[str, float]:
    """Time below and episodes of one person in the minute before `now`, by a loop."""
    mine = [row for row in plain_open(stretches) if row[0] == person]
    known = low = 0
    runs: list[int] = []
    lowest, reach, ended = NAN, NAN, True
    for _, at, value, period, lasts in mine:
        if not now - 60_000 < at <= now:
            continue
        lasts = min(lasts, now - at)
        known += lasts
        lowest = value if np.isnan(lowest) else min(lowest, value)
        if value >= limit:
            ended = True
        else:
            low += lasts
            if ended or at > reach:
                runs.append(0)
            runs[-1] += lasts
            ended = False
        reach = at + 0.5 * period + period
    long = [run for run in runs if run >= LEAST_MS]
    if known == 0:
        return {field.name: NAN for field in fields(Desaturation)}
    return {
        "known_h": known / HOUR_MS,
        "below_h": low / HOUR_MS,
        "share": low / known,
        "episodes": len(long),
        "longest_s": max(long, default=0) / 1000,
        "lowest": lowest,
    }


@given(STRETCHES)
def test_opened_is_what_a_loop_opens(stretches: list[Stretch]) -> None:
    wanted = [(person, at, value, lasts) for person, at, value, _, lasts in plain_open(stretches)]
    assert values(opened(stretches)) == wanted


@given(STRETCHES, ASKED, st.sampled_from([85.0, 90.0, 94.0]))
def test_time_below_is_what_a_loop_says(
    stretches: list[Stretch], asked: list[tuple[int, int]], limit: float
) -> None:
    least = timedelta(milliseconds=LEAST_MS)
    found = desaturation(opened(stretches), questions(asked), MINUTE, below=limit, least=least)
    for place, (person, at) in enumerate(asked):
        for name, value in plain_below(stretches, person, at, limit).items():
            assert getattr(found, name)[place] == pytest.approx(value, nan_ok=True), name


@given(STRETCHES, ASKED, st.integers(-(10**11), 10**11), st.randoms(use_true_random=False))
def test_neither_the_clock_nor_the_order_of_arrival_matters(
    stretches: list[Stretch], asked: list[tuple[int, int]], shift: int, chance: Random
) -> None:
    before = desaturation(opened(stretches), questions(asked), MINUTE, below=90)
    moved = [
        Stretch(
            person=s.person,
            start_ms=s.start_ms + shift,
            period_ms=s.period_ms,
            quality=s.quality,
            samples=s.samples,
        )
        for s in stretches
    ]
    chance.shuffle(moved)
    later = questions([(person, at + shift) for person, at in asked])
    after = desaturation(opened([*moved, *moved]), later, MINUTE, below=90)
    for field in fields(Desaturation):
        np.testing.assert_array_equal(getattr(before, field.name), getattr(after, field.name))


def test_a_gap_is_never_time_below_and_ends_an_episode() -> None:
    low = [88.0] * 20
    alone = desaturation(opened([one(*low)]), questions([(0, HOUR_MS - 1)]), MINUTE * 60, below=90)
    both = desaturation(
        opened([one(*low), one(*low, start=600_000)]),
        questions([(0, HOUR_MS - 1)]),
        MINUTE * 60,
        below=90,
    )
    assert alone.below_h[0] * 3600 == pytest.approx(20)
    assert both.below_h[0] * 3600 == pytest.approx(40)
    assert (alone.episodes[0], both.episodes[0]) == (1, 2)
    assert (both.longest_s[0], both.share[0], both.lowest[0]) == (20, 1, 88)


def test_an_episode_takes_ten_seconds_and_the_limit_itself_is_not_below() -> None:
    asked = questions([(0, 60_000)])
    nine, ten = one(*[97.0] * 3, *[88.0] * 9), one(*[97.0] * 3, *[88.0] * 10)
    assert desaturation(opened([nine]), asked, MINUTE, below=90).episodes[0] == 0
    assert desaturation(opened([ten]), asked, MINUTE, below=90).episodes[0] == 1
    assert desaturation(opened([ten]), asked, MINUTE, below=88).below_h[0] == 0
    short = timedelta(seconds=9)
    assert desaturation(opened([nine]), asked, MINUTE, below=90, least=short).longest_s[0] == 9


def test_an_episode_that_began_before_the_window_counts_from_its_beginning() -> None:
    """Also of the second of two questions, whose rows follow those of the first."""
    sampled = opened([one(*[97.0] * 30, *[88.0] * 40)])
    asked = questions([(0, 65_500), (0, 69_500)])
    found = desaturation(sampled, asked, timedelta(seconds=20), below=90)
    assert found.episodes.tolist() == [1, 1]
    assert found.longest_s.tolist() == [19.5, 19.5]
    two = opened([one(88.0, 97.0, 97.0, *[88.0] * 12)])
    ended = desaturation(two, questions([(0, 15_000)]), timedelta(seconds=20), below=90)
    assert (ended.episodes[0], ended.longest_s[0]) == (1, 12)
    first = opened([one(88.0, 88.0, 97.0, 97.0, 88.0, 88.0)])
    both = desaturation(
        first, questions([(0, 6_000)]), MINUTE, below=90, least=timedelta(seconds=2)
    )
    assert (both.episodes[0], both.longest_s[0]) == (2, 2)


def test_a_millisecond_is_known() -> None:
    found = desaturation(opened([one(88.0)]), questions([(0, 1)]), MINUTE, below=90)
    assert (found.share[0], found.lowest[0]) == (1, 88)


def test_a_value_counts_until_the_question_and_no_longer() -> None:
    sampled = opened([one(88.0, 88.0, 88.0)])
    found = desaturation(sampled, questions([(0, 1500), (0, 0), (1, 1500)]), MINUTE, below=90)
    assert found.known_h[0] * HOUR_MS == pytest.approx(1500)
    assert np.isnan(found.known_h[1:]).all()
    assert np.isnan(found.share[1:]).all()


def test_the_limit_may_be_ones_own_and_unknown() -> None:
    sampled = opened([one(*[93.0] * 12)])
    asked = questions([(0, 59_500), (0, 59_500)])
    found = desaturation(sampled, asked, MINUTE, below=np.array([95.0, NAN]))
    assert found.episodes[0] == 1
    assert np.isnan([found.below_h[1], found.share[1], found.episodes[1]]).all()
    assert (found.known_h[1], found.lowest[1]) == (12_000 / HOUR_MS, 93)


def test_hours_below_several_limits() -> None:
    sampled = opened([one(*[91.0] * 4, *[89.0] * 4, *[86.0] * 4)])
    found = hours_below(sampled, questions([(0, 59_500), (1, 59_500)]), MINUTE, (92, 90, 88))
    np.testing.assert_allclose(found[:, 0] * 3600, [12, 8, 4])
    assert np.isnan(found[:, 1]).all()
    assert hours_below(sampled, questions([(0, 60_000)]), MINUTE, ()).shape == (0, 1)


@pytest.mark.parametrize(
    ("samples", "calm"),
    [
        ((97, 97, 85, 97, 97), (97, 97, 97, 97, 97)),
        ((97, 96, 85, 97, 97), (97, 96, 96, 97, 97)),
        ((88, 88, 97, 88, 88), (88, 88, 88, 88, 88)),
        ((97, 97, 93, 97, 97), (97, 97, 97, 97, 97)),
        ((97, 97, 94, 97, 97), (97, 97, 94, 97, 97)),
        ((97, 97, 85, 85, 97), (97, 97, 85, 85, 97)),
        ((97, 95, 91, 88, 84), (97, 95, 91, 88, 84)),
        ((97, 97, 85, 93, 93), (97, 97, 85, 93, 93)),
        ((88, 97, 88, 97, 88), (88, 97, 88, 97, 88)),
        ((85, 97, 97, 97, 85), (85, 97, 97, 97, 85)),
        ((97, 85, 97), (97, 97, 97)),
        ((97, 85), (97, 85)),
        ((97, 97, None, 85, 97, 97), (97, 97, 85, 97, 97)),
    ],
)
def test_only_a_single_value_between_two_that_agree_is_an_artefact(
    samples: tuple[float | None, ...], calm: tuple[float, ...]
) -> None:
    assert tuple(opened([one(*samples)]).samples.value.tolist()) == calm


@pytest.mark.parametrize("flag", list(Quality))
def test_what_is_doubted_is_left_out_and_weak_perfusion_is_not(flag: Quality) -> None:
    kept = flag in {Quality.LOW_PERFUSION}
    assert bool(values(opened([one(97.0, quality=flag)]))) is kept


def test_what_nobody_can_show_is_left_out_and_the_bounds_are_not() -> None:
    kept = opened([one(29.9, 30.0, None, 100.0, 100.1)])
    assert kept.samples.value.tolist() == [30.0, 100.0]
    assert kept.samples.at.tolist() == [1000, 3000]


def test_of_two_values_of_one_instant_the_lowest_stays_with_its_own_period() -> None:
    slow = Stretch(person=0, start_ms=0, period_ms=4000, quality=0, samples=[88.0])
    assert values(opened([one(97.0), slow])) == [(0, 0, 88.0, 4000)]
    assert values(opened([one(88.0), slow])) == [(0, 0, 88.0, 1000)]


def test_of_nobody_nothing_is_said() -> None:
    nothing = desaturation(opened([]), questions([(0, 0)]), MINUTE, below=90)
    assert all(np.isnan(getattr(nothing, field.name)).all() for field in fields(Desaturation))
    assert values(opened([one()])) == []
    none = np.array([], dtype=np.int64)
    nobody = desaturation(opened([one(88.0)]), Questions(person=none, at=none), MINUTE, below=90)
    assert len(nobody.known_h) == 0
