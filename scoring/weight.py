"""Weight in heart failure: a rule of thumb, and a rise above one's own median. Pure.

None of these rules is good; their worth is shown beside them. Sources of rule and worth:
  more than 2 kg in 3 days: McDonagh TA et al., ESC guideline, Eur Heart J 2021;42:3599; found 20 to
    21 % of decompensations (Ledwidge MT et al., Eur J Heart Fail 2013;15:377; PMC4777885);
  more than 1.36 kg (3 lb) in a day: found 46 % (Ledwidge 2013);
  1.36 kg or more above the median of the week before, quiet for 7 days, over when the weight falls
    back: ENGAGE-HF (Stanford Biodesign Digital Health, public source).
One in about seventeen alerts of a rule of weight was a decompensation (PPV 6 %, Eur Heart J Digit
Health 2023;4:455); together with a symptom it says more, which is why weight and symptom is a rule
of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final

from core.vitals import VITALS, Vital
from scoring.refusal import Incomplete, Refused

ESC_KG: Final = 2.0
"""More than this, within ESC_DAYS. Source: ESC 2021."""
ESC_WITHIN: Final = timedelta(days=3)
"""Source: ESC 2021."""
DAY_KG: Final = 1.36
"""More than this within a day. Source: Ledwidge 2013 (3 lb)."""
DAY: Final = timedelta(hours=30)
"""How long ago the weight of « the day before » may be: scales are not stepped on by the minute.
Source: proposed."""
RISE_KG: Final = 1.36
"""This much or more above one's median. Source: ENGAGE-HF (3 lb)."""
OVER_KG: Final = 0.68
"""The rise is over below this: half of it, so that it does not flicker. Source: proposed."""
BASELINE: Final = timedelta(days=7)
"""The week before the reading under test, which is no part of it. Source: ENGAGE-HF."""
LEAST_READINGS: Final = 3
"""Of the week, without which there is no median. Source: proposed."""
QUIET: Final = timedelta(days=7)
"""No second alert, be it of the same rise or of one that was over meanwhile. Source: ENGAGE-HF."""


class Rule(StrEnum):
    """Which rule called."""

    ESC = "esc"
    DAY = "day"
    RISE = "rise"
    RISE_AND_SYMPTOM = "rise_and_symptom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Decompensations a rule found, and alerts that were one, of a hundred; None: not known."""

    sensitivity_percent: int | None
    ppv_percent: int | None


WORTH: Final[dict[Rule, Worth]] = {
    Rule.ESC: Worth(sensitivity_percent=21, ppv_percent=6),
    Rule.DAY: Worth(sensitivity_percent=46, ppv_percent=6),
    Rule.RISE: Worth(sensitivity_percent=None, ppv_percent=None),
    Rule.RISE_AND_SYMPTOM: Worth(sensitivity_percent=None, ppv_percent=None),
}
"""Shown beside each rule. Source: Ledwidge 2013 (sensitivity); Eur Heart J Digit Health 2023;4:455
(PPV of a rule of weight)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A weight in kg; `at` carries a zone."""

    at: datetime
    kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """A rise above one's own median: since when, when it last called, whether it is over.

    One that is over is kept as long as it keeps the next one quiet.
    """

    since: datetime
    called_at: datetime
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightInput:
    """Some weights in any order; whether one is more breathless or swollen; the rise kept."""

    weights: tuple[Weighed, ...]
    symptom: bool | None
    rise: Rise | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFound:
    """What the last weight says: rules that call, median of the week in kg, and the rise to keep.

    `above_kg` is the distance from the median; both None without enough readings. `rise` is to be
    given back with the next weight. `worth` is that of the rules that call.
    """

    rules: tuple[Rule, ...]
    worth: Mapping[Rule, Worth]
    median_kg: float | None
    above_kg: float | None
    rise: Rise | None


def score_weight(given: WeightInput) -> WeightFound | Incomplete | Refused:
    """Judge the latest of some weights by those of the days before it.

    No answer about symptoms says nothing of them: the rule that asks for one does not call. A retry
    that brings the same weight again calls nothing anew while `rise` stands.
    """
    weights, symptom, rise = given.weights, given.symptom is True, given.rise
    if not weights:
        return Incomplete(missing=("weights",))
    info = VITALS[Vital.WEIGHT]
    wrong = next((one for one in weights if not info.lowest <= one.kg <= info.highest), None)
    if wrong is not None:
        return Refused(
            reason=f"weight: {wrong.kg:g} is outside {info.lowest:g} to {info.highest:g}"
        )
    if any(one.at.tzinfo is None for one in weights):
        return Refused(reason="weights: a time without its zone")
    # Of two weights of one instant the heavier is judged, in whatever order they came.
    ordered = sorted(weights, key=lambda one: (one.at, one.kg))
    last, before = ordered[-1], [one for one in ordered if one.at < ordered[-1].at]
    usual = _median(before, last.at)
    above = None if usual is None else round(last.kg - usual, 2)
    after = _rise(above, last.at, rise)
    stands = after is not None and not after.over
    calls = after is not None and (rise is None or after.called_at != rise.called_at)
    rules = [
        *([Rule.ESC] if _gained(before, last, ESC_WITHIN) > ESC_KG else []),
        *([Rule.DAY] if _gained(before, last, DAY) > DAY_KG else []),
        *([Rule.RISE] if calls else []),
        *([Rule.RISE_AND_SYMPTOM] if stands and symptom else []),
    ]
    worth = {rule: WORTH[rule] for rule in rules}
    return WeightFound(rules=tuple(rules), worth=worth, median_kg=usual, above_kg=above, rise=after)


def _median(before: Sequence[Weighed], at: datetime) -> float | None:
    week = [one.kg for one in before if at - one.at <= BASELINE]
    return median(week) if len(week) >= LEAST_READINGS else None


def _rise(above: float | None, at: datetime, rise: Rise | None) -> Rise | None:
    """Return the rise after this weight: begun, begun again, kept, over, or forgotten.

    Whatever happens in between, two calls are a week apart.
    """
    if above is None:
        return rise
    quiet = rise is not None and at - rise.called_at < QUIET
    if rise is None or (rise.over and not quiet):
        return Rise(since=at, called_at=at) if above >= RISE_KG else None
    if above < OVER_KG:
        return replace(rise, over=True) if quiet else None
    if above < RISE_KG:
        return rise
    if rise.over:
        return Rise(since=at, called_at=rise.called_at)
    return rise if quiet else replace(rise, called_at=at)


def _gained(before: Sequence[Weighed], last: Weighed, within: timedelta) -> float:
    """Return how much was gained over the lowest weight of that time, in kg; 0 without one."""
    lowest = min((one.kg for one in before if last.at - one.at <= within), default=last.kg)
    return round(last.kg - lowest, 2)
