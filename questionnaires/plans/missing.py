"""How many deadlines in a row were missed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Settled:
    """A deadline that has passed: whether it was left without any answer, even a late one."""

    task_id: UUID
    unanswered: bool


def count_in_a_row(newest_first: Sequence[Settled], task: UUID) -> int:
    """Return how many deadlines up to this one were left unanswered without a break.

    At least 1: the one that was just missed.
    """
    ids = [one.task_id for one in newest_first]
    start = ids.index(task) if task in ids else 0
    count = 0
    for one in newest_first[start:]:
        if not one.unanswered:
            break
        count += 1
    return max(1, count)
