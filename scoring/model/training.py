"""Makes a model of a cohort, split by patient, seeded, and calibrated only if that helps. Pure."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, Final

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import brier_score_loss

from scoring.model.cohort import Bools, Cohort, kept_every, part, without_oxygen
from scoring.model.drift import once_each, spread_of
from scoring.model.features import direction, features
from scoring.model.heads import (
    ROUNDS,
    Foresees,
    Heads,
    Matrix,
    fit_boosting,
    fit_logistic,
    matrix,
    probability,
)
from scoring.model.measures import Judged, burden
from scoring.model.targets import FIRST, TARGETS
from scoring.refusal import Refused
from scoring.windows import Ints

SHARES: Final = (0.70, 0.15)
"""Of the patients: those the trees are grown on, those the calibration and the bands are set on;
the rest is held out and only reported on."""
AT_HOME: Final = timedelta(hours=8)
"""Three measures a day."""
BANDS: Final = {"raised": 0.80, "high": 0.50}
"""A band begins where this share of the events is found. Source: proposed."""
HELD_OUT: Final = 2
FEWEST: Final = 10
"""Events that each share must hold, or nothing can be learned or measured. Source: proposed."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What a head learns from: features, whether it came true, and whose row it is."""

    matrix: Matrix
    event: Bools
    person: Ints
    at: Ints


def split(people: int, seed: int) -> Ints:
    """Return of each person 0 (grown on), 1 (calibrated on) or 2 (held out)."""
    drawn = np.random.default_rng(seed).random(people)
    return np.digitize(drawn, np.cumsum(SHARES)).astype(np.int64)


def held_out(cohort: Cohort, seed: int) -> Cohort:
    """Return the people no part of a model of this seed was made from, numbered anew."""
    fold = split(cohort.people, seed)
    some = part(cohort, fold[cohort.person] == HELD_OUT)
    return replace(some, person=np.unique(some.person, return_inverse=True)[1].astype(np.int64))


def train(cohort: Cohort, *, seed: int, say: Say = lambda _: None) -> Heads | Refused:
    """Return a model of three heads, its card saying how it was made, or why there is none."""
    fold = split(cohort.people, seed)
    columns = tuple(features(cohort.given(np.zeros(len(cohort), dtype=bool))))
    heads: dict[str, Foresees] = {}
    notes: dict[str, Any] = {}
    logistic: Foresees | None = None
    for target in TARGETS:
        say(f"{target}: features")
        grown, tuned = (_rows(cohort, target, columns, fold == one, seed) for one in (0, 1))
        say(f"{target}: {len(grown.event)} rows, {int(grown.event.sum())} events")
        if min(_events(grown), _events(tuned, 0), _events(tuned, 1)) < FEWEST:
            return Refused(reason=f"{target}: fewer than {FEWEST} events in a share of the people")
        heads[target], notes[target] = _head(target, grown, tuned, columns, seed)
        if logistic is None:
            logistic = fit_logistic(grown.matrix, grown.event)
    assert logistic is not None
    card = {"seed": seed, "patients": cohort.people, "rows": len(cohort), "targets": notes}
    card["reference"] = _reference(cohort, heads[FIRST], columns, fold == 1)
    card["monotone"] = {name: direction(name) for name in columns if direction(name)}
    return Heads(columns=columns, by_target=heads, logistic=logistic, card=card)


def _events(rows: Rows, half: int | None = None) -> int:
    mine = slice(None) if half is None else rows.person % 2 == half
    return int(rows.event[mine].sum())


def _reference(
    cohort: Cohort, head: Foresees, columns: tuple[str, ...], of_fold: Bools
) -> dict[str, Any]:
    """Return how what comes in was spread in the second share, and how the risk was."""
    mine = part(cohort, of_fold[cohort.person])
    given = mine.given(TARGETS[FIRST](mine).asked)
    risk = probability(head, matrix(features(given), columns))
    return {name: asdict(spread_of(values)) for name, values in once_each(given, risk).items()}


def _head(
    target: str, grown: Rows, tuned: Rows, columns: tuple[str, ...], seed: int
) -> tuple[Foresees, dict[str, Any]]:
    plain = fit_boosting(grown.matrix, grown.event, columns, ROUNDS[target], seed)
    # Every second person of the second share calibrates, the others say whether that helped.
    second = tuned.person % 2 == 1
    calibrated = CalibratedClassifierCV(FrozenEstimator(plain), method="sigmoid").fit(
        tuned.matrix[~second], tuned.event[~second]
    )
    brier = {
        name: float(brier_score_loss(tuned.event[second], probability(one, tuned.matrix[second])))
        for name, one in (("plain", plain), ("calibrated", calibrated))
    }
    better = brier["calibrated"] < brier["plain"] * 0.999
    chosen: Foresees = calibrated if better else plain
    risk = probability(chosen, tuned.matrix)
    judged = Judged(person=tuned.person, at=tuned.at, risk=risk, event=tuned.event)
    found = burden(judged, list(BANDS.values()))
    return chosen, {
        "rows": len(grown.event),
        "events": int(grown.event.sum()),
        "brier": brier,
        "calibrated": better,
        "bands": {name: one["threshold"] for name, one in zip(BANDS, found, strict=True)},
    }


def _rows(cohort: Cohort, target: str, columns: tuple[str, ...], of_fold: Bools, seed: int) -> Rows:
    """Return the rows of some people as a ward and as a home would have them.

    The same people again with three measures a day, and every second person without his oxygen
    charted: a model that has only seen wards that chart everything would be wrong at home.
    """
    mine = part(cohort, of_fold[cohort.person])
    uncharted = np.random.default_rng(seed + 1).random(len(of_fold)) < 0.5
    mine = without_oxygen(mine, uncharted[mine.person])
    target_of = TARGETS[target](mine)
    asked, event = target_of.asked, target_of.event
    thin = kept_every(mine, AT_HOME)
    hourly = matrix(features(mine.given(asked)), columns)
    at_home = matrix(features(mine.given(asked & thin, seen=part(mine, thin))), columns)
    rows = np.concatenate((np.flatnonzero(asked), np.flatnonzero(asked & thin)))
    return Rows(
        matrix=np.concatenate((hourly, at_home)),
        event=event[rows],
        person=mine.person[rows],
        at=mine.at[rows],
    )
