"""The home state: green, orange or red, the worst of the profile's items, with the reasons.

Proposed logic (docs/clinical/home-state.md), to be validated by a clinician; it is not a score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final

from core.vitals import Quality
from scoring.item import Bound, Item, MeasuredItem, Said, what_was_said
from scoring.level import Level
from scoring.observation import GOOD, Answer, Reading
from scoring.verdict import Verdict, judge_answer, judge_value

FUTURE_TOLERANCE: Final = timedelta(minutes=5)
"""Beyond this a time in the future is a clock fault. Source: proposed, time rules of Chevet."""

OLDEST_JUDGED: Final = timedelta(days=30)
"""Beyond this age a value is history, not a reason to call. Source: proposed, same rules."""


class MissingWhy(StrEnum):
    """Why an item has no value that counts."""

    NEVER = "never"
    STALE = "stale"
    DOUBTFUL = "doubtful"


MISSING_LABELS: Final[dict[MissingWhy, str]] = {
    MissingWhy.NEVER: "no value yet",
    MissingWhy.STALE: "too old",
    MissingWhy.DOUBTFUL: "doubtful value",
}
"""English msgid of each reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One item as judged: `level` GREEN, ORANGE or RED, on which value, by which limit.

    `value` and `unit` are None for an answer, `code` is None for a measurement; `bound` and
    `threshold` are None when no limit was met. `to_verify`: the device or its clock doubts. `said`:
    an answer in the words of its questionnaire, where they are known.
    """

    item: str
    title: str
    level: Level
    value: float | None
    unit: str | None
    code: str | None
    at: datetime
    quality: Quality
    bound: Bound | None
    threshold: float | None
    source: str | None
    to_verify: bool
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One item without a value that counts; `at` is the time of the last one, if any."""

    item: str
    title: str
    why: MissingWhy
    essential: bool
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """The latest value of an item that was not counted, newer than the one that was, if any.

    Exactly one of (`value`, `unit`) and `code` is set.
    """

    item: str
    title: str
    value: float | None
    unit: str | None
    code: str | None
    at: datetime
    quality: Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeState:
    """The state of a patient at home at `at`.

    `findings` holds every item that was judged, worst first then in the profile's order;
    `missing` every item that was not; `doubtful` the values set aside.
    """

    level: Level
    at: datetime
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    doubtful: tuple[Doubtful, ...]

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """Return the findings that are not green: what the state is due to, worst first."""
        return tuple(finding for finding in self.findings if finding.level > Level.GREEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """One value or answer of one item with its verdict."""

    at: datetime
    value: float | None
    code: str | None
    quality: Quality
    verdict: Verdict


def decide_home_state(
    items: Sequence[Item],
    readings: Iterable[Reading],
    answers: Iterable[Answer],
    usual: Mapping[str, float],
    now: datetime,
) -> HomeState:
    """Judge the latest value of each item at `now`.

    The level is the worst finding; with no finding, or without an essential item and nothing
    orange or red, it is UNKNOWN and never green. `readings` may be all of a window, or only the
    latest of each vital and quality up to `now + FUTURE_TOLERANCE`: level and findings are the
    same. Order does not matter.
    """
    by_item = _points(items, readings, answers, usual)
    findings: list[Finding] = []
    missing: list[Missing] = []
    doubtful: list[Doubtful] = []
    for item in items:
        points = sorted(by_item[item.code], key=attrgetter("at"))
        shown = _shown(_latest_of_each_quality(points, item, now))
        if shown is None:
            missing.append(_missing(item, points, now))
        else:
            findings.append(_finding(item, shown))
        aside = _set_aside(points, shown, item, now)
        if aside is not None:
            doubtful.append(_doubtful(item, aside))
    return HomeState(
        level=_worst(findings, missing),
        at=now,
        findings=tuple(sorted(findings, key=attrgetter("level"), reverse=True)),
        missing=tuple(missing),
        doubtful=tuple(doubtful),
    )


def _points(
    items: Sequence[Item],
    readings: Iterable[Reading],
    answers: Iterable[Answer],
    usual: Mapping[str, float],
) -> dict[str, list[_Point]]:
    measured = {item.vital: item for item in items if isinstance(item, MeasuredItem)}
    asked = {item.code: item for item in items if not isinstance(item, MeasuredItem)}
    points: dict[str, list[_Point]] = {item.code: [] for item in items}
    for reading in readings:
        if (watched := measured.get(reading.vital)) is not None:
            verdict = judge_value(watched, reading.value, reading.quality, usual.get(watched.code))
            points[watched.code].append(
                _Point(
                    at=reading.measured_at,
                    value=reading.value,
                    code=None,
                    quality=reading.quality,
                    verdict=verdict,
                )
            )
    for answer in answers:
        if (question := asked.get(answer.item)) is not None:
            verdict = judge_answer(question, answer.code)
            points[question.code].append(
                _Point(
                    at=answer.answered_at,
                    value=None,
                    code=answer.code,
                    quality=GOOD,
                    verdict=verdict,
                )
            )
    return points


def _latest_of_each_quality(points: Sequence[_Point], item: Item, now: datetime) -> list[_Point]:
    """Return, in time order, what may be the latest value: neither stale nor in the future."""
    timely = [point for point in points if now - item.max_age <= point.at <= now + FUTURE_TOLERANCE]
    latest = {point.quality: point for point in timely}
    return sorted(latest.values(), key=attrgetter("at"))


def _shown(recent: Sequence[_Point]) -> _Point | None:
    """Return the latest value that counts, or a later one to verify that met a worse limit."""
    counted = next((point for point in reversed(recent) if point.verdict.counts), None)
    to_verify = next((point for point in reversed(recent) if point.verdict.to_verify), None)
    if counted is None or to_verify is None:
        return counted or to_verify
    worse = to_verify.verdict.met > counted.verdict.met
    return to_verify if worse and to_verify.at >= counted.at else counted


def _set_aside(
    points: Sequence[_Point], shown: _Point | None, item: Item, now: datetime
) -> _Point | None:
    """Return the latest doubtful value newer than the one shown, a time in the future included."""
    since = now - item.max_age if shown is None else shown.at
    aside = [
        point
        for point in points
        if point is not shown
        and point.at >= since
        and (not point.verdict.counts or point.at > now + FUTURE_TOLERANCE)
    ]
    return aside[-1] if aside else None


def _missing(item: Item, points: Sequence[_Point], now: datetime) -> Missing:
    at = points[-1].at if points else None
    if at is None:
        why = MissingWhy.NEVER
    else:
        why = MissingWhy.STALE if at < now - item.max_age else MissingWhy.DOUBTFUL
    return Missing(item=item.code, title=item.title, why=why, essential=item.essential, at=at)


def _finding(item: Item, point: _Point) -> Finding:
    verdict = point.verdict
    return Finding(
        item=item.code,
        title=item.title,
        level=verdict.level,
        value=point.value,
        unit=item.unit if isinstance(item, MeasuredItem) else None,
        code=point.code,
        at=point.at,
        quality=point.quality,
        bound=verdict.bound,
        threshold=verdict.threshold,
        source=verdict.source,
        to_verify=verdict.to_verify,
        said=what_was_said(item, point.code),
    )


def _doubtful(item: Item, point: _Point) -> Doubtful:
    return Doubtful(
        item=item.code,
        title=item.title,
        value=point.value,
        unit=item.unit if isinstance(item, MeasuredItem) else None,
        code=point.code,
        at=point.at,
        quality=point.quality,
    )


def _worst(findings: Sequence[Finding], missing: Sequence[Missing]) -> Level:
    levels = [finding.level for finding in findings]
    if not findings or any(item.essential for item in missing):
        levels.append(Level.UNKNOWN)
    return max(levels)
