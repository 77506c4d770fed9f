"""Plans, lines, pauses and tasks as typed values. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from questionnaires.plans.schedule import Schedule

LATE: Final = timedelta(seconds=60)
"""A deadline found missed later than this after its alarm was evaluated late (promise R7)."""

LONGEST_PAUSE: Final = timedelta(days=92)
"""No pause is longer; the database holds it too. Source: proposed, three months."""

LONGEST_PAUSE_BY_LAW: Final = timedelta(days=31)
"""No pause is longer where silence must always be told. Source: proposed, so that a pause cannot
stand for switching the alert off (decrees of 22 June 2023)."""


class PauseReason(StrEnum):
    """Why a patient is asked nothing for a while."""

    HOLIDAY = "holiday"
    HOSPITAL = "hospital"
    OTHER = "other"


PAUSE_LABELS: Final = {
    PauseReason.HOLIDAY: "Holiday",
    PauseReason.HOSPITAL: "Hospital stay",
    PauseReason.OTHER: "Other reason",
}
"""English msgid of each."""


class TaskState(StrEnum):
    """Where a task stands; only `open` waits for an answer."""

    OPEN = "open"
    DONE = "done"
    MISSED = "missed"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class EndReason(StrEnum):
    """Why a plan ended."""

    PLANNED = "planned"
    """Its last day has passed."""
    RECOVERED = "recovered"
    REFUSED = "refused"
    HOSPITAL = "hospital"
    MOVED = "moved"
    REPLACED = "replaced"
    DEATH = "death"
    OTHER = "other"


END_LABELS: Final = {
    EndReason.PLANNED: "Planned end",
    EndReason.RECOVERED: "Recovered",
    EndReason.REFUSED: "The patient does not want it any more",
    EndReason.HOSPITAL: "Admitted to hospital for long",
    EndReason.MOVED: "Moved away",
    EndReason.REPLACED: "Another plan takes its place",
    EndReason.DEATH: "Death",
    EndReason.OTHER: "Other reason",
}
"""English msgid of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a patient is asked, how often and until when; `title` is language to text."""

    id: UUID
    patient_id: UUID
    programme: str
    programme_version: int
    title: Mapping[str, str]
    zone: str
    starts_on: date
    ends_on: date | None
    high_risk: bool
    required_by_law: bool
    silence_alert: bool
    created_at: datetime
    created_by: UUID
    ended_at: datetime | None
    ended_by: UUID | None
    end_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One questionnaire of a plan, by name and pinned edition, in one rhythm.

    `first_day`: its rhythm counts from there, whatever replaced it since.
    """

    id: UUID
    plan_id: UUID
    patient_id: UUID
    questionnaire: str
    edition: str
    schedule: Schedule
    begins_at: datetime
    ended_at: datetime | None
    first_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch in which a patient is asked nothing; over at `over_at` at the latest."""

    id: UUID
    patient_id: UUID
    reason: str
    starts_at: datetime
    ends_at: datetime
    paused_at: datetime
    paused_by: UUID | None
    resumed_at: datetime | None
    over_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRequest:
    """A pause that a patient, or who answers for him, asked for; not yet answered."""

    id: UUID
    patient_id: UUID
    reason: str
    from_day: date
    until_day: date
    note: str
    asked_at: datetime
    asked_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One questionnaire to answer at one occasion.

    `done_at` of a missed task: the answer came after all. `plan_title` is language to text.
    """

    id: UUID
    patient_id: UUID
    plan_id: UUID
    line_id: UUID
    plan_title: Mapping[str, str]
    questionnaire: str
    edition: str
    zone: str
    occasion: datetime
    opens_at: datetime
    due_at: datetime
    alarm_at: datetime
    remind_at: Sequence[datetime]
    state: str
    done_at: datetime | None
    answer_id: UUID | None
    missed_at: datetime | None
    evaluated_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """One deadline that passed without an answer.

    `in_a_row`: how many deadlines of the plan up to this one were missed without an answer between
    them. `told`: whether anybody is to be called for it.
    """

    task_id: UUID
    plan_id: UUID
    programme: str
    questionnaire: str
    occasion: datetime
    due_at: datetime
    alarm_at: datetime
    evaluated_late: bool
    high_risk: bool
    in_a_row: int
    told: bool


@dataclass(frozen=True, slots=True)
class PlanRefused:
    """The act was not done: `why` is a code that pages say in words."""

    why: str


REFUSAL_LABELS: Final = {
    "running": "A plan of this programme is running already.",
    "ended": "This plan has ended.",
    "dates": "The dates do not fit: the last day comes after the first, and not in the past.",
    "zone": "This time zone does not exist.",
    "times": "Give at least one time a day, each as hours and minutes.",
    "by_law": "The alert of silence stays on: the law requires it for this programme.",
    "by_law_rhythm": "The law wants this asked: not less often than the programme proposes.",
    "never": "In this rhythm it would never be asked before the plan ends.",
    "last": "It is the only questionnaire of this plan: end the plan instead.",
    "pause": "A pause ends after it begins, in the future, and lasts at most three months.",
    "pause_by_law": "With a programme required by law a pause lasts at most 31 days.",
    "not_paused": "There is no pause to end.",
    "edition": "There is no published edition of this questionnaire.",
    "programme": "There is no such programme.",
    "answered": "This request has been answered already.",
    "dead": "This patient has died: nothing is asked of him.",
    "unshared": "This record is not shared: its alerts would reach nobody. Share it first.",
    "archived": "This record is archived. Reopen it first.",
}
"""English msgid of each refusal."""
