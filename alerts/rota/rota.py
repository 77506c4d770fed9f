"""The rota of an organisation: who is on duty at an instant, and when nobody is. Pure.

Shifts are clock times in the organisation's zone: where a shift ends at the time another begins,
both mean the same instant, also on the nights when the clocks change, so that there is neither a
gap nor an overlap. Whoever is on leave, has given his shift away or has left is not on duty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.rota.public_days import Region, holiday_name
from questionnaires.plans.schedule import instant_of

ONE_DAY: Final = timedelta(days=1)
EVERY_DAY: Final = frozenset(range(7))


class Duty(StrEnum):
    """What somebody is on duty as: the rung of a ladder by which he is called."""

    TELEMONITORING_NURSE = "telemonitoring_nurse"
    SECOND_NURSE = "second_nurse"
    COORDINATING_DOCTOR = "coordinating_doctor"
    ON_CALL = "on_call"
    """Answers outside the hours of the service (astreinte)."""


class OnHolidays(StrEnum):
    """Whether a shift is worked on public holidays."""

    AS_USUAL = "as_usual"
    OFF = "off"
    ONLY = "only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A weekly shift of one person; weekdays count from 0, Monday, by the day it begins on.

    It ends at `ends` of the same day, or of the next one when that is not later than `starts`.
    """

    id: UUID
    person: UUID
    duty: Duty
    weekdays: frozenset[int]
    starts: time
    ends: time
    on_holidays: OnHolidays
    first_on: date
    last_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Days on which somebody is away, both included, and who stands in for him, if anybody."""

    person: UUID
    first_on: date
    last_on: date
    substitute: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A shift of one day that `to` has agreed to take."""

    shift: UUID
    day: date
    to: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """All that decides over who is on duty; `staff` is until when each member stays, None for good.

    Whoever is not in `staff` has left: his shifts are gaps.
    """

    zone: ZoneInfo
    region: Region
    staff: Mapping[UUID, datetime | None]
    shifts: tuple[Shift, ...]
    leaves: tuple[Leave, ...] = ()
    swaps: tuple[Swap, ...] = ()

    def keeps(self, duty: Duty) -> bool:
        """Say whether the organisation plans this duty at all."""
        return any(shift.duty is duty for shift in self.shifts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A stretch of a shift in which the same person has it; `person` is None when nobody has."""

    shift: Shift
    day: date
    person: UUID | None
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A span, end excluded, in which nobody is on duty."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Who is on duty; never empty."""

    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobody:
    """Nobody is on duty; `planned` is false when the organisation does not plan this duty."""

    planned: bool


def on_duty(rota: Rota, duty: Duty, now: datetime) -> OnDuty | Nobody:
    """Return who is on duty at an instant, each once."""
    people = {turn.person for turn in turns(rota, duty, now, now + timedelta(microseconds=1))}
    present = sorted(person for person in people if person is not None)
    return OnDuty(people=tuple(present)) if present else Nobody(planned=rota.keeps(duty))


def gaps(rota: Rota, duty: Duty, start: datetime, end: datetime) -> tuple[Gap, ...]:
    """Return when nobody is on duty between two instants, in order and as long as can be."""
    found, covered = list[Gap](), start
    for turn in sorted(turns(rota, duty, start, end), key=lambda turn: turn.start):
        if turn.person is None:
            continue
        if turn.start > covered:
            found.append(Gap(start=covered, end=turn.start))
        covered = max(covered, turn.end)
    if covered < end:
        found.append(Gap(start=covered, end=end))
    return tuple(found)


def turns(rota: Rota, duty: Duty, start: datetime, end: datetime) -> Iterator[Turn]:
    """Yield the stretches of shifts between two instants, cut to them, with who has each."""
    first, last = (at.astimezone(rota.zone).date() for at in (start, end))
    for shift in rota.shifts:
        if shift.duty is not duty:
            continue
        # A shift of the evening before, or a night longer than usual, may still run.
        day = first - 2 * ONE_DAY
        while day <= last:
            if works_on(shift, day, rota.region):
                for turn in _turns_of(rota, shift, day):
                    if turn.start < end and turn.end > start:
                        yield _cut(turn, start, end)
            day += ONE_DAY


def works_on(shift: Shift, day: date, region: Region) -> bool:
    """Say whether a shift begins on a day."""
    within = shift.first_on <= day and (shift.last_on is None or day <= shift.last_on)
    if not within or day.weekday() not in shift.weekdays:
        return False
    match shift.on_holidays:
        case OnHolidays.OFF:
            return holiday_name(region, day) is None
        case OnHolidays.ONLY:
            return holiday_name(region, day) is not None
        case _:
            return True


def span_of(shift: Shift, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a shift of a day begins and ends."""
    last = day if shift.ends > shift.starts else day + ONE_DAY
    return instant_of(day, shift.starts, zone), instant_of(last, shift.ends, zone)


def _turns_of(rota: Rota, shift: Shift, day: date) -> Iterator[Turn]:
    """Yield the stretches of one shift: cut at midnight, where leave begins and ends."""
    start, end = span_of(shift, day, rota.zone)
    while start < end:
        today = start.astimezone(rota.zone).date()
        until = min(end, instant_of(today + ONE_DAY, time(0), rota.zone))
        person = holder(rota, shift, day, today)
        leaves_at = rota.staff.get(person) if person else None
        if leaves_at is not None and leaves_at < until:
            if leaves_at > start:
                yield Turn(shift=shift, day=day, person=person, start=start, end=leaves_at)
            person, start = None, max(start, leaves_at)
        yield Turn(shift=shift, day=day, person=person, start=start, end=until)
        start = until


def holder(rota: Rota, shift: Shift, day: date, today: date) -> UUID | None:
    """Return who has the shift of `day` on the day `today`; None when he is away or has left.

    A substitute who is away himself is replaced by his own, round no circle.
    """
    person: UUID | None = next(
        (swap.to for swap in rota.swaps if (swap.shift, swap.day) == (shift.id, day)), shift.person
    )
    asked: set[UUID] = set()
    while person is not None and person not in asked:
        away = [
            leave
            for leave in rota.leaves
            if leave.person == person and leave.first_on <= today <= leave.last_on
        ]
        if not away:
            return person if person in rota.staff else None
        asked.add(person)
        person = next((leave.substitute for leave in away if leave.substitute), None)
    return None


def _cut(turn: Turn, start: datetime, end: datetime) -> Turn:
    return Turn(
        shift=turn.shift,
        day=turn.day,
        person=turn.person,
        start=max(turn.start, start),
        end=min(turn.end, end),
    )
