"""An alert that sleeps for one person alone: not in his own queue for a while. Pure.

Nothing else changes by it: the alert keeps its state and its deadline, whoever it calls is called,
and the team's queue shows it. It comes back by itself when its time is over, when the alert
worsens, begins its ladder again, loses whoever had it, or is given to this very person.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from alerts.alert import Alert, SleepReason, State
from alerts.refusals import RefusalCode, Refused
from alerts.sleeping import LONGEST_ORANGE, LONGEST_RED
from scoring.level import Level

LONGEST: Final = {Level.ORANGE: LONGEST_ORANGE, Level.RED: LONGEST_RED}
"""How long an alert may be aside at a time: as long as it may sleep (proposed)."""
_HELD: Final = (State.OWNED, State.ASLEEP)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """« Mettre en veille » for oneself for oneself, until then."""

    by: UUID
    until: datetime
    reason: SleepReason
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """An alert as it stood when somebody put it aside.

    `held`: somebody had it in charge, or it slept for the team.
    """

    alert_id: UUID
    person: UUID
    at: datetime
    until: datetime
    level: Level
    round: int
    held: bool
    reason: SleepReason
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """How that alert stands now, as far as it decides whether it is still aside."""

    level: Level
    round: int
    state: State
    owner: UUID | None
    assigned_to: UUID | None


def now_of(alert: Alert) -> Now:
    """Return what decides of an alert at hand."""
    return Now(
        level=alert.level,
        round=alert.round,
        state=alert.state,
        owner=alert.owner.by if alert.owner else None,
        assigned_to=alert.assignment.to if alert.assignment else None,
    )


def set_aside(alert: Alert, act: SetAside, now: datetime) -> Aside | Refused:
    """Return the alert put aside; refused when it is closed, too long, or a red nobody else has.

    A red that nobody has in charge stays before everybody's eyes, and so does one's own.
    """
    latest, held = now + LONGEST[alert.level], alert.state in _HELD
    mine = alert.owner is not None and alert.owner.by == act.by
    given = alert.assignment
    if alert.closing is not None:
        return Refused(code=RefusalCode.ALREADY_CLOSED, by=alert.closing.by, at=alert.closing.at)
    if given is not None and given.to == act.by:
        return Refused(code=RefusalCode.GIVEN_TO_YOU, by=given.by, at=given.at)
    if alert.level is Level.RED and (mine or not held):
        return Refused(code=RefusalCode.RED_OF_NOBODY, by=None, at=None)
    if act.until <= now:
        return Refused(code=RefusalCode.SLEEP_OVER, by=None, at=now)
    if act.until > latest:
        return Refused(code=RefusalCode.ASIDE_TOO_LONG, by=None, at=latest)
    return Aside(
        alert_id=alert.alert_id,
        person=act.by,
        at=now,
        until=act.until,
        level=alert.level,
        round=alert.round,
        held=held,
        reason=act.reason,
        note=act.note,
    )


def is_aside(aside: Aside, alert: Now, at: datetime) -> bool:
    """Tell whether an alert is still aside at an instant, by how it stands then."""
    same = (alert.level, alert.round) == (aside.level, aside.round)
    held = alert.state in _HELD if aside.held else alert.state is not State.CLOSED
    wanted = alert.assigned_to == aside.person
    red_of_mine = alert.level is Level.RED and alert.owner == aside.person
    return at < aside.until and same and held and not wanted and not red_of_mine
