"""What is marked of a stay in hospital, and how long the questions rest."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.stays.stay import (
    BACK_AFTER,
    FIRST_CALL,
    LONGEST_EMERGENCY,
    LONGEST_UNASKED,
    Act,
    Marked,
    Rest,
    Said,
    State,
    Stay,
    Unfit,
    begin,
    mark,
    parse_day,
    parse_local,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ID, PATIENT = UUID(int=1), UUID(int=2)


def begun(act: Act = Act.ADMITTED, said: Said = Said(), now: datetime = NOW) -> Marked:  # noqa: B008
    made = begin(ID, PATIENT, act, said, now, PARIS)
    assert isinstance(made, Marked), made
    return made


def marked(stay: Stay, act: Act, said: Said = Said(), now: datetime = NOW) -> Marked:  # noqa: B008
    made = mark(stay, act, said, now, PARIS)
    assert isinstance(made, Marked), made
    return made


def test_a_stay_rests_and_asks_after_thirty_days() -> None:
    made = begun()
    assert (made.stay.state, made.stay.is_open) == (State.ADMITTED, True)
    assert made.stay.asks_at == NOW + LONGEST_UNASKED
    assert made.rest == Rest(NOW + LONGEST_UNASKED)
    still = marked(made.stay, Act.STILL, now=NOW + LONGEST_UNASKED)
    assert still.stay.asks_at == NOW + 2 * LONGEST_UNASKED
    emergency = begun(Act.EMERGENCY)
    assert emergency.rest == Rest(NOW + LONGEST_EMERGENCY)
    assert marked(emergency.stay, Act.ADMITTED).rest == Rest(NOW + LONGEST_UNASKED)


def test_a_planned_discharge_ends_the_rest_by_itself() -> None:
    made = begun(said=Said(planned=date(2027, 1, 6)))
    # The whole day after, where the visitor is.
    assert made.rest == Rest(datetime(2027, 1, 7, 22, 59, 59, tzinfo=UTC))
    assert made.stay.asks_at == datetime(2027, 1, 7, 22, 59, 59, tzinfo=UTC)
    for day in (date(2027, 1, 3), date(2028, 1, 7)):
        assert begin(ID, PATIENT, Act.ADMITTED, Said(planned=day), NOW, PARIS) == Unfit("planned")
    assert marked(made.stay, Act.STILL).stay.planned_out_on is None


def test_home_again_is_asked_after_a_day_and_called_within_two() -> None:
    stay = begun(said=Said(at=NOW - 5 * DAY)).stay
    made = marked(stay, Act.DISCHARGED)
    assert made.rest == Rest(NOW + BACK_AFTER)
    assert made.stay.call_due_at == made.stay.asks_at == NOW + FIRST_CALL
    assert made.stay.waits_for_call()
    # Marked late: nothing rests any more.
    late = marked(stay, Act.DISCHARGED, Said(at=NOW - 2 * DAY))
    assert late.rest == Rest(None)
    assert late.stay.asks(NOW)
    called = marked(made.stay, Act.CALLED, now=NOW + HOUR)
    assert (called.stay.asks_at, called.rest, called.stay.waits_for_call()) == (None, None, False)
    assert mark(called.stay, Act.CALLED, Said(), NOW, PARIS) == Unfit("act")
    back = marked(made.stay, Act.ADMITTED)
    assert (back.stay.ended_at, back.stay.call_due_at) == (None, None)
    assert back.rest == Rest(NOW + LONGEST_UNASKED)


def test_dates_are_corrected_and_what_does_not_fit_is_refused() -> None:
    stay = begun().stay
    home = marked(stay, Act.DISCHARGED).stay
    assert marked(home, Act.CORRECTED, Said(at=NOW - DAY, ended_at=NOW - HOUR)).rest == Rest(
        NOW - HOUR + BACK_AFTER
    )
    assert marked(stay, Act.CORRECTED, Said(at=NOW - 31 * DAY)).rest == Rest(None)
    lapsed = replace(stay, planned_out_on=date(2027, 1, 2))
    assert marked(lapsed, Act.CORRECTED, Said(at=NOW - DAY)).stay.planned_out_on is None
    gone = marked(stay, Act.CANCELLED).stay
    for of, act, said, code in (
        (stay, Act.EMERGENCY, Said(), "act"),
        (stay, Act.ADMITTED, Said(), "act"),
        (stay, Act.PLANNED, Said(), "planned"),
        (stay, Act.CALLED, Said(), "act"),
        (stay, Act.DISCHARGED, Said(at=NOW + HOUR), "ended"),
        (stay, Act.DISCHARGED, Said(at=NOW - HOUR), "ended"),
        (stay, Act.CORRECTED, Said(at=NOW + HOUR), "started"),
        (home, Act.CORRECTED, Said(at=NOW, ended_at=NOW - HOUR), "ended"),
        (home, Act.STILL, Said(), "act"),
        (home, Act.DISCHARGED, Said(), "act"),
        (gone, Act.CANCELLED, Said(), "act"),
        (gone, Act.CORRECTED, Said(), "act"),
    ):
        assert mark(of, act, said, NOW, PARIS) == Unfit(code), (act, said)
    assert begin(ID, PATIENT, Act.STILL, Said(), NOW, PARIS) == Unfit("act")
    assert begin(ID, PATIENT, Act.ADMITTED, Said(at=NOW - 93 * DAY), NOW, PARIS) == Unfit("started")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(Act),
            st.integers(0, 2000).map(lambda hours: timedelta(hours=hours)),
            st.integers(-60, 60).map(lambda days: timedelta(days=days)),
        ),
        max_size=8,
    )
)
def test_a_rest_always_ends_and_an_open_stay_always_asks(
    acts: list[tuple[Act, timedelta, timedelta]],
) -> None:
    stay, now = begun().stay, NOW
    for act, later, off in acts:
        now += later
        said = Said(at=now + off, ended_at=now + off, planned=(now + off).date())
        made = mark(stay, act, said, now, PARIS)
        if isinstance(made, Unfit):
            continue
        stay = made.stay
        if made.rest is not None and made.rest.until is not None:
            assert now < made.rest.until <= now + LONGEST_UNASKED
            assert stay.state != State.CANCELLED
        if stay.is_open:
            assert stay.asks_at is not None
            assert stay.asks_at <= now + LONGEST_UNASKED
            assert made.rest == Rest(stay.asks_at if stay.asks_at > now else None)


@pytest.mark.parametrize("raw", ["hier", "2027-13-01", "2027-01-01T25:00", "'; drop table x"])
def test_what_is_no_time_is_refused(raw: str) -> None:
    assert parse_local(raw, PARIS) == Unfit("time")
    assert parse_day(raw) == Unfit("planned")


def test_times_are_read_where_the_visitor_is() -> None:
    assert parse_local(" 2027-01-04T09:00 ", PARIS) == NOW
    assert parse_local(" ", PARIS) is None
    assert parse_day("2027-01-04") == date(2027, 1, 4)
    assert parse_day("") is None
