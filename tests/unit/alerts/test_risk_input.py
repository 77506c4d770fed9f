"""What the model is given: the window, what counts, and what is known of the person."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rescoring_given import asked_at_each
from alerts.risk_input import (
    GIVEN,
    WINDOW,
    Asked,
    age_at,
    given_of,
    inputs_of,
    male_of,
    oxygen_of,
)
from core.vitals import Quality, Vital
from scoring.model.features import features
from scoring.observation import GOOD, Reading

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def spot(vital: Vital, value: float, ago: timedelta, quality: Quality = GOOD) -> Reading:
    return Reading(reading_id=1, vital=vital, value=value, measured_at=NOW - ago, quality=quality)


def asked(*readings: Reading, at: datetime = NOW) -> Asked:
    return Asked(asked_at=at, readings=readings, age=70, male=None, oxygen=True)


def test_only_what_counts_and_was_there_is_given() -> None:
    hour = timedelta(hours=1)
    found = given_of(
        [
            asked(
                spot(Vital.SPO2, 95, hour),
                spot(Vital.SPO2, 80, 2 * hour, Quality.QUESTIONABLE),
                spot(Vital.SPO2, 81, 3 * hour, Quality.IMPLAUSIBLE),
                spot(Vital.SPO2, 82, -hour),
                spot(Vital.SPO2, 83, WINDOW),
                spot(Vital.SPO2, 96, WINDOW - hour),
                spot(Vital.WEIGHT, 70, hour),
            )
        ]
    )
    assert found.samples[Vital.SPO2].value.tolist() == [96, 95]
    assert set(found.samples) == set(GIVEN)
    assert (found.age.tolist(), found.oxygen.tolist()) == ([70], [1])
    assert np.isnan(found.male[0])


def test_a_value_is_read_for_three_days_and_at_the_instant_itself() -> None:
    """Forty-eight hours is the longest look of a feature; a value stands a day before it."""
    moment = timedelta(milliseconds=1)
    found = given_of(
        [
            asked(
                spot(Vital.SPO2, 91, timedelta(hours=72)),
                spot(Vital.SPO2, 92, timedelta(hours=72) - moment),
                spot(Vital.PULSE, 80, timedelta(hours=1)),
                spot(Vital.SPO2, 93, timedelta()),
                spot(Vital.SPO2, 94, -moment),
            )
        ]
    )
    spo2 = found.samples[Vital.SPO2]
    assert spo2.value.tolist() == [92, 93]
    assert (found.asked.at - spo2.at).tolist() == [72 * 3_600_000 - 1, 0]
    assert found.samples[Vital.PULSE].value.tolist() == [80]


@pytest.mark.parametrize(
    ("ago", "oxygen"),
    [
        (timedelta(hours=36, milliseconds=1), None),
        (timedelta(hours=36), True),
        (timedelta(), True),
        (-timedelta(milliseconds=1), None),
    ],
)
def test_an_answered_flow_of_oxygen_stands_for_a_day_and_a_half(
    ago: timedelta, oxygen: bool | None
) -> None:
    (found,) = asked_at_each([], [(NOW - ago, 2.0)], None, None, [NOW])
    assert found.oxygen is oxygen
    (newest,) = asked_at_each(
        [], [(NOW - timedelta(hours=1), 0.0), (NOW - timedelta(hours=2), 2.0)], None, None, [NOW]
    )
    assert newest.oxygen is False


moments = st.integers(min_value=0, max_value=80 * 60).map(lambda n: timedelta(minutes=n))
some = st.lists(
    st.builds(
        spot,
        st.sampled_from(GIVEN),
        st.integers(min_value=40, max_value=120).map(float),
        moments,
        st.sampled_from([GOOD, Quality.TIME_FAULT]),
    ),
    max_size=25,
)


@given(one=some, other=some, cut=moments)
def test_who_is_asked_about_with_others_is_given_the_same(
    one: list[Reading], other: list[Reading], cut: timedelta
) -> None:
    """A live line and a run over many give the model the very same features."""
    first, second = asked(*one), asked(*other, at=NOW - cut)
    alone = features(given_of([second]))
    together = features(given_of([first, second]))
    assert all(
        np.array_equal(alone[name], together[name][1:], equal_nan=True)
        or np.allclose(alone[name], together[name][1:], equal_nan=True)
        for name in alone
    )


@given(one=some)
def test_the_order_of_arrival_changes_nothing(one: list[Reading]) -> None:
    forth, back = given_of([asked(*one)]), given_of([asked(*reversed(one))])
    for vital in GIVEN:
        assert forth.samples[vital].value.tolist() == back.samples[vital].value.tolist()
    assert inputs_of(asked(*one)) == inputs_of(asked(*reversed(one)))


def test_a_line_can_be_checked_by_what_was_given() -> None:
    found = inputs_of(
        asked(spot(Vital.SPO2, 95, timedelta(hours=2)), spot(Vital.SPO2, 91, timedelta(hours=1)))
    )
    at = (NOW - timedelta(hours=1)).isoformat()
    assert found == {
        "age": 70,
        "male": None,
        "oxygen": True,
        "spo2": {"count": 2, "value": 91, "at": at},
    }


def test_who_is_asked_about() -> None:
    assert age_at(date(2010, 3, 1), NOW) == 16
    assert age_at(date(2010, 3, 2), NOW) == 15
    assert [male_of(sex) for sex in ("male", "female", "unknown")] == [True, False, None]
    assert [oxygen_of(flow) for flow in (None, 0, 0.5)] == [None, False, True]
