"""How much of what a schedule asks for was measured, for many people at once. Pure.

A slot is a time from `opens` to before `closes` in which at least one value is expected. It counts
at the time it closes: what is still open is not yet missing. A value counts at the time it was
measured, so that one which arrives late fills its slot; two values fill one slot once.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from scoring.windows import Floats, Ints, Questions, Samples, between, spread_out, windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What a schedule expects of whom, in milliseconds, in any order."""

    person: Ints
    opens: Ints
    closes: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """Of each question: slots that closed in its window, those with a value, their share.

    `share` is NaN where nothing was expected: that is neither all nor nothing.
    """

    expected: Ints
    received: Ints
    share: Floats


def adherence(samples: Samples, slots: Slots, asked: Questions, span: timedelta) -> Adherence:
    """Count the slots that closed in the `span` before each question, the instant included."""
    filled = between(samples, slots.person, slots.opens, slots.closes).count > 0
    order = np.lexsort((slots.closes, slots.person))
    closed = Samples(
        person=slots.person[order],
        at=slots.closes[order],
        value=filled[order].astype(np.float64),
    )
    found = windows(closed, asked, span)
    question, row = spread_out(found)
    received = np.bincount(question, weights=closed.value[row], minlength=len(asked))
    some = found.count > 0
    return Adherence(
        expected=found.count,
        received=received.astype(np.int64),
        share=np.where(some, received / np.where(some, found.count, 1), np.nan),
    )
