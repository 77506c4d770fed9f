"""Somebody's own shifts: those that come, and what keeps him from taking another one. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from alerts.rota.rota import Duty, Rota, Shift, Turn, span_of, turns
from alerts.rota.week import whole_turns

_NIGHT = timedelta(days=2)
"""Longer than a shift: those that run now, and the last, are shown whole."""


class Clash(StrEnum):
    """Why somebody cannot take a shift."""

    LEAVE = "leave"
    """He is away then."""
    SHIFT = "shift"
    """He has another one at that time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTurn:
    """A shift of one day that somebody has, and in which organisation."""

    organisation: UUID
    turn: Turn


def coming(
    rotas: Mapping[UUID, Rota], person: UUID, now: datetime, ahead: timedelta
) -> tuple[OwnTurn, ...]:
    """Return the shifts somebody has from now on for a while, those that run too, in order."""
    found = [
        OwnTurn(organisation=organisation, turn=turn)
        for organisation, rota in rotas.items()
        for turn in whole_turns(tuple(_of(rota, person, now - _NIGHT, now + ahead + _NIGHT)))
        if turn.end > now and turn.start < now + ahead
    ]
    return tuple(sorted(found, key=lambda one: (one.turn.start, one.turn.shift.id)))


def clash(rotas: Iterable[Rota], rota: Rota, shift: Shift, day: date, person: UUID) -> Clash | None:
    """Return what keeps somebody from taking a shift of a day, wherever he may be planned."""
    start, end = span_of(shift, day, rota.zone)
    first, last = (
        at.astimezone(rota.zone).date() for at in (start, end - timedelta(microseconds=1))
    )
    for each in rotas:
        if any(
            leave.person == person and leave.first_on <= last and leave.last_on >= first
            for leave in each.leaves
        ):
            return Clash.LEAVE
    for each in rotas:
        for turn in _of(each, person, start, end):
            if (turn.shift.id, turn.day) != (shift.id, day):
                return Clash.SHIFT
    return None


def is_over(rota: Rota, shift: Shift, day: date, now: datetime) -> bool:
    """Say whether a shift of a day has ended."""
    return span_of(shift, day, rota.zone)[1] <= now


def _of(rota: Rota, person: UUID, start: datetime, end: datetime) -> Iterator[Turn]:
    for duty in filter(rota.keeps, Duty):
        yield from (turn for turn in turns(rota, duty, start, end) if turn.person == person)
