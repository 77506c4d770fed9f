"""The home alert rules: which of the readings nobody has judged yet must call somebody.

Pure. One rule per item of the profile. Every reading is judged in event-time order: one red sample
in a batch alarms though the next is fine. Quality flags tell an artefact, averaging never does.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from alerts.assessment import Assessment, assessment_of
from alerts.evidence import Breaches, breaches_of, breaches_together
from alerts.lasting import Point, hits_over_time, hits_together
from alerts.profile import Profile
from core.vitals import Quality
from scoring.home_state import FUTURE_TOLERANCE, OLDEST_JUDGED
from scoring.item import AnswerItem, Item, MeasuredItem
from scoring.level import Level
from scoring.observation import GOOD, Answer, Reading
from scoring.verdict import Verdict, judge_answer, judge_value


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
    the latest value judged so far (no entry: none yet). `readings_before`, `answers_before`: what
    was judged before, as far back as the profile's rules look; what is given again is not new.
    """

    usual: Mapping[str, float] = field(default_factory=dict)
    judged_through: Mapping[str, datetime] = field(default_factory=dict)
    readings_before: tuple[Reading, ...] = ()
    answers_before: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One value, or answer, that calls; `value` in the item's unit, None for an answer."""

    at: datetime
    level: Level
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """All that calls for one item or combination, in event-time order."""

    item: str
    calls: tuple[Call, ...]
    breaches: Breaches


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


_Given = tuple[datetime, Reading | Answer]
_Judged = tuple[Verdict, Quality, bool]  # is its time, which may add to its quality, to be trusted


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
    assessments, called = called_for(readings, answers, context=context, profile=profile, now=now)
    opened = {alert.item: alert for alert in open_alerts}
    acts = [_act(one.item, one.breaches, opened.get(one.item)) for one in called]
    return _judgement(assessments, acts)


def called_for(
    readings: Iterable[Reading],
    answers: Iterable[Answer],
    *,
    context: Context,
    profile: Profile,
    now: datetime,
) -> tuple[list[Assessment], list[Called]]:
    """Return what was judged, and every value that calls, whatever alerts are open; as `judge`."""
    given, known = _by_item(profile, readings, answers), _known(profile, context)
    assessments: list[Assessment] = []
    called: list[Called] = []
    points_of: dict[str, list[Point]] = {}
    for item in profile.items:
        new, before = given.get(item.code, []), known.get(item.code, [])
        if not new and not before:
            continue
        assessment, points = _assess(item, new, context, now, all_of_them=item.code in known)
        points_of[item.code] = points + _before(item, before, new, context, now)
        if new:
            assessments.append(assessment)
            hits = _hits(item, points_of[item.code], profile)
            if breaches := breaches_of(item, hits, context.usual, profile):
                calls = tuple(_call(hit, hit.verdict.level) for hit in hits)
                called.append(Called(item=item.code, calls=calls, breaches=breaches))
    for combination in profile.combinations:
        found = hits_together(combination, points_of)
        if together := breaches_together(combination, found, context.usual, profile):
            calls = tuple(_call(hit, combination.level) for _, hit in found)
            called.append(Called(item=combination.code, calls=calls, breaches=together))
    return assessments, called


def _call(hit: Point, level: Level) -> Call:
    value = hit.source.value if isinstance(hit.source, Reading) else None
    return Call(at=hit.at, level=level, value=value)


def decide_acts(told: Mapping[str, Breaches], opened: Mapping[str, OpenAlert]) -> Judgement:
    """Return what follows from breaches that no value shows, by item: silence, an end."""
    acts = [_act(item, breaches, opened.get(item)) for item, breaches in told.items()]
    return _judgement([], acts)


def _judgement(
    assessments: Iterable[Assessment], acts: Sequence[Raise | Worsening | Sighting]
) -> Judgement:
    return Judgement(
        assessments=tuple(assessments),
        raises=tuple(act for act in acts if isinstance(act, Raise)),
        worsenings=tuple(act for act in acts if isinstance(act, Worsening)),
        sightings=tuple(act for act in acts if isinstance(act, Sighting)),
    )


def _by_item(
    profile: Profile, readings: Iterable[Reading], answers: Iterable[Answer]
) -> Mapping[str, list[_Given]]:
    measured = {item.vital: item.code for item in profile.items if isinstance(item, MeasuredItem)}
    given: dict[str, list[_Given]] = defaultdict(list)
    for reading in readings:
        if (code := measured.get(reading.vital)) is not None:
            given[code].append((reading.measured_at, reading))
    asked = {item.code for item in profile.items if isinstance(item, AnswerItem)}
    for answer in answers:
        if answer.item in asked:
            given[answer.item].append((answer.answered_at, answer))
    return given


def _known(profile: Profile, context: Context) -> Mapping[str, list[_Given]]:
    """Return what was judged before of the items whose rules look back; an entry for each."""
    looking = {item for combination in profile.combinations for item in combination.items}
    looking |= {item for item, rules in profile.rules.items() if rules.over_time}
    known = _by_item(profile, context.readings_before, context.answers_before)
    return {item: known.get(item, []) for item in looking}


def _assess(
    item: Item, given: list[_Given], context: Context, now: datetime, *, all_of_them: bool
) -> tuple[Assessment, list[Point]]:
    """Judge every point in event-time order; a verdict is worked out once a distinct value.

    Returns those that alarm, or all that are timely.
    """
    counts = [0] * len(Level)
    late = untimely = 0
    before = latest = context.judged_through.get(item.code)
    usual = context.usual.get(item.code)
    verdicts: dict[object, _Judged] = {}
    points: list[Point] = []
    for at, source in sorted(given, key=itemgetter(0)):
        if now - at > OLDEST_JUDGED:
            untimely += 1
            continue
        ahead = at - now > FUTURE_TOLERANCE
        what = (source.value, source.quality) if isinstance(source, Reading) else source.code
        judged = verdicts.get((what, ahead))
        if judged is None:
            judged = verdicts[what, ahead] = _judge_one(item, source, usual, ahead)
        verdict, quality, trusted = judged
        is_late = before is not None and at < before
        counts[verdict.level] += 1
        late += is_late
        if trusted and (latest is None or at > latest):
            latest = at
        if verdict.alarms or all_of_them:
            points.append(Point(at, source, verdict, quality, trusted, True, is_late))
    return assessment_of(item.code, counts, untimely, late, latest), points


def _before(
    item: Item, known: list[_Given], given: list[_Given], context: Context, now: datetime
) -> list[Point]:
    """Return what was judged before as points that are not new, but for those that are given."""
    again = set(given)
    judged = [one for one in known if one not in again and one[0] <= now]
    _, points = _assess(item, judged, context, now, all_of_them=True)
    return [replace(point, new=False) for point in points]


def _hits(item: Item, points: list[Point], profile: Profile) -> list[Point]:
    rules = profile.rules.get(item.code)
    if rules is None or not rules.over_time or not isinstance(item, MeasuredItem):
        return [point for point in points if point.new and point.verdict.alarms]
    return hits_over_time(item, rules, points)


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


def _act(item: str, breaches: Breaches, alert: OpenAlert | None) -> Raise | Worsening | Sighting:
    level = breaches.worst.level
    if alert is None:
        return Raise(item=item, level=level, breaches=breaches)
    if level > alert.level:
        return Worsening(alert_id=alert.alert_id, item=item, breaches=breaches)
    return Sighting(alert_id=alert.alert_id, item=item, breaches=breaches)
