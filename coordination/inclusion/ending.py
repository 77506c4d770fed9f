"""How a follow-up ends: what the forms say, what must be mended, what the letter tells. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from alerts.store.exits import OpenAlert, PastAlert
from coordination.inclusion.follow_up import EXIT_CHOICES, Death, Episode, ExitReason
from questionnaires.plans.asked_store import Asked
from questionnaires.plans.plan import EndReason

LONGEST_NOTE: Final = 2000
SHORTEST_REASON: Final = 5
"""Letters of the reason for which a death is taken back (proposed)."""

PLAN_REASONS: Final[Mapping[str, EndReason]] = {
    ExitReason.PLANNED_END: EndReason.PLANNED,
    ExitReason.RECOVERY: EndReason.RECOVERED,
    ExitReason.REFUSAL: EndReason.REFUSED,
    ExitReason.HOSPITALISATION: EndReason.HOSPITAL,
    ExitReason.MOVE: EndReason.MOVED,
    ExitReason.DEATH: EndReason.DEATH,
}
"""Why the plan of questions ends when the follow-up does."""

PROBLEM_SENTENCES: Final[dict[str, str]] = {
    "reason": "Say why the follow-up ends.",
    "alerts": "An alert is open, or was raised meanwhile: a red one is dealt with on its own page "
    "before the follow-up ends, unless the patient is in hospital.",
    "ended": "This follow-up has ended already.",
    "day": "Enter the day of death: not after today, not before the birth.",
    "sure": "Tick that you know of the death for certain.",
    "noted": "The death is noted already.",
    "undo": "Say why it was an error, in a few words.",
    "gone": "No death is noted in this record.",
    "post": "Act in a post of an organisation: choose it when you sign in.",
}
SAID_SENTENCES: Final[dict[str, str]] = {
    "ended": "The follow-up has ended. The attending doctor is told by mail that a letter waits.",
    "died": "The death is noted. Nothing more is sent to the patient or his family.",
    "undone": "The error is taken back. See below what somebody has to start again.",
    "kit": "The device is noted.",
    "told": "Noted: this person was told.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter kept with the record; `told`: who was told of it by mail, and whether it is sent."""

    id: UUID
    patient_id: UUID
    episode_id: UUID | None
    death_id: UUID | None
    made_at: datetime
    made_by_name: str
    told: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A device at the patient's home that is to be given back; his until it is."""

    id: UUID
    device: str
    model: str
    asked_at: datetime
    settled_at: datetime | None
    outcome: str | None
    ours: bool | None
    """Whether the acting organisation lent it and settles it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """A relative whom a person has to tell of the death."""

    party: UUID
    name: str
    role: str
    phone: str | None
    told_at: datetime | None
    told_by_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """All that a letter says, as known when it was written."""

    patient_name: str
    birth_date: date
    ins: str | None
    to: Sequence[str]
    author: str
    organisation: str
    programme: str | None
    began_at: datetime | None
    ended_at: datetime
    reason: str
    note: str
    died_on: date | None
    asked: Asked
    alerts: Sequence[PastAlert]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingPage:
    """What the page of a record's exits shows."""

    running: Sequence[Episode]
    past: Sequence[Episode]
    alerts: Sequence[OpenAlert]
    kit: Sequence[Kit]
    letters: Sequence[Letter]
    deaths: Sequence[Death]
    to_tell: Sequence[ToTell]

    @property
    def death(self) -> Death | None:
        """Return the death that stands."""
        return next((one for one in self.deaths if one.undone_at is None), None)

    @property
    def reds(self) -> Sequence[OpenAlert]:
        """Return the red alerts that are open."""
        return [one for one in self.alerts if one.level == "red"]

    @property
    def to_return(self) -> Sequence[Kit]:
        """Return the devices that are still to be given back."""
        return [one for one in self.kit if one.settled_at is None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """An exit as the form wants it."""

    reason: ExitReason
    note: str
    alerts: Sequence[UUID]
    """The open alerts that whoever ends it was shown."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was changed; a code of `PROBLEM_SENTENCES`."""

    why: str


def read_exit(reason: str, note: str, alerts: Sequence[str]) -> Exit | Problem:
    """Read the form of an exit."""
    if reason not in EXIT_CHOICES:
        return Problem("reason")
    try:
        shown = [UUID(one) for one in alerts]
    except ValueError:
        return Problem("alerts")
    return Exit(reason=ExitReason(reason), note=note.strip()[:LONGEST_NOTE], alerts=shown)


def read_death(day: str, sure: str, *, born: date | None, today: date) -> date | Problem:
    """Read the form of a death: the day it happened, known for certain."""
    try:
        died_on = date.fromisoformat(day)
    except ValueError:
        return Problem("day")
    if died_on > today or (born is not None and died_on < born):
        return Problem("day")
    return died_on if sure == "yes" else Problem("sure")
