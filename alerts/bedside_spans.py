"""Which numbers a patient's limits call out of limits, found by judging each of them. Pure.

A telephone without a network compares with these; it has no rule of its own.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from core.vitals import VITALS, Vital
from scoring.item import Bound, MeasuredItem
from scoring.level import Level
from scoring.observation import GOOD
from scoring.verdict import judge_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Numbers from `lowest` to `highest`, both within, that all meet the same limit.

    In the vital's UCUM unit, with the decimals it is shown with.
    """

    lowest: float
    highest: float
    level: Level
    bound: Bound
    threshold: float


@lru_cache(maxsize=1024)
def spans_of(item: MeasuredItem, usual: float | None) -> tuple[Span, ...]:
    """Return the spans out of limits over all a living person can show; `usual` as in judging."""
    found = []
    judged = [(value, judge_value(item, value, GOOD, usual)) for value in _shown(item.vital)]
    for verdict, run in groupby(judged, key=lambda pair: pair[1]):
        if verdict.alarms and verdict.bound is not None and verdict.threshold is not None:
            values = [value for value, _ in run]
            found.append(
                Span(
                    lowest=values[0],
                    highest=values[-1],
                    level=verdict.level,
                    bound=verdict.bound,
                    threshold=verdict.threshold,
                )
            )
    return tuple(found)


def _shown(vital: Vital) -> list[float]:
    info = VITALS[vital]
    step = Decimal(1).scaleb(-info.decimals)
    count = int((Decimal(repr(info.highest)) - Decimal(repr(info.lowest))) / step)
    first = Decimal(repr(info.lowest))
    return [float(first + step * nth) for nth in range(count + 1)]
