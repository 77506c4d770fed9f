"""Why an alert stands, frozen when it is raised: what was measured, by which limit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from alerts.lasting import Combination, Point
from alerts.profile import Profile
from core.vitals import Quality
from scoring.item import Bound, Item, MeasuredItem, Said, what_was_said
from scoring.level import Level
from scoring.observation import Answer, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why, frozen: what was measured or answered, when, and by which limit of which profile.

    `level` is ORANGE or RED. Exactly one of (`reading_id`, `value`, `unit`) and (`answer_id`,
    `code`) is set. `bound`, `threshold` are None for an answer. `to_verify`: a value whose device
    or clock doubts, counted as orange at most. `late`: it happened before what had already been
    judged for this item. `said`: an answer in its questionnaire's words, as they were then.
    `prescription`, `prescription_version`: by which version of the patient's prescription.
    """

    item: str
    level: Level
    measured_at: datetime
    reading_id: int | None
    value: float | None
    unit: str | None
    quality: Quality
    answer_id: UUID | None
    code: str | None
    bound: Bound | None
    threshold: float | None
    usual: float | None
    source: str | None
    profile: str
    to_verify: bool
    late: bool
    said: Said | None = None
    prescription: UUID | None = None
    prescription_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaches:
    """The breaches of one item: the first in event time, the worst, the last.

    The worst is of the highest level, and of these the value furthest beyond its limit.
    """

    first: Evidence
    worst: Evidence
    last: Evidence
    count: int

    @property
    def late(self) -> bool:
        """Tell whether even the last breach is older than what had been judged before."""
        return self.last.late


def breaches_of(
    item: Item, hits: list[Point], usual: Mapping[str, float], profile: Profile
) -> Breaches | None:
    """Return the breaches of an item by its hits in event-time order; None without any."""
    if not hits:
        return None
    worst = max(hits, key=lambda hit: (hit.verdict.level, _beyond(hit, usual.get(item.code))))
    first, gravest, last = (
        evidence_of(item, hit, usual.get(item.code), profile) for hit in (hits[0], worst, hits[-1])
    )
    return Breaches(first=first, worst=gravest, last=last, count=len(hits))


def _beyond(hit: Point, usual: float | None) -> float:
    """Return how far a value lies beyond its limit, in its unit; 0 where that has no meaning."""
    threshold = hit.verdict.threshold
    if not isinstance(hit.source, Reading) or threshold is None:
        return 0.0
    value = hit.source.value
    match hit.verdict.bound:
        case Bound.AT_MOST | Bound.BELOW:
            return threshold - value
        case Bound.AT_LEAST:
            return value - threshold
        case Bound.FALL_FROM_USUAL if usual is not None:
            return usual - value - threshold
        case Bound.RISE_FROM_USUAL if usual is not None:
            return value - usual - threshold
        case _:
            return 0.0


def evidence_of(item: Item, hit: Point, usual: float | None, profile: Profile) -> Evidence:
    """Return what a hit proves, frozen."""
    reading = hit.source if isinstance(hit.source, Reading) else None
    answer = hit.source if isinstance(hit.source, Answer) else None
    signed = profile.signed
    return Evidence(
        item=item.code,
        level=hit.verdict.level,
        measured_at=hit.at,
        reading_id=reading.reading_id if reading else None,
        value=reading.value if reading else None,
        unit=item.unit if isinstance(item, MeasuredItem) else None,
        quality=hit.quality,
        answer_id=answer.answer_id if answer else None,
        code=answer.code if answer else None,
        bound=hit.verdict.bound,
        threshold=hit.verdict.threshold,
        usual=usual,
        source=hit.verdict.source,
        profile=profile.reference,
        to_verify=hit.verdict.to_verify,
        late=hit.late,
        said=what_was_said(item, answer.code if answer else None),
        prescription=signed.prescription if signed else None,
        prescription_version=signed.version if signed else None,
    )


def breaches_together(
    combination: Combination,
    hits: Sequence[tuple[str, Point]],
    usual: Mapping[str, float],
    profile: Profile,
) -> Breaches | None:
    """Return the breaches of a combination: each is the value that completed it."""
    if not hits:
        return None
    items = {item.code: item for item in profile.items}
    first, last = (
        replace(
            evidence_of(items[code], point, usual.get(code), profile),
            item=combination.code,
            level=combination.level,
            bound=None,
            threshold=None,
            source=combination.source,
            said=combination.said,
        )
        for code, point in (hits[0], hits[-1])
    )
    return Breaches(first=first, worst=first, last=last, count=len(hits))
