"""Whether a model that is in use may stay: one look at what it said here, and what follows. Pure.

Inputs and risks are compared with those of the model's card like for like: at questions the card's
people were asked too (all five vitals known, NEWS2 of 4 or less), one voice a person. What came
true is counted twelve hours later from what was measured, whoever was measured; where people are
measured seldom less is seen to come true, so there only too many are held against the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from scoring.model.cohort import Bools, hours_between
from scoring.model.drift import (
    OUT,
    WATCHED,
    Follow,
    Spread,
    Standing,
    inputs,
    judge_calibration,
    once_each,
    stability_index,
    worse,
)
from scoring.model.features import OF_POINTS, Given
from scoring.model.moves import Moved, Shift, judge_move, shift_of
from scoring.model.targets import AHEAD, CALM, deteriorates_of
from scoring.windows import Floats, Ints, Questions

SPAN: Final = timedelta(days=28)
"""What a look looks at: four whole weeks, so that each day of the week counts alike. Proposed."""
EVERY: Final = timedelta(hours=6)
"""How often. Source: the task set for the watch; a shift is told before it ends."""
SLOT: Final = AHEAD
"""Of each person the first line of each such span counts, so that no hour counts twice."""
SELDOM: Final = 2.0
"""Hours between measures from which not all that comes true is seen. Source: proposed, as for
`chevet model drift`."""
BANDS: Final = ("low", "raised", "high")
"""Those of a risk; named here, for a look needs no trees, nor the library that grows them."""
RISK: Final = "risk"
"""What is watched like an input and comes out."""
_MS: Final = timedelta(milliseconds=1)


class Verdict(StrEnum):
    """What a look came to."""

    IN_RANGE = "in_range"
    OUT_OF_RANGE = "out_of_range"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Lines of a model in any order: what it was given, what it said (0 to 1) and in which band."""

    given: Given
    risk: Floats
    band: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input: its stability index, None of too few; shares that were missing, then and here.

    `moved`: since when its newest values are others; told, and never a reason by itself.
    """

    name: str
    index: float | None
    missing_then: float
    missing_here: float
    standing: Standing
    moved: Shift | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What came true of what was foreseen, of all lines (`band` empty) or of one band.

    `low` and `high`: 95 % interval of how many came true for each foreseen, by people.
    """

    band: str
    questions: int
    foreseen: float
    came_true: int
    ratio: float | None
    low: float | None
    high: float | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that a look found.

    `comparable`: people with a question the card's people were asked too. `spacing`: usual hours
    between two measures of the NEWS2 vital measured most seldom, None when none was twice.
    """

    lines: int
    patients: int
    comparable: int
    spacing: float | None
    inputs: tuple[Input, ...]
    moved: Moved | None
    whole: Followed
    bands: tuple[Followed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict, and what it rests on: `psi:pulse`, `moved`, `calibration`."""

    verdict: Verdict
    standing: Standing
    because: tuple[str, ...]


def examine(reference: Mapping[str, Spread], seen: Seen) -> Findings:
    """Return what there is to find in the lines of one model, against the spreads of its card."""
    seen = _ordered(seen)
    target = deteriorates_of(seen.given, _time_left(seen.given))
    alike = np.isfinite(target.news2) & (target.news2 <= CALM)
    person = seen.given.asked.person
    spacing = _spacing(seen.given)
    whole = _followed("", seen, target.asked, target.event, spacing)
    bands = tuple(
        _followed(band, seen, target.asked & (np.array(seen.band) == band), target.event, spacing)
        for band in BANDS
    )
    return Findings(
        lines=len(person),
        patients=len(np.unique(person)),
        comparable=len(np.unique(person[alike])),
        spacing=spacing,
        inputs=judge_inputs(reference, seen, alike),
        moved=judge_move(seen.given.asked, seen.risk),
        whole=whole,
        bands=bands,
    )


def judge_inputs(reference: Mapping[str, Spread], seen: Seen, alike: Bools) -> tuple[Input, ...]:
    """Return each input and the risk itself, the furthest from the card first."""
    values = once_each(_part(seen.given, alike), seen.risk[alike])
    everywhere = inputs(seen.given, seen.risk)
    found = []
    for name, spread in reference.items():
        index = stability_index(spread, values[name])
        missing = ~np.isfinite(everywhere[name])
        found.append(
            Input(
                name=name,
                index=index,
                missing_then=spread.missing,
                missing_here=float(missing.mean()) if len(missing) else 0.0,
                standing=standing_of(index),
                # The risk's own move is judged, and stands by itself.
                moved=shift_of(seen.given.asked, everywhere[name]) if name != RISK else None,
            )
        )
    return tuple(sorted(found, key=lambda one: -(one.index if one.index is not None else -1.0)))


def standing_of(index: float | None) -> Standing:
    """Return what follows from one stability index."""
    if index is None:
        return Standing.UNKNOWN
    if index >= OUT:
        return Standing.RULES_ONLY
    return Standing.WATCHED if index >= WATCHED else Standing.KEPT


def standing_of_follow(follow: Follow, *, seldom: bool) -> Standing:
    """Return what follows from what came true; that less was seen where few look means nothing."""
    if seldom and follow.came_true < follow.foreseen:
        return Standing.UNKNOWN
    return follow.standing


def judge(found: Findings) -> Judged:
    """Return whether the model may stay; without enough of anything nothing is taken back."""
    spread = worse(*(one.standing for one in found.inputs))
    known = worse(spread, found.whole.standing)
    moved = found.moved.standing if found.moved else Standing.UNKNOWN
    standing = worse(known, moved)
    because = tuple(_because(found, standing))
    if standing is Standing.RULES_ONLY:
        return Judged(verdict=Verdict.OUT_OF_RANGE, standing=standing, because=because)
    verdict = Verdict.TOO_FEW if known is Standing.UNKNOWN else Verdict.IN_RANGE
    return Judged(verdict=verdict, standing=standing, because=because)


def _because(found: Findings, standing: Standing) -> list[str]:
    """Return what has the standing, if it is one that somebody has to know of."""
    if standing not in (Standing.WATCHED, Standing.RULES_ONLY):
        return []
    named = [f"psi:{one.name}" for one in found.inputs if one.standing is standing]
    if found.moved and found.moved.standing is standing:
        named.append("moved")
    if found.whole.standing is standing:
        named.append("calibration")
    return named


def _followed(band: str, seen: Seen, rows: Bools, event: Bools, spacing: float | None) -> Followed:
    follow = judge_calibration(
        seen.given.asked.person[rows], seen.risk[rows], event[rows].astype(float)
    )
    seldom = spacing is None or spacing > SELDOM
    foreseen, some = follow.foreseen, follow.foreseen > 0
    return Followed(
        band=band,
        questions=follow.questions,
        foreseen=foreseen,
        came_true=follow.came_true,
        ratio=follow.came_true / foreseen if some else None,
        low=max(follow.came_true - follow.chance, 0.0) / foreseen if some else None,
        high=(follow.came_true + follow.chance) / foreseen if some else None,
        standing=standing_of_follow(follow, seldom=seldom),
    )


def _ordered(seen: Seen) -> Seen:
    """Put lines in order of person and time, as everything below expects them."""
    order = np.lexsort((seen.given.asked.at, seen.given.asked.person))
    return replace(
        seen,
        given=_part(seen.given, order),
        risk=seen.risk[order],
        band=tuple(seen.band[row] for row in order.tolist()),
    )


def _part(given: Given, rows: Bools | Ints) -> Given:
    return replace(
        given,
        asked=Questions(person=given.asked.person[rows], at=given.asked.at[rows]),
        age=given.age[rows],
        male=given.male[rows],
        oxygen=given.oxygen[rows],
    )


def _time_left(given: Given) -> Bools:
    """Tell after which questions something was still measured when twelve hours had gone by.

    So that nobody counts as well because he went home.
    """
    count = int(given.asked.person.max(initial=-1)) + 1
    last = np.full(count, np.iinfo(np.int64).min // 2)
    for samples in given.samples.values():
        known = samples.person < count
        np.maximum.at(last, samples.person[known], samples.at[known])
    left: Bools = last[given.asked.person] - given.asked.at >= AHEAD / _MS
    return left


def _spacing(given: Given) -> float | None:
    """Return the usual hours between two measures of the NEWS2 vital that is measured most seldom.

    Each vital by itself: one round with three devices is three instants, and no three measures.
    """
    counted = [given.samples[vital] for vital in OF_POINTS.values()]
    steps = [hours_between(some.person, some.at) for some in counted]
    return max((float(np.median(one)) for one in steps if len(one)), default=None)
