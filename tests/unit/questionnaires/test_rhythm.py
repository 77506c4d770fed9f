"""What the form of a rhythm says, and that it says back what it shows."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.plans.changing import Change, new_schedule
from questionnaires.plans.rhythm import (
    USUAL,
    fields_of,
    is_whole,
    keeps_the_law,
    next_occasions,
    read_rhythm,
)
from questionnaires.plans.schedule import Phase, Schedule
from questionnaires.plans.service import programmes

GOOD = {
    "days": ("weekdays",),
    "weekday": ("1", "4"),
    "time.0": ("9 h 30",),
    "time.1": ("18:00",),
    "opens": ("1,5",),
    "due": ("3",),
    "grace": ("4",),
    "remind.0": ("0",),
    "remind.1": ("2,25",),
}


def test_a_form_says_a_schedule() -> None:
    assert read_rhythm(GOOD) == Schedule(
        phases=(Phase(times=("09:30", "18:00"), weekdays=(1, 4)),),
        opens_minutes_before=90,
        due_minutes_after=180,
        grace_minutes=240,
        reminder_minutes=(0, 135),
    )


def test_a_beginning_comes_before_the_steady_rhythm() -> None:
    read = read_rhythm({**GOOD, "intro_days": ("3",), "intro.0": ("8:00",)})
    assert isinstance(read, Schedule)
    assert read.phases == (
        Phase(times=("08:00",), days=3),
        Phase(times=("09:30", "18:00"), weekdays=(1, 4)),
    )


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"days": ()}, ("days",)),
        ({"weekday": ()}, ("weekdays",)),
        ({"weekday": ("8", "x")}, ("weekdays",)),
        ({"days": ("every_days",), "every": ("1",)}, ("every",)),
        ({"days": ("every_days",), "every": ("400",)}, ("every",)),
        ({"days": ("on_days",), "on_days": ("1, deux",)}, ("on_days",)),
        ({"days": ("on_days",), "on_days": ("",)}, ("on_days",)),
        ({"time.0": ("25:00",)}, ("times",)),
        ({"time.0": ("",), "time.1": ("",)}, ("times",)),
        ({"intro_days": ("3",)}, ("intro",)),
        ({"intro.0": ("8:00",)}, ("intro",)),
        ({"opens": ("-1",)}, ("opens",)),
        ({"due": ("0",)}, ("due",)),
        ({"due": ("169",), "grace": ("",)}, ("due", "grace")),
        ({"remind.0": ("7",)}, ("remind",)),
        ({"remind.0": ("tôt",)}, ("remind",)),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, tuple[str, ...]], wrong: tuple[str, ...]) -> None:
    assert read_rhythm({**GOOD, **change}) == wrong


def test_every_shipped_rhythm_is_shown_whole() -> None:
    lines = [line for one in programmes().values() for line in one.lines]
    assert len(lines) >= 9
    assert [line.questionnaire for line in lines if not is_whole(line.schedule)] == []
    assert is_whole(USUAL)


clocks = st.lists(
    st.times().map(lambda at: f"{at:%H:%M}"), min_size=1, max_size=6, unique=True
).map(lambda times: tuple(sorted(times)))
steady = st.one_of(
    st.builds(Phase, times=clocks),
    st.builds(Phase, times=clocks, every_days=st.integers(2, 366)),
    st.builds(
        Phase,
        times=clocks,
        weekdays=st.sets(st.integers(1, 7), min_size=1).map(lambda days: tuple(sorted(days))),
    ),
    st.builds(
        Phase,
        times=clocks,
        on_days=st.sets(st.integers(0, 366), min_size=1, max_size=8).map(
            lambda days: tuple(sorted(days))
        ),
    ),
)
beginning = st.builds(Phase, times=clocks, days=st.integers(1, 366))
quarters = st.integers(0, 200).map(lambda count: count * 15)


@given(
    st.builds(
        Schedule,
        phases=st.one_of(steady.map(lambda one: (one,)), st.tuples(beginning, steady)),
        opens_minutes_before=quarters,
        due_minutes_after=quarters.filter(lambda minutes: minutes > 0),
        grace_minutes=st.just(3015),
        reminder_minutes=st.sets(quarters, max_size=3).map(lambda some: tuple(sorted(some))),
    )
)
def test_a_form_says_back_what_it_shows(schedule: Schedule) -> None:
    assert read_rhythm(fields_of(schedule)) == schedule


def test_next_times_are_those_of_the_place_and_of_the_plan() -> None:
    read = read_rhythm(GOOD)
    assert isinstance(read, Schedule)
    zone, monday = ZoneInfo("Indian/Reunion"), date(2027, 1, 4)
    now = datetime(2027, 1, 4, 6, 0, tzinfo=UTC)
    found = next_occasions(read, zone, monday, date(2027, 1, 7), now)
    assert [one.at.astimezone(zone).strftime("%d %H:%M") for one in found] == [
        "04 18:00",
        "07 09:30",
        "07 18:00",
    ]


WEEKLY = next(line.schedule for line in programmes()["diabetes"].lines)
LAWFUL = {"days": ("weekdays",), "weekday": ("3",), "time.0": ("10:00",), "opens": ("4",),
          "due": ("12",), "grace": ("24",)}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, True),
        ({"days": ("every_days",), "every": ("7",)}, True),
        ({"days": ("every_day",)}, True),
        ({"weekday": ("1", "4")}, True),
        ({"due": ("6",), "grace": ("12",)}, True),
        ({"days": ("every_days",), "every": ("8",)}, False),
        ({"days": ("every_days",), "every": ("14",), "time.1": ("18:00",)}, False),
        ({"days": ("on_days",), "on_days": ("0, 7, 14, 21",)}, False),
        ({"days": ("on_days",), "on_days": (", ".join(map(str, range(60))),)}, False),
        ({"grace": ("25",)}, False),
        ({"due": ("168",), "grace": ("168",)}, False),
    ],
)
def test_what_the_law_wants_is_asked_no_less_and_told_no_later(
    change: dict[str, tuple[str, ...]], kept: bool
) -> None:
    read = read_rhythm({**LAWFUL, **change})
    assert isinstance(read, Schedule)
    assert keeps_the_law(read, WEEKLY) is kept


def test_times_that_stay_leave_a_later_phase_its_own() -> None:
    schedule = Schedule(
        phases=(Phase(times=("08:00", "12:00"), days=3), Phase(times=("19:00",))),
        opens_minutes_before=60,
        due_minutes_after=60,
        grace_minutes=60,
    )
    same = Change(times={"q": ("12:00", "08:00")})
    assert new_schedule("q", schedule, same) == schedule
