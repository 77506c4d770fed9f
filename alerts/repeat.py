"""Measuring again in parallel: which orange value may wait for it, and what ends that. Pure.

A red never waits. An orange waits only when it is the first one, by an absolute limit, just
measured, and the patient can be asked on his phone; everything else calls as it always did. What
waits ends in one of three ways: a value within the limits measured after it was asked for, any
further breach, or nothing by the time; the last two call.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from alerts.evidence import Breaches, Evidence
from alerts.lasting import ItemRules
from alerts.profile import Profile
from alerts.rules import Judgement, Raise
from core.vitals import Quality
from messages.message import Channel
from questionnaires.reminders.reminding import Reach
from scoring.home_state import FUTURE_TOLERANCE
from scoring.item import Bound, MeasuredItem
from scoring.level import Level
from scoring.observation import Reading
from scoring.verdict import judge_value

QUESTIONNAIRES: Final[dict[str, str]] = {
    "spo2": "repeat-oximetry",
    "pulse": "repeat-pulse",
    "respiratory_rate": "repeat-respiratory-rate",
    "temperature": "repeat-temperature",
}
"""The guided questionnaire of each item that can be measured again."""
FIRST_AGAIN: Final = timedelta(hours=24)
"""After a repeat that was within its limits, an orange value is a first one again only after this
long: one that comes and goes must be told. Source: proposed."""
ASKED_FOR: Final = timedelta(days=1)
"""How long a patient is asked; what he sends later is kept like any other measure of his."""
ABSOLUTE: Final = frozenset({Bound.AT_MOST, Bound.BELOW, Bound.AT_LEAST})
"""Limits that one value meets by itself."""


class RepeatState(StrEnum):
    """Where a repeat stands; all but the first are final."""

    ASKED = "asked"
    WITHIN = "within"
    CONFIRMED = "confirmed"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class MyRepeat:
    """A measure a patient is asked to take again, as he sees it: neither why, nor how grave."""

    id: UUID
    item: str
    asked_at: datetime
    due_at: datetime
    state: str
    answer_id: UUID | None

    @property
    def is_open(self) -> bool:
        """Say whether it may still be answered: a late measure is better than none."""
        waits = self.state in (RepeatState.ASKED, RepeatState.NOT_DONE)
        return waits and self.answer_id is None and self.item in QUESTIONNAIRES

    def is_over(self, now: datetime) -> bool:
        """Say whether he is asked no more: what he still sends is kept, and he is told so."""
        return now - self.asked_at >= ASKED_FOR

    @property
    def questionnaire(self) -> str:
        """Return the name of the questionnaire that guides him."""
        return QUESTIONNAIRES[self.item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A repeat that waits for its measure; `held`: its breaches, None beside an alert."""

    id: UUID
    item: str
    asked_at: datetime
    held: Breaches | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What decides over waiting, beside the values.

    `pending`: by item. `settled_lately`: items with a repeat that ended within the limits since
    `FIRST_AGAIN`. `reachable`: the patient's phone can be written to now.
    """

    rules: Mapping[str, ItemRules]
    pending: Mapping[str, Pending] = field(default_factory=dict)
    settled_lately: frozenset[str] = frozenset()
    reachable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What follows for repeats: `judgement` is what calls somebody, without what may wait.

    `held`: what waits for a new measure. `beside`: items whose red alert gets a repeat beside it.
    `ended`: how pending repeats end, by item.
    """

    judgement: Judgement
    held: tuple[Raise, ...] = ()
    beside: tuple[tuple[str, Breaches], ...] = ()
    ended: Mapping[str, RepeatState] = field(default_factory=dict)


def ways_of(reach: Reach) -> tuple[tuple[Channel, str], ...]:
    """Return how a patient is asked at once: his browsers, else a text message; none: he is not."""
    if reach.browsers:
        return tuple(("push", str(browser)) for browser in reach.browsers)
    return tuple(way for way in reach.written() if way[0] == "sms")


def may_wait(rise: Raise, known: Situation, now: datetime) -> bool:
    """Tell whether an alert may wait for a new measure; a red one never does."""
    rules, seen = known.rules.get(rise.item), rise.breaches.worst
    if rules is None or rules.repeat is None or rules.sustained is not None:
        return False
    return (
        rise.level is Level.ORANGE
        and rise.breaches.count == 1
        and _is_plain(seen)
        and now - seen.measured_at <= rules.repeat
        and rise.item in QUESTIONNAIRES
        and rise.item not in known.pending
        and rise.item not in known.settled_lately
        and known.reachable
    )


def _is_plain(seen: Evidence) -> bool:
    """Tell whether a breach is a measured value beyond an absolute limit, to be trusted and new."""
    return (
        seen.reading_id is not None
        and seen.bound in ABSOLUTE
        and not seen.to_verify
        and not seen.late
        and seen.quality & Quality.TIME_FAULT == Quality(0)
    )


def plan_repeats(
    judgement: Judgement,
    readings: Iterable[Reading],
    *,
    profile: Profile,
    usual: Mapping[str, float],
    known: Situation,
    now: datetime,
) -> Plan:
    """Decide what waits, what calls with what waited, and which repeats end.

    `readings`: what is judged in this run.
    """
    held = tuple(rise for rise in judgement.raises if may_wait(rise, known, now))
    rises = tuple(_with_held(rise, known) for rise in judgement.raises if rise not in held)
    worse = judgement.worsenings
    breached = {rise.item: rise.breaches for rise in rises}
    breached |= {one.item: one.breaches for one in worse}
    breached |= {one.item: one.breaches for one in judgement.sightings}
    ended: dict[str, RepeatState] = {}
    given = list(readings)
    for item, pending in known.pending.items():
        breaches = breached.get(item)
        if breaches is not None:
            if pending.held is not None or breaches.last.measured_at > pending.asked_at:
                ended[item] = RepeatState.CONFIRMED
        elif _within_since(item, pending.asked_at, given, profile, usual, now):
            ended[item] = RepeatState.WITHIN
    red = [(rise.item, rise.breaches) for rise in rises if rise.level is Level.RED]
    red += [(one.item, one.breaches) for one in worse]
    return Plan(
        judgement=replace(judgement, raises=rises),
        held=held,
        beside=tuple((item, seen) for item, seen in red if _is_asked(item, seen, known, ended)),
        ended=ended,
    )


def _with_held(rise: Raise, known: Situation) -> Raise:
    """Return an alert with what waited for a new measure: the first stays the first."""
    pending = known.pending.get(rise.item)
    if pending is None or pending.held is None:
        return rise
    breaches = together(pending.held, rise.breaches)
    return replace(rise, level=breaches.worst.level, breaches=breaches)


def together(before: Breaches, after: Breaches) -> Breaches:
    """Return what waited and what came since as one: the worse is the worst, the new the last."""
    worse = after.worst if after.worst.level > before.worst.level else before.worst
    return Breaches(
        first=before.first, worst=worse, last=after.last, count=before.count + after.count
    )


def _within_since(
    item: str,
    since: datetime,
    readings: Sequence[Reading],
    profile: Profile,
    usual: Mapping[str, float],
    now: datetime,
) -> bool:
    """Tell whether a value that counts was measured after `since`, within its limits."""
    watched = next((one for one in profile.items if one.code == item), None)
    if not isinstance(watched, MeasuredItem):
        return False
    verdicts = [
        judge_value(watched, one.value, one.quality, usual.get(item))
        for one in readings
        if one.vital is watched.vital
        if since < one.measured_at <= now + FUTURE_TOLERANCE
        if not one.quality & Quality.TIME_FAULT
    ]
    return any(one.level is Level.GREEN and one.counts for one in verdicts)


def _is_asked(
    item: str, seen: Breaches, known: Situation, ended: Mapping[str, RepeatState]
) -> bool:
    """Tell whether the patient measures again beside a red alert; it changes nothing of it."""
    rules = known.rules.get(item)
    free = item not in known.pending or item in ended
    measured = seen.worst.reading_id is not None and not seen.late and item in QUESTIONNAIRES
    return bool(measured and free and known.reachable and rules and rules.repeat)
