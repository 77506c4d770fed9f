"""The home alert rules: which of the readings nobody has judged yet must call somebody.

Pure. One rule per item of the profile. Every reading is judged in event-time order: one red sample
in a batch alarms though the next is fine. Quality flags tell an artefact, averaging never does.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from alerts.profile import Profile
from core.vitals import Quality, Vital
from scoring.home_state import FUTURE_TOLERANCE, OLDEST_JUDGED
from scoring.item import AnswerItem, Bound, Item, MeasuredItem, Said, what_was_said
from scoring.level import Level
from scoring.observation import GOOD, Answer, Reading
from scoring.verdict import Verdict, judge_answer, judge_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why, frozen: what was measured or answered, when, and by which limit of which profile.

    `level` is ORANGE or RED. Exactly one of (`reading_id`, `value`, `unit`) and (`answer_id`,
    `code`) is set. `bound`, `threshold` are None for an answer. `to_verify`: a value whose device
    or clock doubts, counted as orange at most. `late`: it happened before what had already been
    judged for this item. `said`: an answer in its questionnaire's words, as they were then.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert:
    """What the rules need to know of an alert that is not closed."""

    alert_id: UUID
    item: str
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known of the patient beside the new values.

    `usual`: item to usual value, in the item's unit. `judged_through`: item to the event time of
    the latest value judged so far (no entry: none yet).
    """

    usual: Mapping[str, float] = field(default_factory=dict)
    judged_through: Mapping[str, datetime] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaches:
    """The breaches of one item: the first in event time, the first of the worst level, the last."""

    first: Evidence
    worst: Evidence
    last: Evidence
    count: int

    @property
    def late(self) -> bool:
        """Tell whether even the last breach is older than what had been judged before."""
        return self.last.late


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """Open an alert for this item at `level`; the breach began at `breaches.first.measured_at`."""

    item: str
    level: Level
    breaches: Breaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Worsening:
    """The open orange alert is red now: it alarms anew."""

    alert_id: UUID
    item: str
    breaches: Breaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The open alert is still breached: evidence is added and nobody is called again."""

    alert_id: UUID
    item: str
    breaches: Breaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All that follows from one run, in the profile's order of items."""

    assessments: tuple[Assessment, ...]
    raises: tuple[Raise, ...]
    worsenings: tuple[Worsening, ...]
    sightings: tuple[Sighting, ...]


_Point = tuple[datetime, Reading | Answer]
_Judged = tuple[Verdict, Quality, bool]  # is its time, which may add to its quality, to be trusted
_Hit = tuple[datetime, Reading | Answer, _Judged, bool]  # event time, …, late or not


def _hit_level(hit: _Hit) -> Level:
    _, _, (verdict, _, _), _ = hit
    return verdict.level


def judge(
    readings: Iterable[Reading],
    answers: Iterable[Answer],
    *,
    context: Context,
    profile: Profile,
    open_alerts: Iterable[OpenAlert],
    now: datetime,
) -> Judgement:
    """Judge readings and answers nobody has judged yet, whatever order they come in.

    A time more than 5 minutes ahead of `now` is a clock fault: the value is judged as one to
    verify and never becomes the latest. Older than 30 days is counted as untimely and calls
    nobody. A vital or an answer that no item of the profile looks at is left out.
    """
    by_source: dict[Vital | str, list[_Point]] = defaultdict(list)
    for reading in readings:
        by_source[reading.vital].append((reading.measured_at, reading))
    for answer in answers:
        by_source[answer.item].append((answer.answered_at, answer))
    open_by_item = {alert.item: alert for alert in open_alerts}
    assessments: list[Assessment] = []
    actions: list[Raise | Worsening | Sighting] = []
    for item in profile.items:
        points = by_source[item.vital if isinstance(item, MeasuredItem) else item.code]
        if points:
            assessment, hits = _assess(item, points, context, now)
            assessments.append(assessment)
            breaches = _breaches(item, hits, context, profile)
            if breaches is not None:
                actions.append(_act(item, breaches, open_by_item.get(item.code)))
    return Judgement(
        assessments=tuple(assessments),
        raises=tuple(action for action in actions if isinstance(action, Raise)),
        worsenings=tuple(action for action in actions if isinstance(action, Worsening)),
        sightings=tuple(action for action in actions if isinstance(action, Sighting)),
    )


def _assess(
    item: Item, points: list[_Point], context: Context, now: datetime
) -> tuple[Assessment, list[_Hit]]:
    """Judge every point in event-time order; a verdict is worked out once a distinct value."""
    counts = [0] * len(Level)
    late = untimely = 0
    before = latest = context.judged_through.get(item.code)
    usual = context.usual.get(item.code)
    verdicts: dict[object, _Judged] = {}
    hits: list[_Hit] = []
    for at, source in sorted(points, key=itemgetter(0)):
        if now - at > OLDEST_JUDGED:
            untimely += 1
            continue
        ahead = at - now > FUTURE_TOLERANCE
        what = (source.value, source.quality) if isinstance(source, Reading) else source.code
        judged = verdicts.get((what, ahead))
        if judged is None:
            judged = verdicts[what, ahead] = _judge_one(item, source, usual, ahead)
        verdict, _, trusted = judged
        is_late = before is not None and at < before
        counts[verdict.level] += 1
        late += is_late
        if trusted and (latest is None or at > latest):
            latest = at
        if verdict.alarms:
            hits.append((at, source, judged, is_late))
    return _assessment(item, counts, untimely, late, latest), hits


def _assessment(
    item: Item, counts: list[int], untimely: int, late: int, latest: datetime | None
) -> Assessment:
    return Assessment(
        item=item.code,
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


def _judge_one(item: Item, source: Reading | Answer, usual: float | None, ahead: bool) -> _Judged:
    quality = source.quality if isinstance(source, Reading) else GOOD
    if ahead:
        quality |= Quality.TIME_FAULT
    trusted = not quality & Quality.TIME_FAULT
    if isinstance(item, MeasuredItem) and isinstance(source, Reading):
        return judge_value(item, source.value, quality, usual), quality, trusted
    if isinstance(item, AnswerItem) and isinstance(source, Answer):
        return judge_answer(item, source.code), quality, trusted
    raise TypeError(f"{item.code}: a {type(source).__name__} does not answer it")


def _level_of(counts: list[int]) -> Level:
    worst_first = (Level.RED, Level.ORANGE, Level.GREEN)
    return next((level for level in worst_first if counts[level]), Level.UNKNOWN)


def _breaches(item: Item, hits: list[_Hit], context: Context, profile: Profile) -> Breaches | None:
    if not hits:
        return None
    worst = max(hits, key=_hit_level)
    usual = context.usual.get(item.code)
    first, gravest, last = (
        _evidence(item, hit, usual, profile) for hit in (hits[0], worst, hits[-1])
    )
    return Breaches(first=first, worst=gravest, last=last, count=len(hits))


def _evidence(item: Item, hit: _Hit, usual: float | None, profile: Profile) -> Evidence:
    at, source, (verdict, quality, _), late = hit
    reading = source if isinstance(source, Reading) else None
    answer = source if isinstance(source, Answer) else None
    return Evidence(
        item=item.code,
        level=verdict.level,
        measured_at=at,
        reading_id=reading.reading_id if reading else None,
        value=reading.value if reading else None,
        unit=item.unit if isinstance(item, MeasuredItem) else None,
        quality=quality,
        answer_id=answer.answer_id if answer else None,
        code=answer.code if answer else None,
        bound=verdict.bound,
        threshold=verdict.threshold,
        usual=usual,
        source=verdict.source,
        profile=profile.reference,
        to_verify=verdict.to_verify,
        late=late,
        said=what_was_said(item, answer.code if answer else None),
    )


def _act(item: Item, breaches: Breaches, alert: OpenAlert | None) -> Raise | Worsening | Sighting:
    level = breaches.worst.level
    if alert is None:
        return Raise(item=item.code, level=level, breaches=breaches)
    if level > alert.level:
        return Worsening(alert_id=alert.alert_id, item=item.code, breaches=breaches)
    return Sighting(alert_id=alert.alert_id, item=item.code, breaches=breaches)
