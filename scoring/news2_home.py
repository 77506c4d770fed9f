"""NEWS2 at home: the whole score, or what is missing and which values are grave by themselves.

At home the pressure or the consciousness is usually missing. A sum of the rest would be read as a
NEWS2 that is too low, and was in published software: so there is no sum, nor points to make one of.
What stays true whatever is missing is said: a part that has 3 points has them in any total.
"""

from dataclasses import dataclass
from enum import StrEnum

from scoring.news2 import (
    SINGLE_PART_TRIGGER,
    News2,
    News2Input,
    known_parts,
    score_news2,
    settle_oxygen,
)
from scoring.refusal import Incomplete, Refused


class Status(StrEnum):
    """Whether there is a NEWS2."""

    COMPLETE = "complete"
    INSUFFICIENT_DATA = "insufficient_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class News2Home:
    """The score where it is whole; else None, what is missing, and the parts with 3 points.

    `missing` is in the order of the chart; `at_three` names parts of a whole score too.
    """

    status: Status
    news2: News2 | None
    missing: tuple[str, ...]
    at_three: tuple[str, ...]


def score_news2_home(given: News2Input) -> News2Home | Refused:
    """Return NEWS2 or why there is none; never a part of one. Refuses what NEWS2 refuses."""
    settled = settle_oxygen(given)
    if isinstance(settled, Refused):
        return settled
    found = score_news2(settled)
    if isinstance(found, Refused):
        return found
    at_three = tuple(
        name for name, points in known_parts(settled).items() if points == SINGLE_PART_TRIGGER
    )
    if isinstance(found, Incomplete):
        return News2Home(
            status=Status.INSUFFICIENT_DATA, news2=None, missing=found.missing, at_three=at_three
        )
    return News2Home(status=Status.COMPLETE, news2=found, missing=(), at_three=at_three)
