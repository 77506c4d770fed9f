"""The end of a shift as people read and sign it: open matters, words, two signatures. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from alerts.alert import State
from alerts.views import EvidenceEntry
from scoring.level import Level

LONGEST_NOTE: Final = 4000
LONGEST_REMARK: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAlert:
    """An alert as it stood: few fields, because what was signed is read for years."""

    alert_id: UUID
    item: str
    level: Level
    state: State
    since: datetime
    owner_name: str | None
    next_step_at: datetime | None
    reason: EvidenceEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something open of one patient; `alert` is None when only a call is due.

    `patient_id` and `name` are None, and nothing else is said, once the organisation no longer
    follows him. `of_drill`: the record serves exercises alone, now.
    """

    key: UUID | None
    patient_id: UUID | None
    name: str | None
    alert: MatterAlert | None
    first_call_late: bool
    call_back_due: bool
    of_drill: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What one shift left to the next; nobody has taken over while `taker` is None.

    `raised` and `closed` count alerts between `since` and `given_at`; `digest` is the SHA-256, in
    hexadecimal, of what both sign.
    """

    id: UUID
    giver: UUID
    giver_name: str
    since: datetime
    given_at: datetime
    note: str
    raised: int
    closed: int
    digest: str
    taker: UUID | None
    taker_name: str | None
    taken_at: datetime | None
    lines: int


class Signed(StrEnum):
    """What became of a signature; only GIVEN and TAKEN are signatures."""

    GIVEN = "given"
    TAKEN = "taken"
    CHANGED = "changed"
    LATE = "late"
    OWN = "own"
    REFUSED = "not_allowed"
    TOO_LONG = "too_long"


SENTENCES: Final[Mapping[Signed, str]] = {
    Signed.GIVEN: "Signed. The colleague who takes over reads it and signs too.",
    Signed.TAKEN: "Signed. You have taken over.",
    Signed.CHANGED: "What is open has changed meanwhile: read it again, then sign. "
    "Your words are kept.",
    Signed.LATE: "A colleague has taken over already.",
    Signed.OWN: "You gave this handover: a colleague signs that he takes over.",
    Signed.REFUSED: "Your role does not allow this.",
    Signed.TOO_LONG: "Too long: at most 4,000 characters for the note and 1,000 for a remark. "
    "Nothing was signed, your words are kept.",
}


def too_long(note: str, remarks: Mapping[UUID, str]) -> bool:
    """Say whether the words of a handover exceed what is kept."""
    return len(note) > LONGEST_NOTE or any(len(one) > LONGEST_REMARK for one in remarks.values())
