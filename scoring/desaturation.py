"""Time below a limit and episodes of desaturation, from sampled stretches of many people. Pure.

Below a limit is less than it, as in « time below 90 % » (T90). A gap is never time below: what
was not measured is neither below nor above, and `known_h` says how much was. An episode is a run
of values below, without a gap, of at least `least`; a gap ends it, for nobody knows what followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.stretches import Sampled, follows
from scoring.trends import HOUR_MS
from scoring.windows import Floats, Ints, Questions, spread_out, windows

LEAST: Final = timedelta(seconds=10)
"""An episode lasts at least this long. Source: American Academy of Sleep Medicine, scoring manual:
respiratory events last 10 seconds or more; as a rule for the home proposed."""
SECOND_MS: Final = 1000
"""Source: milliseconds in a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desaturation:
    """Of each question; NaN where nothing was measured, or where there is no limit.

    `known_h` hours were measured, `below_h` of them below the limit, a `share` from 0 to 1;
    `episodes` of which the longest took `longest_s` seconds; `lowest` of all values.
    """

    known_h: Floats
    below_h: Floats
    share: Floats
    episodes: Floats
    longest_s: Floats
    lowest: Floats


def desaturation(
    sampled: Sampled,
    asked: Questions,
    span: timedelta,
    *,
    below: float | Floats,
    least: timedelta = LEAST,
) -> Desaturation:
    """Judge the `span` before each question against a limit, one for all or one for each.

    A limit of one's own baseline less 3 is `own_baseline(…).usual - 3`.
    """
    count = len(asked)
    question, row = spread_out(windows(sampled.samples, asked, span))
    lasts = np.minimum(sampled.lasts[row], asked.at[question] - sampled.samples.at[row])
    value = sampled.samples.value[row]
    limit = np.broadcast_to(np.asarray(below, dtype=np.float64), (count,))
    under = value < limit[question]
    known = np.bincount(question, weights=lasts, minlength=count)
    low = np.bincount(question, weights=np.where(under, lasts, 0), minlength=count)
    some = known > 0
    said = some & ~np.isnan(limit)
    whose, took = _runs(sampled, question, row, under, lasts)
    long = took >= least / timedelta(milliseconds=1)
    longest, lowest = np.zeros(count), np.full(count, np.inf)
    np.maximum.at(longest, whose[long], took[long])
    np.minimum.at(lowest, question, value)
    episodes = np.bincount(whose[long], minlength=count)
    return Desaturation(
        known_h=np.where(some, known / HOUR_MS, np.nan),
        below_h=np.where(said, low / HOUR_MS, np.nan),
        share=np.where(said, low / np.where(some, known, 1), np.nan),
        episodes=np.where(said, episodes, np.nan),
        longest_s=np.where(said, longest / SECOND_MS, np.nan),
        lowest=np.where(some, lowest, np.nan),
    )


def hours_below(
    sampled: Sampled, asked: Questions, span: timedelta, limits: Sequence[float]
) -> Floats:
    """Return the hours below each limit, a row a limit and a column a question; NaN: unmeasured."""
    return np.array(
        [desaturation(sampled, asked, span, below=limit).below_h for limit in limits]
    ).reshape(len(limits), len(asked))


def _runs(
    sampled: Sampled, question: Ints, row: Ints, under: NDArray[np.bool_], lasts: Ints
) -> tuple[Ints, Floats]:
    """Return the question of each run of values below, and the milliseconds it took."""
    samples = sampled.samples
    goes_on = follows(samples.person, samples.at, sampled.period)[row] & under
    goes_on[1:] &= under[:-1] & (question[1:] == question[:-1])
    goes_on[:1] = False
    begins = under & ~goes_on
    run = np.cumsum(begins) - 1
    whose = question[begins]
    took = np.bincount(run[under], weights=lasts[under], minlength=len(whose))
    return whose, took.astype(np.float64)
