"""When an answer was given, whatever the phone's clock says."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from questionnaires.answer_time import OLDEST, STEADY, PhoneTimes, decide_answered_at

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZERO = timedelta(0)


def decided(
    wall: timedelta,
    monotonic: timedelta | None,
    then: timedelta | None,
    now: timedelta | None,
    not_before: datetime | None = None,
) -> tuple[timedelta, bool]:
    times = PhoneTimes(wall=wall, monotonic=monotonic, drift_then=then, drift_now=now)
    answered = decide_answered_at(times, now=NOW, not_before=not_before)
    return NOW - answered.at, answered.uncertain


def test_a_steady_clock_is_a_good_ruler_however_wrong_it_is() -> None:
    assert decided(HOUR, None, ZERO, ZERO) == (HOUR, False)
    assert decided(HOUR, None, -DAY, -DAY + timedelta(seconds=30)) == (HOUR, False)


def test_a_clock_set_anew_between_counts_for_nothing() -> None:
    """The page has run on: at least so much has passed, and the clock's word is not taken."""
    assert decided(HOUR + DAY, HOUR, -DAY, ZERO) == (HOUR, True)
    assert decided(HOUR - DAY, HOUR, DAY, ZERO) == (HOUR, True)


def test_without_any_ruler_it_lies_between_the_opening_and_now() -> None:
    opened = NOW - 3 * HOUR
    assert decided(DAY, None, None, ZERO, opened) == (3 * HOUR, True)
    assert decided(-DAY, None, None, ZERO, opened) == (ZERO, True)
    assert decided(HOUR, None, None, ZERO, opened) == (HOUR, True)


@given(
    wall=st.timedeltas(-400 * DAY, 400 * DAY),
    monotonic=st.none() | st.timedeltas(ZERO, 8 * DAY),
    then=st.none() | st.timedeltas(-400 * DAY, 400 * DAY),
    now=st.none() | st.timedeltas(-400 * DAY, 400 * DAY),
    opened=st.none() | st.timedeltas(ZERO, 8 * DAY),
)
def test_it_is_never_after_now_nor_before_the_questions(
    wall: timedelta,
    monotonic: timedelta | None,
    then: timedelta | None,
    now: timedelta | None,
    opened: timedelta | None,
) -> None:
    not_before = NOW - opened if opened is not None else None
    age, _ = decided(wall, monotonic, then, now, not_before)
    assert ZERO <= age <= min(OLDEST, opened if opened is not None else OLDEST)


@given(age=st.timedeltas(ZERO, 7 * DAY), drift=st.timedeltas(-400 * DAY, 400 * DAY))
def test_a_constant_error_of_the_clock_changes_nothing(age: timedelta, drift: timedelta) -> None:
    assert decided(age, None, drift, drift + STEADY / 2) == (age, False)
