"""What is known of questionnaires already filled in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One filled-in questionnaire: question code to answer code or number."""

    id: UUID
    instrument: str
    version: int
    answers: dict[str, str | float]
    answered_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReceipt:
    """When a professional first read the answers after they came in."""

    at: datetime
