"""Rules that need more than one value: a breach that lasts, a change over time, two at once.

Pure. A hit stands on the values that were looked at to find it (its window), and is new as soon as
one of them is: so a value that arrives late calls for what it completes, and whatever order values
arrive in, nothing is lost that the whole, read at once, would have called for.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from core.vitals import Quality
from scoring.item import Bound, MeasuredItem, Said, round_as_shown
from scoring.level import Level
from scoring.observation import Answer, Reading
from scoring.verdict import Verdict

DECIMALS: Final = 6
"""A difference of two decimals is a decimal again after this. Source: arithmetic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sustained:
    """How long an orange breach must last before it calls: a time, or `breaches` of `readings`.

    Exactly one of `lasting` and `breaches` is set. A red limit never waits for either.
    """

    lasting: timedelta | None = None
    breaches: int | None = None
    readings: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A fall or a rise by at least `by` (item's unit) from any value of the time before."""

    falls: bool
    by: float
    within: timedelta
    level: Level
    source: str

    @property
    def bound(self) -> Bound:
        """Return how evidence names it."""
        return Bound.FALL_WITHIN if self.falls else Bound.RISE_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """After how long without a value of an item that counts somebody is called, and how loudly."""

    after: timedelta
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRules:
    """The rules of one item beside its limits.

    `repeat`: how long a first orange value waits for a new measure before it calls.
    """

    sustained: Sustained | None = None
    changes: tuple[Change, ...] = ()
    silence: Silence | None = None
    repeat: timedelta | None = None

    @property
    def over_time(self) -> bool:
        """Tell whether judging a value needs those before it."""
        return self.sustained is not None or bool(self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Items out of their limits, all within a time: an alert of its own, under its own code."""

    code: str
    items: tuple[str, ...]
    within: timedelta
    level: Level
    source: str
    said: Said


@dataclass(frozen=True, slots=True)
class Point:
    """One value of one item with its verdict by the limits; `timed`: its time is to be trusted.

    `new`: nobody has judged it yet. `late`: older than what had been judged before.
    """

    at: datetime
    source: Reading | Answer
    verdict: Verdict
    quality: Quality
    timed: bool
    new: bool
    late: bool


def hits_over_time(item: MeasuredItem, rules: ItemRules, points: Iterable[Point]) -> list[Point]:
    """Return, in event-time order, the points that call somebody by the limits and the rules.

    `points`: the new ones, and those before them as far back as the rules look; any order.
    """
    ordered = sorted(points, key=_order)
    called = _by_limits(ordered, rules.sustained)
    for change in rules.changes:
        for index in _changed(item, change, ordered):
            point = called.get(index, ordered[index])
            if index not in called or change.level > point.verdict.level:
                called[index] = replace(point, verdict=_changed_verdict(change))
    return [called[index] for index in sorted(called)]


def _order(point: Point) -> tuple[datetime, int, float]:
    reading = point.source
    assert isinstance(reading, Reading)
    return point.at, reading.reading_id, reading.value


def _by_limits(points: Sequence[Point], sustained: Sustained | None) -> dict[int, Point]:
    """Return by place what breaches a limit and calls: at once, or once it has lasted."""
    at_once = {
        index: point
        for index, point in enumerate(points)
        if point.new and point.verdict.alarms and _waits_for_nothing(point, sustained)
    }
    if sustained is None:
        return at_once
    lasted = _lasted(points, sustained.lasting) if sustained.lasting is not None else []
    if sustained.breaches is not None and sustained.readings is not None:
        lasted = _often(points, sustained.breaches, sustained.readings)
    return at_once | {index: points[index] for index in lasted}


def _waits_for_nothing(point: Point, sustained: Sustained | None) -> bool:
    """Tell whether a breach calls at once: red by its limit, or at a time nobody can trust."""
    return sustained is None or point.verdict.met is Level.RED or not point.timed


def _speaks(point: Point) -> bool:
    """Tell whether a point continues or breaks a row of breaches; a doubtful one does neither."""
    return point.timed and (point.verdict.alarms or point.verdict.counts)


def _lasted(points: Sequence[Point], lasting: timedelta) -> list[int]:
    found: list[int] = []
    since: datetime | None = None
    any_new = False
    for index, point in enumerate(points):
        if not _speaks(point):
            continue
        if not point.verdict.alarms:
            since, any_new = None, False
            continue
        since = since or point.at
        any_new |= point.new
        if any_new and point.at - since >= lasting:
            found.append(index)
    return found


def _often(points: Sequence[Point], breaches: int, readings: int) -> list[int]:
    found: list[int] = []
    window: deque[Point] = deque(maxlen=readings)
    for index, point in enumerate(points):
        if not _speaks(point):
            continue
        window.append(point)
        enough = sum(one.verdict.alarms for one in window) >= breaches
        if point.verdict.alarms and enough and any(one.new for one in window):
            found.append(index)
    return found


def _changed(item: MeasuredItem, change: Change, points: Sequence[Point]) -> list[int]:
    """Return the places of values that differ enough from a value of the time before."""
    sign = 1.0 if change.falls else -1.0
    known, fresh = _Highest(change.within), _Highest(change.within)
    found: list[int] = []
    for index, point in enumerate(points):
        reading = point.source
        if not (isinstance(reading, Reading) and point.timed and point.verdict.counts):
            continue
        value = sign * round_as_shown(item.vital, reading.value)
        before = known if point.new else fresh
        highest = before.before(point.at)
        if highest is not None and round(highest - value, DECIMALS) >= change.by:
            found.append(index)
        known.add(point.at, value)
        if point.new:
            fresh.add(point.at, value)
    return found


class _Highest:
    """The highest value of a moving stretch of time, in constant time a value."""

    def __init__(self, within: timedelta) -> None:
        self._within = within
        self._values: deque[tuple[datetime, float]] = deque()

    def before(self, at: datetime) -> float | None:
        """Return the highest value since `at - within`, or None."""
        while self._values and self._values[0][0] < at - self._within:
            self._values.popleft()
        return self._values[0][1] if self._values else None

    def add(self, at: datetime, value: float) -> None:
        """Add a value, no earlier than those before it."""
        while self._values and self._values[-1][1] <= value:
            self._values.pop()
        self._values.append((at, value))


def _changed_verdict(change: Change) -> Verdict:
    return Verdict(
        level=change.level,
        met=change.level,
        bound=change.bound,
        threshold=change.by,
        source=change.source,
        to_verify=False,
    )


def hits_together(
    combination: Combination, points_of: Mapping[str, Sequence[Point]]
) -> list[tuple[str, Point]]:
    """Return item and point of each breach that completes a combination, in event-time order.

    A value to verify completes nothing: it is orange at most, a combination may be red.
    """
    parts = {item: _Breaches(points_of.get(item, ())) for item in combination.items}
    found: list[tuple[str, Point]] = []
    for item, part in parts.items():
        others = [other for code, other in parts.items() if code != item]
        for point in part.points:
            counts = [other.within(point.at - combination.within, point.at) for other in others]
            complete = all(count for count, _ in counts)
            if complete and (point.new or any(new for _, new in counts)):
                found.append((item, point))
    return sorted(found, key=lambda pair: (pair[1].at, pair[0]))


class _Breaches:
    """The breaches of one item that count, so that a stretch of time is counted in two steps."""

    def __init__(self, points: Sequence[Point]) -> None:
        counted = (one for one in points if one.timed and one.verdict.alarms and one.verdict.counts)
        self.points = sorted(counted, key=lambda one: one.at)
        self._times = [point.at for point in self.points]
        self._new = [0]
        for point in self.points:
            self._new.append(self._new[-1] + point.new)

    def within(self, start: datetime, end: datetime) -> tuple[int, int]:
        """Return how many breaches there are from start to end, both included, and of these new."""
        low, high = bisect_left(self._times, start), bisect_right(self._times, end)
        return high - low, self._new[high] - self._new[low]
