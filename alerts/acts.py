"""What can be done with an alert: by a person, by time, by a newer value. Values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alerts.alert import SleepReason
from alerts.answering import Promise
from alerts.outcomes import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Somebody an alert may be given to, with the role by which its ladder calls him."""

    person: UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """« Prendre en charge »: stops the escalation until the ownership expires."""

    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class See:
    """« Vu »: a receipt that buys one set delay."""

    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Called15:
    """« J'ai appelé le 15 »: recorded as ownership, and closes with that outcome."""

    by: UUID
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """« Mettre en veille » for the whole team: nobody is called before `until`."""

    by: UUID
    until: datetime
    reason: SleepReason
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """« Réveiller »: the sleep ends now, whoever began it."""

    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """« Attribuer » to a colleague: he is asked, and the escalation goes on until he answers."""

    by: UUID
    to: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """« Clôturer » with a coded outcome."""

    by: UUID
    outcome: Outcome
    note: str = ""


@dataclass(frozen=True, slots=True)
class Escalate:
    """Time has passed: the next rung is called. Refused before `next_step_at`."""


@dataclass(frozen=True, slots=True)
class Worsen:
    """The patient is red now and the alert was orange: it alarms anew."""


@dataclass(frozen=True, slots=True)
class EndDrill:
    """Somebody lives in the record of the exercise that raised it: it alarms anew, as real."""


PersonAct = Own | See | Promise | Called15 | Snooze | Wake | Assign | Close
Act = PersonAct | Escalate | Worsen | EndDrill
