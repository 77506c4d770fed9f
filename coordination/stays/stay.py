"""A stay in hospital as it is marked by hand: pure.

`mark` judges what somebody says of a stay and returns how it stands from then on, with how long the
questions to the patient rest. They always go on by themselves: a patient who came home and whom
nobody marked as discharged must not stay unwatched.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID

LONGEST_UNASKED: Final = timedelta(days=30)
"""A stay that is open longer asks a person whether it still is (proposed)."""
LONGEST_EMERGENCY: Final = timedelta(days=2)
"""A visit to the emergency department that is open longer asks (proposed)."""
BACK_AFTER: Final = timedelta(days=1)
"""The questions go on so long after the discharge (proposed)."""
FIRST_CALL: Final = timedelta(hours=48)
"""Somebody speaks with whoever is home again within that time (proposed)."""
OLDEST: Final = timedelta(days=92)
"""A stay that began earlier is not marked any more."""
AHEAD: Final = timedelta(minutes=5)
"""Clocks differ: so far ahead is still now."""
LATEST_PLANNED: Final = timedelta(days=366)


class State(StrEnum):
    """Where a stay stands (FHIR Encounter.status and class)."""

    EMERGENCY = "emergency"
    ADMITTED = "admitted"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What somebody marks."""

    EMERGENCY = "emergency"
    ADMITTED = "admitted"
    PLANNED = "planned"
    STILL = "still"
    DISCHARGED = "discharged"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    CALLED = "called"


OPEN: Final = frozenset({State.EMERGENCY, State.ADMITTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A stay as it stands; no unit and no reason are part of it."""

    id: UUID
    patient_id: UUID
    state: State
    started_at: datetime
    planned_out_on: date | None = None
    ended_at: datetime | None = None
    call_due_at: datetime | None = None
    called_at: datetime | None = None
    asks_at: datetime | None = None
    version: int = 0
    """0: not stored yet."""

    @property
    def is_open(self) -> bool:
        """Whether the patient is in hospital by all that is known."""
        return self.state in OPEN

    def waits_for_call(self) -> bool:
        """Whether nobody has spoken with him since he is home."""
        return self.state == State.DISCHARGED and self.called_at is None

    def asks(self, now: datetime) -> bool:
        """Whether a person is to say something of it."""
        return self.asks_at is not None and self.asks_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """How a stay stands after an act, and until when nothing is asked; None changes no rest."""

    stay: Stay
    rest: "Rest | None"


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing is asked until then; None: all is asked from now on."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why an act does not fit: a code of `words.PROBLEM_SENTENCES`."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a form says: an instant, another one, a day; as far as the act needs them."""

    at: datetime | None = None
    ended_at: datetime | None = None
    planned: date | None = None


def begin(
    id: UUID, patient: UUID, act: Act, said: Said, now: datetime, zone: tzinfo
) -> Marked | Unfit:
    """Return a stay that begins with « Hospitalisé » or « Passage aux urgences »."""
    if act not in (Act.ADMITTED, Act.EMERGENCY):
        return Unfit("act")
    started = said.at or now
    if not _is_past(started, now):
        return Unfit("started")
    stay = Stay(id=id, patient_id=patient, state=State(act.value), started_at=started)
    return _open(replace(stay, planned_out_on=said.planned), now, zone)


def mark(stay: Stay, act: Act, said: Said, now: datetime, zone: tzinfo) -> Marked | Unfit:
    """Return how a stay stands after somebody has marked something of it."""
    match act:
        case Act.EMERGENCY:
            return Unfit("act")
        case Act.ADMITTED:
            return _admit(stay, now, zone)
        case Act.PLANNED | Act.STILL:
            if not stay.is_open or (act is Act.PLANNED and said.planned is None):
                return Unfit("act" if not stay.is_open else "planned")
            return _open(replace(stay, planned_out_on=said.planned), now, zone, seen=now)
        case Act.DISCHARGED:
            return _discharge(stay, said.at or now, now) if stay.is_open else Unfit("act")
        case Act.CORRECTED:
            return _correct(stay, said, now, zone)
        case Act.CANCELLED:
            return _cancel(stay)
        case Act.CALLED:
            return _call(stay, now)
        case _:
            assert_never(act)


def _admit(stay: Stay, now: datetime, zone: tzinfo) -> Marked | Unfit:
    """An emergency becomes a stay; a discharge that was marked in error is taken back."""
    if stay.state == State.EMERGENCY:
        return _open(replace(stay, state=State.ADMITTED), now, zone)
    if stay.state != State.DISCHARGED:
        return Unfit("act")
    back = replace(
        stay,
        state=State.ADMITTED,
        planned_out_on=None,
        ended_at=None,
        call_due_at=None,
        called_at=None,
    )
    return _open(back, now, zone, seen=now)


def _open(
    stay: Stay, now: datetime, zone: tzinfo, *, seen: datetime | None = None
) -> Marked | Unfit:
    """`seen`: when somebody last said that he is there; else the beginning counts."""
    planned = stay.planned_out_on
    if planned is not None:
        today = now.astimezone(zone).date()
        if not today <= planned <= today + LATEST_PLANNED:
            return Unfit("planned")
    until = (seen or stay.started_at) + (
        LONGEST_EMERGENCY if stay.state == State.EMERGENCY else LONGEST_UNASKED
    )
    if planned is not None:
        until = min(until, _day_after(planned, zone))
    return Marked(stay=replace(stay, asks_at=until), rest=Rest(until if until > now else None))


def _discharge(stay: Stay, ended: datetime, now: datetime) -> Marked | Unfit:
    if not _is_past(ended, now) or ended < stay.started_at:
        return Unfit("ended")
    due = ended + FIRST_CALL
    home = replace(
        stay,
        state=State.DISCHARGED,
        ended_at=ended,
        call_due_at=due,
        asks_at=None if stay.called_at else due,
    )
    back = ended + BACK_AFTER
    return Marked(stay=home, rest=Rest(back if back > now else None))


def _cancel(stay: Stay) -> Marked | Unfit:
    if stay.state == State.CANCELLED:
        return Unfit("act")
    return Marked(stay=replace(stay, state=State.CANCELLED, asks_at=None), rest=Rest(None))


def _call(stay: Stay, now: datetime) -> Marked | Unfit:
    if not stay.waits_for_call():
        return Unfit("act")
    return Marked(stay=replace(stay, called_at=now, asks_at=None), rest=None)


def _correct(stay: Stay, said: Said, now: datetime, zone: tzinfo) -> Marked | Unfit:
    started = said.at or stay.started_at
    if stay.state == State.CANCELLED:
        return Unfit("act")
    if not _is_past(started, now):
        return Unfit("started")
    moved = replace(stay, started_at=started)
    if stay.ended_at is None:
        planned = stay.planned_out_on
        lapsed = planned is not None and planned < now.astimezone(zone).date()
        return _open(replace(moved, planned_out_on=None if lapsed else planned), now, zone)
    return _discharge(moved, said.ended_at or stay.ended_at, now)


def _is_past(at: datetime, now: datetime) -> bool:
    return now - OLDEST <= at <= now + AHEAD


def _day_after(planned: date, zone: tzinfo) -> datetime:
    """Return the end of the day after a planned discharge: from then on all is asked again."""
    return datetime.combine(planned + timedelta(days=1), time.max, zone).replace(microsecond=0)


def parse_local(raw: str, zone: tzinfo) -> datetime | Unfit | None:
    """Read « 2026-11-29T14:30 » of a form in the visitor's zone; None for an empty field."""
    if not raw.strip():
        return None
    try:
        read = datetime.fromisoformat(raw.strip())
    except ValueError:
        return Unfit("time")
    return read if read.tzinfo else read.replace(tzinfo=zone)


def parse_day(raw: str) -> date | Unfit | None:
    """Read a day of a form; None for an empty field."""
    if not raw.strip():
        return None
    try:
        return date.fromisoformat(raw.strip())
    except ValueError:
        return Unfit("planned")
