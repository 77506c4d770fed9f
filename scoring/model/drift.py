"""Whether the people here are still those a model was measured on, and whether it is still right.

Pure. Three questions: are the inputs spread as they were (population stability index), has the mean
of a series moved (ADWIN, for the days of a house), and does as much come true as was foreseen. A
model that is out of range falls back to the rules, which need no model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log, sqrt
from typing import Any, Final

import numpy as np

from core.vitals import VITALS
from scoring.model.features import DAY, SIDES, Given, latest
from scoring.windows import Floats, Ints

WATCHED: Final = 0.10
"""PSI from which a spread is watched. Source: the usual reading of the index; proposed here."""
OUT: Final = 0.25
"""PSI from which a spread is another one. Source: as above."""
FEWEST: Final = 200
"""People without whom nothing is said of a spread, a value each. Source: proposed."""
LEAST_SHARE: Final = 1e-4
"""Stands for an empty bin, whose logarithm would have no end. Source: proposed."""
CONFIDENCE: Final = 0.002
"""Of ADWIN: how often a mean that did not move is called moved. Source: Bifet and Gavaldà, Learning
from Time-Changing Data with Adaptive Windowing, SIAM Data Mining 2007, their experiments."""
SHORTEST: Final = 5
"""Values on each side of a cut. Source: proposed."""
EVENTS: Final = 20
"""People struck, or foreseen to be, without whom calibration is not judged. Source: proposed."""
TOLERATED: Final = 2.0
"""As many times more, or fewer, may come true as were foreseen. Source: proposed."""
WATCHED_VITALS: Final = tuple(dict.fromkeys(side.vital for side in SIDES))
"""Those the model is given."""
SIGMA: Final = 1.96
"""Standard deviations of a 95 % interval. Source: the normal distribution."""


class Standing(StrEnum):
    """What may be said of a model here: rules only means that its risk is not shown."""

    UNKNOWN = "unknown"
    KEPT = "kept"
    WATCHED = "watched"
    RULES_ONLY = "rules_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How an input was spread: limits between bins, share of each bin, share that was missing."""

    limits: tuple[float, ...]
    shares: tuple[float, ...]
    missing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The index of each input, the worst first, and what follows."""

    indices: Mapping[str, float]
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """How many came true of how many foreseen, by how many chance may part them, what follows."""

    questions: int
    foreseen: float
    came_true: int
    chance: float
    standing: Standing


def inputs(given: Given, risk: Floats) -> dict[str, Floats]:
    """Return what is watched of each question: the newest values, who is asked about, the risk."""
    newest = {VITALS[v].slug: latest(given.samples[v], given.asked, DAY) for v in WATCHED_VITALS}
    return {**newest, "age": given.age, "oxygen": given.oxygen, "risk": risk}


def once_each(given: Given, risk: Floats) -> dict[str, Floats]:
    """Return the inputs at each person's last question: the rows of one person are one voice."""
    person = given.asked.person
    last = np.concatenate((person[1:] != person[:-1], [True]))[: len(person)]
    return {name: values[last] for name, values in inputs(given, risk).items()}


def spread_from(written: Mapping[str, Any]) -> Spread:
    """Return a spread from the plain values of a card."""
    return Spread(
        limits=tuple(written["limits"]),
        shares=tuple(written["shares"]),
        missing=written["missing"],
    )


def spread_of(values: Floats, bins: int = 10) -> Spread:
    """Return how values are spread, by bins that hold equal shares; NaN is missing."""
    known = values[np.isfinite(values)]
    inner = np.linspace(0, 1, bins + 1)[1:-1]
    limits = tuple(np.unique(np.quantile(known, inner)).tolist()) if len(known) else ()
    shares, missing = _shares(values, limits)
    return Spread(limits=limits, shares=shares, missing=missing)


def stability_index(reference: Spread, values: Floats) -> float | None:
    """Return the population stability index, missing values being one more bin; None of too few."""
    if len(values) < FEWEST:
        return None
    shares, missing = _shares(values, reference.limits)
    then = np.maximum([*reference.shares, reference.missing], LEAST_SHARE)
    now = np.maximum([*shares, missing], LEAST_SHARE)
    return float(((now - then) * np.log(now / then)).sum())


def judge_drift(reference: Mapping[str, Spread], values: Mapping[str, Floats]) -> Drift:
    """Judge every input that has a reference; one that is another one takes the model back."""
    found = {name: stability_index(spread, values[name]) for name, spread in reference.items()}
    known = {name: index for name, index in found.items() if index is not None}
    worst = max(known.values(), default=None)
    if worst is None:
        standing = Standing.UNKNOWN
    elif worst >= OUT:
        standing = Standing.RULES_ONLY
    else:
        standing = Standing.WATCHED if worst >= WATCHED else Standing.KEPT
    ordered = sorted(known.items(), key=lambda one: -one[1])
    return Drift(indices=dict(ordered), standing=standing)


def moved_at(values: Sequence[float]) -> int | None:
    """Return from which value on the mean is another one, or None (ADWIN on values from 0 to 1).

    The cut whose sides differ most beyond what chance allows.
    """
    given = np.asarray(values, dtype=float)
    count = len(given)
    if count < 2 * SHORTEST:
        return None
    left = np.arange(SHORTEST, count - SHORTEST + 1)
    sums = np.concatenate(([0.0], np.cumsum(given)))
    before, after = sums[left] / left, (sums[-1] - sums[left]) / (count - left)
    both = 1 / (1 / left + 1 / (count - left))
    chance = log(2 * log(count) / CONFIDENCE)
    bound = np.sqrt(2 / both * given.var() * chance) + 2 / (3 * both) * chance
    beyond = np.abs(before - after) - bound
    best = int(np.argmax(beyond))
    return int(left[best]) if beyond[best] > 0 else None


def judge_calibration(person: Ints, risk: Floats, came_true: Floats) -> Follow:
    """Judge whether as much came true as was foreseen.

    By an interval over people: what comes true of one person at one hour does so at the next.
    """
    foreseen, events = float(risk.sum()), int(came_true.sum())
    _, code = np.unique(person, return_inverse=True)
    apart = np.bincount(code, came_true - risk)
    deviation = SIGMA * sqrt(len(apart)) * float(apart.std()) if len(apart) else 0.0
    struck = len(np.unique(person[came_true > 0]))
    if max(struck, min(foreseen, len(apart))) < EVENTS:
        standing = Standing.UNKNOWN
    elif abs(events - foreseen) <= deviation:
        standing = Standing.KEPT
    elif foreseen / TOLERATED <= events <= foreseen * TOLERATED:
        standing = Standing.WATCHED
    else:
        standing = Standing.RULES_ONLY
    return Follow(
        questions=len(risk),
        foreseen=foreseen,
        came_true=events,
        chance=deviation,
        standing=standing,
    )


def worse(*some: Standing) -> Standing:
    """Return the standing that takes the most back; what is not known takes nothing back."""
    return max(some, key=list(Standing).index, default=Standing.UNKNOWN)


def _shares(values: Floats, limits: tuple[float, ...]) -> tuple[tuple[float, ...], float]:
    known = values[np.isfinite(values)]
    # Values are stored in single precision, limits often lie on a value: 36.4 must be 36.4.
    single, bounds = known.astype(np.float32), np.asarray(limits, dtype=np.float32)
    counts = np.bincount(np.searchsorted(bounds, single, side="left"), minlength=len(limits) + 1)
    total = max(len(values), 1)
    return tuple(float(one) / total for one in counts), 1 - len(known) / total
