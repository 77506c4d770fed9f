"""An alert as it stands: its level, who saw it, who has it in charge, until when it sleeps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from alerts.answering import Hold
from alerts.ladder import Ladder
from alerts.outcomes import Outcome
from scoring.level import Level


class State(StrEnum):
    """Where an alert stands.

    RAISED and SEEN escalate, OWNED waits for its owner, ASLEEP for the end of its sleep.
    """

    RAISED = "raised"
    SEEN = "seen"
    OWNED = "owned"
    ASLEEP = "asleep"
    CLOSED = "closed"


class Cause(StrEnum):
    """The cause of an alert, by the item that raised it."""

    ABNORMAL = "abnormal"
    WORSENING = "worsening"
    SILENT = "silent"
    TECHNICAL = "technical"
    CALL_BACK = "call_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Who has the alert in charge, since when, and until when without closing it."""

    by: UUID
    at: datetime
    until: datetime
    hold: Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Who saw the alert, when and at which level; `bought` is the (round, rung) it delayed."""

    by: UUID
    at: datetime
    level: Level
    bought: tuple[int, int] | None


class SleepReason(StrEnum):
    """Why an alert may sleep (proposed list, to be validated)."""

    MEASURE_AGAIN = "measure_again"
    VISIT_EXPECTED = "visit_expected"
    ADVICE_AWAITED = "advice_awaited"
    KNOWN_AND_STABLE = "known_and_stable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleep:
    """« Mise en veille » for the whole team: nobody is called until then; signed and reasoned."""

    by: UUID
    at: datetime
    until: datetime
    reason: SleepReason
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A colleague who was asked to take the alert; he has not answered by that."""

    to: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How and by whom the alert was closed."""

    by: UUID
    at: datetime
    outcome: Outcome
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert. `level` is ORANGE or RED.

    `round` counts passes of the ladder (a worsening and a loop each start one), `rung` is the
    last rung called, `from_rung` the first one called in the present step, `exhaustions` how
    often the ladder ended with nobody answering. `next_step_at` is None only when closed.
    `slept` is how long the alert has slept at its present level, the present sleep not counted.
    """

    alert_id: UUID
    item: str
    level: Level
    ladder: Ladder
    raised_at: datetime
    state: State
    round: int
    from_rung: int
    rung: int
    exhaustions: int
    next_step_at: datetime | None
    owner: Ownership | None
    receipts: tuple[Receipt, ...]
    sleep: Sleep | None
    slept: timedelta
    assignment: Assignment | None
    closing: Closing | None
