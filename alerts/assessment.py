"""What one run judged of one item: how many values of each level, and how far it has come. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scoring.level import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What was judged of one item in this run.

    Counts add up: judged = green + orange + red + doubtful; `untimely` (older than 30 days) are
    beside. `judged_through` is the latest trustworthy event time judged so far, this run included.
    """

    item: str
    level: Level
    judged: int
    green: int
    orange: int
    red: int
    doubtful: int
    untimely: int
    late: int
    judged_through: datetime | None


def assessment_of(
    item: str, counts: Sequence[int], untimely: int, late: int, latest: datetime | None
) -> Assessment:
    """Return the assessment of an item; `counts` is indexed by level."""
    return Assessment(
        item=item,
        level=_level_of(counts),
        judged=sum(counts),
        green=counts[Level.GREEN],
        orange=counts[Level.ORANGE],
        red=counts[Level.RED],
        doubtful=counts[Level.UNKNOWN],
        untimely=untimely,
        late=late,
        judged_through=latest,
    )


def _level_of(counts: Sequence[int]) -> Level:
    worst_first = (Level.RED, Level.ORANGE, Level.GREEN)
    return next((level for level in worst_first if counts[level]), Level.UNKNOWN)
