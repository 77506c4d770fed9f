"""A saturation against the own median: every limit from both sides, worked out by hand."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from scoring.baseline import (
    Saturation,
    SaturationFound,
    SaturationInput,
    own_baseline,
    score_saturation,
    spo2_fallen,
)
from scoring.refusal import Incomplete, Refused
from scoring.windows import Questions, sorted_samples

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
WEEK_MS = 7 * 24 * 3_600_000


def found(*values: float, before: timedelta = timedelta(days=1)) -> SaturationFound:
    """Judge the last of some values, a millisecond apart, the others `before` it."""
    usual = [
        Saturation(at=NOW - before + timedelta(milliseconds=n), percent=value)
        for n, value in enumerate(values[:-1])
    ]
    told = score_saturation(
        SaturationInput(readings=(*usual, Saturation(at=NOW, percent=values[-1])))
    )
    assert isinstance(told, SaturationFound)
    return told


@pytest.mark.parametrize(
    ("last", "fallen"),
    [(97, False), (94.6, False), (94.5, False), (94.49, True), (94, True), (93, True), (30, True)],
)
def test_a_fall_is_three_points_of_what_is_shown(last: float, fallen: bool) -> None:
    assert found(97, 97, 97, last) == SaturationFound(last=last, usual=97, before=3, fallen=fallen)


@pytest.mark.parametrize(
    ("others", "usual"),
    [((91, 97, 99), 97), ((91, 96, 97, 99), 96.5), ((98, 90, 90, 90), 90), ((97, 92, 93), 93)],
)
def test_the_usual_is_the_middle_of_the_others(others: tuple[float, ...], usual: float) -> None:
    assert found(*others, 95).usual == usual


def test_without_three_before_it_nothing_is_known() -> None:
    assert found(97, 97, 80) == SaturationFound(last=80, usual=None, before=2, fallen=None)
    assert found(80) == SaturationFound(last=80, usual=None, before=0, fallen=None)


def test_the_week_begins_after_seven_days() -> None:
    week = timedelta(days=7)
    assert found(97, 96, 95, 90, before=week).before == 2, "the first is seven days old to the ms"
    assert found(97, 96, 95, 90, before=week - timedelta(milliseconds=1)).before == 3


def test_of_many_each_is_judged_by_his_own_and_by_none_after_the_question() -> None:
    rows = [(0, 1, 97.0), (0, 2, 97.0), (0, 3, 96.0), (0, 4, 93.0), (0, 9, 50.0), (1, 4, 80.0)]
    person, at, value = (np.array(one) for one in zip(*rows, strict=True))
    samples = sorted_samples(person, at, value)
    asked = Questions(person=np.array([0, 1, 2, 0]), at=np.array([4, 4, 4, 3]))
    told = own_baseline(samples, asked)
    assert told.last.tolist()[:2] == [93, 80]
    assert np.isnan(told.last[2])
    assert told.before.tolist() == [3, 0, 0, 2]
    assert told.usual[0] == 97
    assert told.fall[0] == 4
    assert np.isnan(told.usual[1:]).all()
    assert np.isnan(told.fall[1:]).all()
    assert spo2_fallen(told)[0] == 1
    assert np.isnan(spo2_fallen(told)[1:]).all()
    two = own_baseline(samples, asked, least=2)
    assert two.usual[3] == 97
    assert spo2_fallen(two)[3] == 0
    assert own_baseline(samples, asked, timedelta(milliseconds=2)).before.tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize("percent", [29.9, 100.1, 101, 0])
def test_what_no_living_person_shows_is_refused(percent: float) -> None:
    told = score_saturation(SaturationInput(readings=(Saturation(at=NOW, percent=percent),)))
    assert told == Refused(reason=f"readings: {percent:g} is outside 30 to 100")


def test_the_first_of_several_is_named() -> None:
    wrong = tuple(Saturation(at=NOW, percent=percent) for percent in (97, 12, 14, 16))
    told = score_saturation(SaturationInput(readings=wrong))
    assert told == Refused(reason="readings: 12 is outside 30 to 100")


@pytest.mark.parametrize("percent", [30, 100])
def test_the_bounds_themselves_are_judged(percent: float) -> None:
    assert found(percent).last == percent


def test_what_is_missing_or_without_zone_is_said() -> None:
    assert score_saturation(SaturationInput(readings=())) == Incomplete(missing=("readings",))
    bare = Saturation(at=NOW.replace(tzinfo=None), percent=97)
    zoned = Saturation(at=NOW, percent=97)
    for readings in ((bare,), (zoned, bare)):
        told = score_saturation(SaturationInput(readings=readings))
        assert told == Refused(reason="readings: a time without its zone")


def test_times_are_compared_in_milliseconds_whatever_their_order() -> None:
    readings = tuple(
        Saturation(at=NOW + timedelta(milliseconds=ms), percent=value)
        for ms, value in ((3, 90), (0, 97), (2, 95), (1, 96))
    )
    told = score_saturation(SaturationInput(readings=readings))
    assert told == SaturationFound(last=90, usual=96, before=3, fallen=True)
    long_ago = Saturation(at=datetime(1960, 1, 1, tzinfo=UTC), percent=97)
    told = score_saturation(SaturationInput(readings=(long_ago, *readings)))
    assert isinstance(told, SaturationFound)
    assert told.before == 3
