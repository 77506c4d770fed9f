"""What the patient's profile says of values measured at the bedside, at once and in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.judging import Watch
from core.vitals import VITALS, Vital
from scoring.item import Bound, MeasuredItem
from scoring.level import Level
from scoring.observation import GOOD
from scoring.verdict import judge_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One value and what is said of it; `level` is UNKNOWN when no profile looks at it.

    `value` is in the vital's UCUM unit; `threshold` is the limit met, of `bound`.
    """

    vital: Vital
    value: float
    level: Level
    bound: Bound | None
    threshold: float | None


def tell(values: Mapping[Vital, float], watch: Watch | None) -> tuple[Told, ...]:
    """Judge values typed at the bedside by the patient's own limits, worst first."""
    items = {
        item.vital: item
        for item in (watch.profile.items if watch else ())
        if isinstance(item, MeasuredItem)
    }
    told = []
    for vital, value in values.items():
        item = items.get(vital)
        if item is None or watch is None:
            told.append(_unwatched(vital, value))
            continue
        verdict = judge_value(item, value, GOOD, watch.usual.get(item.code))
        told.append(
            Told(
                vital=vital,
                value=value,
                level=verdict.level,
                bound=verdict.bound,
                threshold=verdict.threshold,
            )
        )
    return tuple(sorted(told, key=lambda one: (-one.level, one.vital)))


def _unwatched(vital: Vital, value: float) -> Told:
    return Told(vital=vital, value=value, level=Level.UNKNOWN, bound=None, threshold=None)


def measured_values(answers: Mapping[str, object]) -> dict[Vital, float]:
    """Return the values of a bedside form, whose linkIds are the slugs of the vitals."""
    return {
        vital: float(value)
        for vital, info in VITALS.items()
        if isinstance(value := answers.get(info.slug), int | float)
    }
