"""Of what the circle is told beside the ladder of an alert, and when. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from core.access import Role


class Occasion(StrEnum):
    """What a member of the circle may be told of."""

    RED = "red"
    SILENCE = "silence"
    STAY = "stay"
    CLOSURE = "closure"


OCCASION_LABELS: Final[dict[str, str]] = {
    Occasion.RED: "A red alert",
    Occasion.SILENCE: "No answer in time",
    Occasion.STAY: "A stay in hospital",
    Occasion.CLOSURE: "The end of such an alert",
}
"""English msgid of each occasion."""


PREVIEW_LABELS: Final[dict[str, str]] = OCCASION_LABELS | {
    "daily": "The mail that comes once a day",
    "": "To a professional, whatever it is",
}
"""English msgid of each mail that is shown before it is sent."""


class Moment(StrEnum):
    """When a member of the circle is told."""

    AT_ONCE = "at_once"
    BY_DAY = "by_day"
    DAILY = "daily"


MOMENT_LABELS: Final[dict[str, str]] = {
    Moment.AT_ONCE: "At once",
    Moment.BY_DAY: "In the day only, from 8 to 20",
    Moment.DAILY: "Once a day, at 18",
}
"""English msgid of each moment."""
DAY_BEGINS: Final = time(8)
DAY_ENDS: Final = time(20)
SUMMARY_AT: Final = time(18)
"""Source of the three: proposed."""
OFFERED: Final = (
    Role.HOME_NURSE, Role.PHARMACIST, Role.PHYSIOTHERAPIST, Role.GP, Role.CARER,
    Role.TRUSTED_PERSON,
)  # fmt: skip
"""Roles that have a line to choose by, whoever is in the circle today."""


_FAMILY: Final = frozenset(
    {
        Role.CARER, Role.TRUSTED_PERSON, Role.LEGAL_REPRESENTATIVE,
        Role.PROPERTY_REPRESENTATIVE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Of what somebody, or a role, is told, and when; a red at once unless `red_waits`."""

    occasions: frozenset[Occasion] = frozenset()
    moment: Moment = Moment.AT_ONCE
    red_waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldMember:
    """A person of the circle and of what he is told; `reachable`: a mail address is known.

    `own`: by a line of his own, else by that of his role.
    """

    membership_id: UUID
    name: str
    role: str
    family: bool
    reachable: bool
    own: bool
    occasions: list[str]
    moment: str
    red_waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRole:
    """A role of the circle, and of what whoever has it is told, now or later."""

    role: str
    family: bool
    occasions: list[str] = field(default_factory=list)
    moment: str = Moment.AT_ONCE
    red_waits: bool = False


def roles_shown(known: Sequence[ToldRole], members: Iterable[ToldMember]) -> tuple[ToldRole, ...]:
    """Return the lines of roles: those offered to everybody, and those of who is there."""
    lines = {one.role: one for one in known}
    wanted = dict.fromkeys([*OFFERED, *lines, *(one.role for one in members)])
    return tuple(
        lines.get(role) or ToldRole(role=role, family=role in _FAMILY) for role in map(str, wanted)
    )


def due_at(moment: Moment, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when somebody is told of what happened now, by his own clock."""
    local = now.astimezone(zone)
    match moment:
        case Moment.AT_ONCE:
            return now
        case Moment.BY_DAY:
            if DAY_BEGINS <= local.time() < DAY_ENDS:
                return now
            return _next(local, DAY_BEGINS, now)
        case Moment.DAILY:
            return _next(local, SUMMARY_AT, now)
        case _:
            assert_never(moment)


def _next(local: datetime, at: time, now: datetime) -> datetime:
    """Return the next time a clock shows `at`."""
    day = local.date() if local.time() < at else local.date() + timedelta(days=1)
    return max(now, datetime.combine(day, at, local.tzinfo).astimezone(now.tzinfo))
