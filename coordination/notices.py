"""Of what the circle is told beside the ladder of an alert. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID


class Occasion(StrEnum):
    """What a member of the circle may be told of."""

    RED = "red"
    SILENCE = "silence"
    STAY = "stay"
    CLOSURE = "closure"


OCCASION_LABELS: Final[dict[str, str]] = {
    Occasion.RED: "A red alert",
    Occasion.SILENCE: "No answer in time",
    Occasion.STAY: "A stay in hospital",
    Occasion.CLOSURE: "The end of such an alert",
}
"""English msgid of each occasion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldMember:
    """A person of the circle and of what he is told; `reachable`: a mail address is known."""

    membership_id: UUID
    name: str
    role: str
    family: bool
    reachable: bool
    occasions: list[str]
