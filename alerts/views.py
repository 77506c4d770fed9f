"""What the pages show of alerts: the queue, one patient's alerts, one alert, a chart.

Frozen and complete: a page needs no other query. Levels are `scoring.level.Level`, times carry a
zone, values are in the UCUM unit written beside them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from alerts.alert import Alert, Cause, Receipt, Sleep, State
from alerts.answering import Hold
from alerts.aside import Aside
from alerts.evidence import Evidence
from alerts.outcomes import Outcome
from alerts.repeat_view import PendingView, RepeatView
from alerts.talking import Said, open_questions
from alerts.telling import NextCall, ToldRung, next_call
from core.vitals import Quality, Vital
from scoring.home_state import Doubtful, Finding, Missing
from scoring.level import Level

AS_DRILL: Final = "drill"
Shown = Level | Literal["drill"]
"""As what somebody knew an alert when he acted: its level, or an exercise."""
EvidencePart = Literal["first", "worst", "last", "worsened", "last_seen"]
"""`first`, `worst`, `last` are frozen when raised; the others come with later reviews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceEntry:
    """One piece of evidence of an alert, and how many breaches its review found for the item."""

    part: EvidencePart
    count: int
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """One alert in a list: `reason` is what made its level, `since` when it was raised.

    `next_step_at` is None when closed, `cleared_at` while its values are out of their limits,
    `sleep` unless it sleeps, `night_at` unless it came at night and nobody could be called, `drill`
    unless an exercise raised it.
    """

    alert_id: UUID
    patient_id: UUID
    item: str
    level: Level
    state: State
    hold: Hold | None
    owner: UUID | None
    owner_name: str | None
    owned_until: datetime | None
    since: datetime
    first_breach_at: datetime
    late: bool
    next_step_at: datetime | None
    cause: Cause
    cleared_at: datetime | None
    sleep: Sleep | None
    sleeper_name: str | None
    assigned_to: UUID | None
    assigned_name: str | None
    night_at: datetime | None
    reason: EvidenceEntry
    drill: UUID | None = None

    @property
    def shown_as(self) -> str:
        """Return what a page sends back with an act: as what its reader knew the alert."""
        return AS_DRILL if self.drill else self.level.code


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestValue:
    """The newest value of a vital that counts; `unit` is UCUM."""

    vital: Vital
    value: float
    unit: str
    measured_at: datetime
    quality: Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class News2View:
    """NEWS2 beside the home state: a total only when complete, else why not.

    `total` and `band` are set together; otherwise `refused` says why and `missing` what lacks.
    """

    total: int | None
    band: str | None
    refused: str | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryView:
    """The last review of a patient and his open alerts.

    `items` are all items judged, worst first; `missing` those that could not be, with the reason;
    `doubtful` the values set aside. `since`: start of this level. `of_drill`: the record serves
    exercises alone.
    """

    patient_id: UUID
    level: Level
    rank: int
    since: datetime
    judged_at: datetime
    last_measured_at: datetime | None
    items: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    doubtful: tuple[Doubtful, ...]
    latest: tuple[LatestValue, ...]
    news2: News2View
    open_alerts: int
    open_red: int
    oldest_alert_at: datetime | None
    of_drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One patient in the queue of an organisation, in the order of `rank` then `waiting_since`.

    `seen_at`, `seen_by`: who of the team last saw that he is calm, unless a review came since.
    """

    patient_id: UUID
    name: str
    birth_date: date
    sex: str
    phone: str | None
    rank: int
    waiting_since: datetime
    summary: SummaryView
    seen_at: datetime | None
    seen_by: str | None
    alerts: tuple[AlertLine, ...]
    repeats: tuple[PendingView, ...] = ()

    @property
    def is_calm(self) -> bool:
        """Say whether he may be seen together with others: green, nothing open, nothing due."""
        return self.summary.level is Level.GREEN and not (
            self.alerts or self.repeats or self.rank % 10
        )

    @property
    def first_call_is_late(self) -> bool:
        """Say whether nobody spoke with him in time after his inclusion: alerts.rerank adds 5."""
        return self.rank % 10 in (5, 8)

    @property
    def call_back_is_due(self) -> bool:
        """Say whether somebody promised to call again by now: alerts.rerank adds 3."""
        return self.rank % 10 in (3, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCount:
    """How many patients of the queue stand at a level, with their open alerts.

    Records that serve exercises alone count in `for_drills` and nowhere else.
    """

    level: Level
    patients: int
    open_alerts: int
    open_red: int
    for_drills: int = 0


EventKind = Literal[
    "raised",
    "worsened",
    "drill_ended",
    "called",
    "nobody_reachable",
    "exhausted",
    "rung_skipped",
    "night",
    "quiet",
    "carer_told",
    "circle_told",
    "owned",
    "ownership_lapsed",
    "promise_lapsed",
    "seen",
    "calling_patient",
    "to_emergency",
    "visit_asked",
    "called_15",
    "asked",
    "replied",
    "answered_since",
    "asleep",
    "woken",
    "set_aside",
    "taken_back",
    "assigned",
    "cleared",
    "active_again",
    "attempt",
    "doubt_check",
    "doubt_checked",
    "limits_proposed",
    "repeat_asked",
    "repeat_answered",
    "repeat_within",
    "repeat_confirmed",
    "repeat_not_done",
    "closed",
]
"""What can happen in the life of an alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One step in the life of an alert; `by_name` is None when the service itself did it.

    `what` is an EventKind, as stored. `detail` holds codes, numbers and, of a call or a doubt
    check, whom it was to; never health values. `to_name` is whom the alert was given to.
    """

    at: datetime
    what: str
    by: UUID | None
    by_name: str | None
    to_name: str | None
    detail: dict[str, str | int | list[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """Who has seen the alert, and when."""

    receipt: Receipt
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingView:
    """How the alert ended."""

    by: UUID
    by_name: str | None
    at: datetime
    outcome: Outcome
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """One alert with all that led to it and followed; `names` holds every person it mentions.

    `aside` only while whoever reads has put it aside in his own queue.
    """

    alert: Alert
    line: AlertLine
    evidence: tuple[EvidenceEntry, ...]
    receipts: tuple[ReceiptView, ...]
    closing: ClosingView | None
    events: tuple[EventView, ...]
    summary: SummaryView | None
    names: dict[UUID, str]
    talk: tuple[Said, ...]
    told: tuple[ToldRung, ...]
    repeats: tuple[RepeatView, ...] = ()
    aside: Aside | None = None

    @property
    def next_call(self) -> NextCall | None:
        """Return who is called next and when; None once the alert is closed."""
        return next_call(self.alert)

    @property
    def questions(self) -> tuple[Said, ...]:
        """Return the questions that wait for a reply, oldest first."""
        return open_questions(self.talk)


@dataclass(frozen=True, slots=True)
class NotFound:
    """There is no such alert, or not for this person: the two are never told apart."""
