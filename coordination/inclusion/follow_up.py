"""A follow-up from inclusion to exit: first contact, agreements, reasons to end, death. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

ContactOutcome = Literal["reached", "no_answer", "wrong_number", "later"]
CONTACT_LABELS: Final[dict[str, str]] = {
    "reached": "Spoke with the patient",
    "no_answer": "No answer",
    "wrong_number": "Wrong number",
    "later": "Asked to be called later",
}


class ExitReason(StrEnum):
    """Why a follow-up ends; a death is noted on a page of its own."""

    PLANNED_END = "planned_end"
    RECOVERY = "recovery"
    REFUSAL = "refusal"
    HOSPITALISATION = "hospitalisation"
    MOVE = "move"
    DEATH = "death"


EXIT_LABELS: Final[dict[str, str]] = {
    ExitReason.PLANNED_END: "Planned end",
    ExitReason.RECOVERY: "Recovery",
    ExitReason.REFUSAL: "The patient does not want it any more",
    ExitReason.HOSPITALISATION: "In hospital",
    ExitReason.MOVE: "Moved away",
    ExitReason.DEATH: "Death",
}
EXIT_CHOICES: Final = tuple(one for one in ExitReason if one is not ExitReason.DEATH)

REFUSAL_LABELS: Final[dict[str, str]] = {
    "not_eligible": "Not eligible",
    "patient_refuses": "The patient refuses",
    "cannot_answer": "Can neither answer nor be helped to",
    "unreachable": "Cannot be reached",
    "other": "Other reason, in the note",
}
"""Why an inclusion is refused (proposed list)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A follow-up as its record shows it."""

    id: UUID
    patient_id: UUID
    organisation: UUID
    organisation_name: str
    programme: str
    plan_id: UUID | None
    prescription_id: UUID | None
    eligibility: dict[str, Any]
    person_to_call: dict[str, str] | None
    included_by_name: str
    included_at: datetime
    ends_on: date | None
    first_contact_due_at: datetime
    first_contact_at: datetime | None
    first_contact_by_name: str | None
    ended_at: datetime | None
    ended_by_name: str | None
    end_reason: str | None
    end_note: str

    def contact_is_late(self, now: datetime) -> bool:
        """Say whether somebody should have spoken with the patient by `now`."""
        waits = self.first_contact_at is None and self.ended_at is None
        return waits and now >= self.first_contact_due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt to speak with a patient just included."""

    id: UUID
    episode_id: UUID
    at: datetime
    by_name: str
    outcome: ContactOutcome
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a patient was told and answered, in the very words."""

    id: UUID
    episode_id: UUID
    kind: str
    agreed: bool
    text_id: str
    text_version: int
    wording: str
    means: str
    given_by_name: str
    recorded_by_name: str
    by_himself: bool
    at: datetime


END_IS_NEAR: Final = timedelta(days=2)
"""Before the last day of a follow-up the desk is shown that it comes (proposed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpLine:
    """A running follow-up in the list of its organisation."""

    episode_id: UUID
    patient_id: UUID
    patient_name: str
    phone: str | None
    programme: str
    included_at: datetime
    ends_on: date | None
    first_contact_due_at: datetime
    first_contact_at: datetime | None
    attempts: int
    last_outcome: ContactOutcome | None
    agreed: bool
    refused: bool
    """Whether his last answer was no; neither agreed nor refused: it is awaited."""
    confirmed: bool
    """Whether the patient signed, or said so in Chevet himself."""
    watched: bool
    planned: bool

    def late_by(self, now: datetime) -> timedelta | None:
        """Return by how much the first contact is late at `now`; None when it is not."""
        late = now - self.first_contact_due_at
        return late if self.first_contact_at is None and late >= timedelta(0) else None

    def ending(self, today: date) -> Literal["", "near", "passed"]:
        """Say whether the planned end is near or has passed: somebody has to decide by then."""
        if self.ends_on is None or self.ends_on - today > END_IS_NEAR:
            return ""
        return "near" if self.ends_on >= today else "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInclusion:
    """A path to a follow-up that nobody has finished."""

    inclusion_id: UUID
    patient_id: UUID
    patient_name: str
    opened_at: datetime
    saved_at: datetime
    opened_by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KitWaiting:
    """A device to fetch from a home."""

    id: UUID
    patient_id: UUID
    patient_name: str
    died_on: date | None
    device: str
    model: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Somebody who lives with the patient or was in contact with him."""

    link_id: UUID
    other_id: UUID
    name: str
    birth_date: date
    kind: Literal["household", "contact"]
    of_index: bool
    """Whether the record in hand is the index patient's."""
    noted_at: datetime
    programme: str | None
    level: str | None


KIND_LABELS: Final[dict[str, str]] = {
    "household": "Lives in the same home",
    "contact": "Contact case",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """That a patient died, and what was stopped by it."""

    id: UUID
    patient_id: UUID
    died_on: date
    noted_by_name: str
    organisation_name: str
    organisation: UUID
    noted_at: datetime
    stopped: dict[str, Any]
    undone_at: datetime | None
    undone_by_name: str | None
    undo_reason: str | None


def contact_due(included_at: datetime, within: timedelta) -> datetime:
    """Return by when somebody must have spoken with a patient just included."""
    return included_at + within


def answered(agreements: Sequence[Agreement], kind: str) -> Agreement | None:
    """Return the answer of a kind that counts: the latest."""
    return next((one for one in agreements if one.kind == kind), None)


def to_restart(stopped: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what an error had stopped and somebody must start again, as codes, in order."""
    order = ("follow_ups", "plans", "alerts", "family", "account", "devices", "messages")
    return tuple(code for code in order if stopped.get(code))


RESTART_SENTENCES: Final[dict[str, str]] = {
    "follow_ups": "Include the patient again: his follow-up and his limits were ended.",
    "plans": "Begin his plan of questions again: nothing is asked now.",
    "alerts": "Look at the alerts that were closed: what they told may still be so.",
    "family": "Let his family and representatives into the circle again.",
    "account": "His account is open again; tell him to sign in anew on his phone.",
    "devices": "His devices were asked back: tell whoever was to fetch them.",
    "messages": "Messages were called off and are not sent again.",
}
