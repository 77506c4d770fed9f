"""The total of the COPD Assessment Test (CAT), from its eight items on paper, or a refusal.

The wording of the items belongs to GSK and is not here. Source of range and cut-off: Jones PW et
al., Eur Respir J 2009;34:648; cut-off 10: npj Prim Care Respir Med 2015 (npjpcrm201563). The bands
are those of the test's user guide, from memory: proposed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scoring.refusal import Incomplete, Refused

ITEMS: Final = 8
"""Source: Jones 2009."""
HIGHEST_OF_ITEM: Final = 5
"""Source: Jones 2009."""


class Impact(StrEnum):
    """How much the disease weighs on daily life."""

    LOW = "low"
    """Below 10."""
    MEDIUM = "medium"
    """10 to 20."""
    HIGH = "high"
    """21 to 30."""
    VERY_HIGH = "very_high"
    """Above 30."""


BANDS: Final = (
    (9, Impact.LOW),
    (20, Impact.MEDIUM),
    (30, Impact.HIGH),
    (ITEMS * HIGHEST_OF_ITEM, Impact.VERY_HIGH),
)
"""(highest total, band). Source: cut-off 10 npj Prim Care Respir Med 2015; the rest from memory of
the test's user guide, proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cat:
    """A complete total, 0 to 40, and its band."""

    total: int
    impact: Impact


def score_cat(items: Sequence[int | None]) -> Cat | Incomplete | Refused:
    """Return the total of the eight items in their order; none is ever guessed."""
    if len(items) != ITEMS:
        return Refused(reason="items")
    missing = tuple(f"cat{place}" for place, item in enumerate(items, 1) if item is None)
    if missing:
        return Incomplete(missing=missing)
    given = [item for item in items if item is not None]
    for place, item in enumerate(given, 1):
        if not 0 <= item <= HIGHEST_OF_ITEM:
            return Refused(reason=f"cat{place}")
    total = sum(given)
    return Cat(total=total, impact=impact_of(total))


def impact_of(total: int) -> Impact:
    """Return the band of a total from 0 to 40."""
    return next(impact for highest, impact in BANDS if total <= highest)
