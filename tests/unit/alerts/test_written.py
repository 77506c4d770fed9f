"""What planners write: many ways of a time and a day; what is wrong is named."""

from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest

from alerts.rota.rota import Duty, OnHolidays, Shift
from alerts.rota.written import (
    UNREAD_WORDS,
    Unread,
    Written,
    read_clock,
    read_hours,
    read_shift,
    written_hours,
)
from core.opening import parse_opening

TODAY = date(2026, 11, 27)
GOOD = Written(
    person=str(UUID(int=1)),
    duty="on_call",
    weekdays=("0", "4"),
    starts="20 h",
    ends="8h30",
    on_holidays="off",
    first_on="27/11/2026",
    last_on="",
)


def test_a_shift_is_read_as_it_is_written() -> None:
    assert read_shift(GOOD, UUID(int=9), TODAY) == Shift(
        id=UUID(int=9), person=UUID(int=1), duty=Duty.ON_CALL, weekdays=frozenset({0, 4}),
        starts=time(20), ends=time(8, 30), on_holidays=OnHolidays.OFF, first_on=TODAY,
        last_on=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(GOOD, person=None), "person"),
        (replace(GOOD, person="nobody"), "person"),
        (replace(GOOD, duty="cook"), "duty"),
        (replace(GOOD, weekdays=()), "weekdays"),
        (replace(GOOD, weekdays=("7", "01")), "weekdays"),
        (replace(GOOD, starts="25 h"), "starts"),
        (replace(GOOD, ends="soon"), "ends"),
        (replace(GOOD, on_holidays=None), "holidays"),
        (replace(GOOD, first_on="31/11/2026"), "first_on"),
        (replace(GOOD, first_on="26/11/2026"), "past"),
        (replace(GOOD, last_on="tomorrow"), "last_on"),
        (replace(GOOD, first_on="30/11/2026", last_on="29/11/2026"), "order"),
    ],
)
def test_what_cannot_be_read_is_named(wrong: Written, field: str) -> None:
    assert read_shift(wrong, UUID(int=9), TODAY) == Unread(words=UNREAD_WORDS[field])


@pytest.mark.parametrize(
    ("text", "read"),
    [("8", time(8)), ("8 h", time(8)), ("08:05", time(8, 5)), ("8h30", time(8, 30)),
     ("24 h", time(0)), ("0:00", time(0)), ("8h75", None), ("", None), ("huit", None)],
)  # fmt: skip
def test_a_time_of_day_is_read_in_many_ways(text: str, read: time | None) -> None:
    assert read_clock(text) == read


@pytest.mark.parametrize(
    ("days", "starts", "ends", "hours"),
    [
        (("0", "1", "2", "3", "4"), "8 h", "19 h", "mon-fri 08:00-19:00"),
        (("0", "2", "3"), "8", "24 h", "mon 08:00-24:00; wed-thu 08:00-24:00"),
        ((), "8", "19", UNREAD_WORDS["weekdays"]),
        (("0",), "19", "8", UNREAD_WORDS["hours_order"]),
        (("0",), "x", "8", UNREAD_WORDS["hours"]),
    ],
)
def test_the_hours_of_a_gp_are_what_the_ladder_reads(
    days: tuple[str, ...], starts: str, ends: str, hours: str
) -> None:
    found = read_hours(days, starts, ends)
    if isinstance(found, Unread):
        assert found.words == hours
        return
    assert found == hours
    assert written_hours(parse_opening(found))[0] == list(days)
