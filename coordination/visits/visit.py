"""Who comes to a patient on which days, and what came of it: pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

LONGEST_WHAT: Final = 200
LONGEST_WORDS: Final = 500
SAID_WITHIN: Final = timedelta(days=7)
"""What came of a visit is said within a week (proposed)."""
WEEKDAYS: Final = {
    1: "Monday",
    2: "Tuesday",
    3: "Wednesday",
    4: "Thursday",
    5: "Friday",
    6: "Saturday",
    7: "Sunday",
}
FURTHEST: Final = 52
"""Weeks before and after this one that can be looked at."""


class Outcome(StrEnum):
    """What came of a visit."""

    DONE = "done"
    NOT_DONE = "not_done"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who comes on which days of the week."""

    id: UUID
    patient_id: UUID
    party: UUID
    party_name: str
    what: str
    weekdays: list[int]
    at_time: time | None
    starts_on: date
    ended_on: date | None
    mine: bool

    def comes_on(self, day: date) -> bool:
        """Whether somebody comes on that day."""
        ended = self.ended_on is not None and self.ended_on <= day
        return self.starts_on <= day and not ended and day.isoweekday() in self.weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a visit, and who said so."""

    id: UUID
    line_id: UUID
    day: date
    outcome: Outcome
    words: str
    by_person: UUID
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of a day, and what came of it."""

    line: Line
    report: Report | None


@dataclass(frozen=True, slots=True)
class Day:
    """The visits of a day, in the order of their times."""

    day: date
    visits: list[Visit]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line as a form asks for it."""

    party: UUID
    what: str
    weekdays: list[int]
    at_time: time | None
    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A form as it was typed."""

    party: str = ""
    what: str = ""
    weekdays: tuple[str, ...] = ()
    at_time: str = ""
    starts_on: str = ""


@dataclass(frozen=True, slots=True)
class Unfit:
    """What stands against it: a code of `words.PROBLEM_SENTENCES`."""

    code: str


def first_day(today: date, weeks: int) -> date:
    """Return the Monday of the week that lies so many weeks after this one."""
    monday = today - timedelta(days=today.isoweekday() - 1)
    return monday + timedelta(weeks=max(-FURTHEST, min(FURTHEST, weeks)))


def week(lines: Sequence[Line], reports: Iterable[Report], first: date) -> list[Day]:
    """Return the seven days from `first` on, with who comes."""
    said = {(one.line_id, one.day): one for one in reports}
    days = [first + timedelta(days=later) for later in range(7)]
    return [Day(day, _of(lines, said, day)) for day in days]


def _of(lines: Sequence[Line], said: dict[tuple[UUID, date], Report], day: date) -> list[Visit]:
    coming = sorted(
        (one for one in lines if one.comes_on(day)),
        key=lambda one: (one.at_time is None, one.at_time or time.min, one.party_name, one.id),
    )
    return [Visit(one, said.get((one.id, day))) for one in coming]


def parse_line(written: Written, members: Collection[UUID], today: date) -> NewLine | Unfit:
    """Judge a form; `members` are the parties of the circle now."""
    what = " ".join(written.what.split())
    if not what or len(what) > LONGEST_WHAT:
        return Unfit("what")
    try:
        party = UUID(written.party)
    except ValueError:
        return Unfit("party")
    if party not in members:
        return Unfit("party")
    if not written.weekdays or not set(written.weekdays) <= set(map(str, WEEKDAYS)):
        return Unfit("weekdays")
    try:
        at_time = time.fromisoformat(written.at_time) if written.at_time.strip() else None
        starts = date.fromisoformat(written.starts_on) if written.starts_on.strip() else today
    except ValueError:
        return Unfit("time")
    if at_time is not None and at_time.tzinfo is not None:
        return Unfit("time")
    if not today <= starts <= today + timedelta(days=366):
        return Unfit("time")
    days = sorted({int(one) for one in written.weekdays})
    return NewLine(party=party, what=what, weekdays=days, at_time=at_time, starts_on=starts)


def refuse_report(outcome: Outcome, words: str, day: date, today: date) -> Unfit | None:
    """Return what stands against saying what came of a visit of that day."""
    if not today - SAID_WITHIN <= day <= today:
        return Unfit("day")
    if len(words) > LONGEST_WORDS:
        return Unfit("words")
    if outcome == Outcome.PROBLEM and not words:
        return Unfit("problem")
    return None
