"""Words of an access in an emergency: how long it lasts, what is asked, what a review says."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

OPEN_FOR: Final = timedelta(minutes=60)
"""How long the record is open (proposed, after the bris de glace the CNIL asks for, 2024-02)."""
REVIEW_WITHIN: Final = timedelta(hours=72)
"""Within which somebody else has judged it (proposed)."""
SHORTEST_REASON: Final = 15
"""Characters of a reason that says something (proposed); the database refuses fewer too."""
LONGEST_TEXT: Final = 1000


class Verdict(StrEnum):
    """What a review found."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The strict traits by which a record is found, as typed."""

    name: str
    first_name: str
    birth_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """An access in an emergency as the patient and those who answer for the record see it."""

    id: UUID
    person_name: str
    organisation_name: str
    reason: str
    opened_at: datetime
    ended_at: datetime
    review_due_at: datetime
    reviewed_at: datetime | None
    verdict: str | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReview:
    """An access in an emergency as its reviewer sees it; `own`: he made it himself."""

    id: UUID
    patient_id: UUID
    patient_name: str
    birth_date: date
    person_name: str
    organisation_name: str
    reason: str
    opened_at: datetime
    ended_at: datetime
    review_due_at: datetime
    reviewed_at: datetime | None
    verdict: str | None
    note: str
    reviewer_name: str | None
    own: bool

    def is_overdue(self, now: datetime) -> bool:
        """Say whether the review should have been done."""
        return self.verdict is None and self.review_due_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done through an access: a right, how often, from when to when."""

    permission: str
    action: str
    times: int
    first_at: datetime
    last_at: datetime


def parse_identity(name: str, first_name: str, birth_date: str) -> Identity | None:
    """Return the traits to search by, or None when one is missing or no date."""
    try:
        born = date.fromisoformat(birth_date.strip())
    except ValueError:
        return None
    if not name.strip() or not first_name.strip():
        return None
    return Identity(name=name.strip(), first_name=first_name.strip(), birth_date=born)


def parse_verdict(raw: str) -> Verdict | None:
    """Return a verdict, or None."""
    return next((verdict for verdict in Verdict if verdict == raw), None)
