"""What is known of questionnaires already filled in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from questionnaires.questionnaire import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One filled-in questionnaire: linkId to value; `urgency` is whom the person had to call."""

    id: UUID
    edition: str | None
    instrument: str
    version: str
    answers: dict[str, Value]
    urgency: str | None
    answered_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReceipt:
    """When a professional first read the answers after they came in."""

    at: datetime


class Source(StrEnum):
    """By which way an answer was entered."""

    PATIENT = "patient"
    CARER = "carer"
    STAFF_PHONE = "staff_phone"
    BEDSIDE = "bedside"
    PAPER = "paper"
    LINK = "link"


BESIDE_THE_PHONE: Final = frozenset({Source.STAFF_PHONE, Source.BEDSIDE, Source.PAPER, Source.LINK})
"""Ways in that name no task: the answer settles the one that waits for this questionnaire."""
SOURCE_LABELS: Final = {
    Source.PATIENT: "by the patient",
    Source.CARER: "by a carer",
    Source.STAFF_PHONE: "by staff, on the telephone",
    Source.BEDSIDE: "at the bedside",
    Source.PAPER: "from a paper form",
    Source.LINK: "by a link, without signing in",
}
"""English msgid of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer as it is stored, for good; a correction is another that `replaces` it.

    `answers` are linkId to value, `scores` the score items to number. `edition` is the digest it
    is read by for ever. `level` and `urgency` are those its edition gave. `answered_at` is when it
    was said, `received_at` when it came; `seconds` how long it took, None when nobody knows.
    """

    id: UUID
    edition: str | None
    instrument: str
    version: str
    answers: dict[str, Any]
    scores: dict[str, float]
    level: str | None
    urgency: str | None
    source: str
    task_id: UUID | None
    entered_by: UUID
    answered_at: datetime
    received_at: datetime
    started_at: datetime | None
    seconds: int | None
    device: str | None
    given_digest: bytes | None
    words: str | None
    replaces: UUID | None
    reason: str | None
    replaced_by: UUID | None


LATE: Final = timedelta(minutes=15)
"""An answer that came so long after it was given is shown as received late (proposed)."""


def came_late(answered_at: datetime, received_at: datetime) -> bool:
    """Say whether an answer came long after it was given: a phone without network, a paper."""
    return received_at - answered_at > LATE
