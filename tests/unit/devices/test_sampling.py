"""Stretches of continuous oximetry: nothing lost, nothing late."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.vitals import Quality, Vital
from devices.measurement import Observation, Sampled, Spot
from devices.sampling import LONGEST_STRETCH, Stretch, extend, finish

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def spot(
    seconds: float,
    value: float | None,
    quality: Quality = Quality(0),  # noqa: B008 - immutable
) -> Spot:
    return Spot(
        device="A",
        vital=Vital.SPO2,
        value=value,
        measured_at=START + timedelta(seconds=seconds),
        raw_at=None,
        quality=quality,
    )


def sent(spots: list[Spot]) -> list[Observation]:
    stretch: Stretch | None = None
    out: list[Observation] = []
    for one in spots:
        stretch, ready = extend(stretch, one)
        out.extend(ready)
    return [*out, *finish(stretch)]


def points(observations: list[Observation]) -> list[tuple[datetime, float | None, Quality]]:
    out: list[tuple[datetime, float | None, Quality]] = []
    for one in observations:
        if isinstance(one, Spot):
            out.append((one.measured_at, one.value, one.quality))
        elif isinstance(one, Sampled):
            period = timedelta(milliseconds=one.period_ms)
            out += [(one.start + i * period, v, one.quality) for i, v in enumerate(one.values)]
    return out


def test_ten_steady_seconds_are_one_item() -> None:
    (item,) = sent([spot(second, 96) for second in range(LONGEST_STRETCH)])
    assert isinstance(item, Sampled)
    assert (item.start, item.period_ms, item.values) == (START, 1000, (96,) * 10)


def test_a_fall_leaves_at_once() -> None:
    stretch, ready = extend(None, spot(0, 96))
    stretch, ready = extend(stretch, spot(1, 94))
    assert ready == ()
    stretch, ready = extend(stretch, spot(2, 93))
    assert stretch is None
    assert points(list(ready)) == points([spot(0, 96), spot(1, 94), spot(2, 93)])


def test_a_gap_and_a_change_of_quality_begin_a_new_stretch() -> None:
    bad = Quality.QUESTIONABLE
    items = sent([spot(0, 96), spot(1, 96), spot(9, 96), spot(10, 96, bad), spot(11, 96, bad)])
    assert [len(item.values) for item in items if isinstance(item, Sampled)] == [2, 1, 2]


def test_a_fraction_travels_as_a_spot() -> None:
    assert sent([spot(0, 96), spot(1, 95.5), spot(2, 96)])[1] == spot(1, 95.5)


def test_what_was_no_number_keeps_its_place() -> None:
    invalid = Quality.INVALID
    items = sent([spot(0, None, invalid), spot(1, None, invalid)])
    assert points(items) == points([spot(0, None, invalid), spot(1, None, invalid)])


readings = st.tuples(
    st.floats(0, 3),
    st.none() | st.integers(50, 100).map(float) | st.floats(50, 100),
    st.sampled_from([Quality(0), Quality.QUESTIONABLE, Quality.INVALID]),
)


@given(st.lists(readings, max_size=60))
def test_every_value_arrives_once_in_order_and_within_half_a_second(
    steps: list[tuple[float, float | None, Quality]],
) -> None:
    clock, spots = 0.0, []
    for step, value, quality in steps:
        clock += step
        spots.append(spot(clock, value, quality))
    out = points(sent(spots))
    assert [(value, quality) for _, value, quality in out] == [(s.value, s.quality) for s in spots]
    for (at, _, _), one in zip(out, spots, strict=True):
        assert abs(at - one.measured_at) <= timedelta(seconds=0.5)
