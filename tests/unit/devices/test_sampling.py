"""Stretches of continuous oximetry: nothing lost, nothing late."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.vitals import Quality, Vital
from devices.measurement import Observation, Sampled, Spot
from devices.sampling import LONGEST_STRETCH, Stream, extend, finish

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
FINE = Quality(0)


def spot(seconds: float, value: float | None, quality: Quality = FINE) -> Spot:
    return Spot(
        device="A",
        vital=Vital.SPO2,
        value=value,
        measured_at=START + timedelta(seconds=seconds),
        raw_at=None,
        quality=quality,
    )


def sent(spots: list[Spot]) -> list[Observation]:
    stream = Stream()
    out: list[Observation] = []
    for one in spots:
        stream, leaving = extend(stream, one)
        out.extend(leaving)
    return [*out, *finish(stream)]


def points(observations: list[Observation]) -> list[tuple[datetime, float | None, Quality]]:
    out: list[tuple[datetime, float | None, Quality]] = []
    for one in observations:
        if isinstance(one, Spot):
            out.append((one.measured_at, one.value, one.quality))
        elif isinstance(one, Sampled):
            period = timedelta(milliseconds=one.period_ms)
            out += [(one.start + i * period, v, one.quality) for i, v in enumerate(one.values)]
    return out


def sizes(observations: list[Observation]) -> list[int]:
    return [len(one.values) for one in observations if isinstance(one, Sampled)]


def test_the_first_value_leaves_at_once_and_steady_ones_ten_at_a_time() -> None:
    items = sent([spot(second, 96) for second in range(2 * LONGEST_STRETCH + 1)])
    assert sizes(items) == [1, LONGEST_STRETCH, LONGEST_STRETCH]
    last = items[-1]
    assert isinstance(last, Sampled)
    assert (last.start, last.period_ms) == (START + timedelta(seconds=11), 1000)


def test_a_fall_leaves_at_once_with_what_came_before() -> None:
    stream, leaving = extend(Stream(last_sent=96.0), spot(1, 95))
    assert leaving == ()
    stream, leaving = extend(stream, spot(2, 94))
    assert leaving == ()
    stream, leaving = extend(stream, spot(3, 93))
    assert points(list(leaving)) == points([spot(1, 95), spot(2, 94), spot(3, 93)])
    assert stream == Stream(last_sent=93.0)


def test_a_sudden_fall_after_a_departure_does_not_wait() -> None:
    stream, _ = extend(Stream(), spot(0, 97))
    stream, leaving = extend(stream, spot(1, 85))
    assert points(list(leaving)) == points([spot(1, 85)])


def test_a_gap_and_a_change_of_quality_begin_a_new_stretch() -> None:
    bad = Quality.QUESTIONABLE
    seconds = [spot(0, 96), spot(1, 96), spot(2, 96), spot(9, 96)]
    items = sent([*seconds, spot(10, 96, bad), spot(11, 96, bad)])
    assert sizes(items) == [1, 2, 1, 2]


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
