"""Members of the family and what the patient lets them be told. Pure."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """A carer, trusted person or representative of the circle.

    `told`: he is written to when a deadline passes without an answer; `reachable`: by mail or SMS.
    """

    membership_id: UUID
    name: str
    role: str
    told: bool
    reachable: bool
