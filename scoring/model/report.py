"""What a model is worth on people it has not seen, as one plain value. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, Final

import numpy as np

from core.vitals import VITALS, Vital
from scoring.model.cohort import Bools, Cohort, hours_between, kept_every, part, without
from scoring.model.drift import (
    Standing,
    judge_calibration,
    judge_drift,
    once_each,
    spread_from,
    worse,
)
from scoring.model.features import features
from scoring.model.heads import Heads, Matrix, matrix, probability
from scoring.model.measures import (
    Counts,
    Judged,
    Ranked,
    burden,
    calibration,
    discrimination,
    interval,
    people_drawn,
)
from scoring.model.targets import FIRST, TARGETS, Target
from scoring.model.training import AT_HOME
from scoring.windows import Floats

NOTHING: Final = "nothing to tell apart: no event, or nothing but events"
RESAMPLES: Final = 200
"""Draws of people behind an interval. Source: proposed."""
HOURLY: Final = 2.0
"""Hours between rows up to which what comes true is seen to come true. Source: proposed."""
SENSITIVITIES: Final = (0.5, 0.65, 0.8, 0.9)
AGES: Final = ((0, 45), (45, 65), (65, 80), (80, 200))
NOISE: Final = {
    Vital.SPO2: 2.0,
    Vital.PULSE: 3.0,
    Vital.RESPIRATORY_RATE: 2.0,
    Vital.TEMPERATURE: 0.2,
    Vital.SYSTOLIC: 5.0,
    Vital.DIASTOLIC: 5.0,
}
"""Standard deviations of what is added, in the vital's unit. Source: proposed, of the order of the
accuracy that ISO 80601-2-61 (SpO2) and ISO 81060-2 (blood pressure) ask of devices."""


def report(
    heads: Heads,
    cohort: Cohort,
    *,
    every: timedelta | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
    robust: bool = True,
) -> dict[str, Any]:
    """Return the whole report, ready for JSON.

    `every`: what the model sees is thinned to one measure a person in each such span, and it is
    asked only there; what came true is always read from all rows. 95 % intervals are by drawing
    patients `resamples` times.
    """
    kept, seen = _thinned(cohort, every)
    targets = {
        name: _on(heads, cohort, seen, kept, name, resamples, seed) for name in heads.by_target
    }
    if robust and "auroc" in targets[FIRST]:
        targets[FIRST]["robustness"] = list(_robustness(heads, cohort, seen, kept, seed))
    return {"data": describe(cohort, every), "resamples": resamples, "targets": targets}


def compared(
    one: Heads,
    other: Heads,
    cohort: Cohort,
    *,
    every: timedelta | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, Any]:
    """Return both models' worth on each target, and how far the first is above the other."""
    kept, seen = _thinned(cohort, every)
    found: dict[str, Any] = {"data": describe(cohort, every), "targets": {}}
    for name in TARGETS:
        target = TARGETS[name](cohort)
        asked = target.asked & kept
        mine, theirs = (
            _judged(cohort, asked, target, heads.risk(_matrix(heads, cohort, seen, asked), name))
            for heads in (one, other)
        )
        if mine.one_sided:
            found["targets"][name] = {"refused": NOTHING}
            continue
        draws = people_drawn(mine.person, resamples, seed)
        against, _ = _against(mine, {"other": theirs.risk}, draws)
        found["targets"][name] = {
            "one": {**discrimination(mine), "calibration": calibration(mine)},
            "other": {**discrimination(theirs), "calibration": calibration(theirs)},
            "difference": against["other"],
        }
    return found


def describe(cohort: Cohort, every: timedelta | None) -> dict[str, Any]:
    """Return what the data are: people, rows, spacing."""
    step = hours_between(cohort.person, cohort.at)
    return {
        "patients": cohort.people,
        "rows": len(cohort),
        "usual_spacing_h": float(np.median(step)) if len(step) else None,
        "thinned_to_h": every / timedelta(hours=1) if every else None,
        "oxygen_charted": float(np.isfinite(cohort.fio2).mean()) if len(cohort) else None,
    }


def _on(
    heads: Heads,
    cohort: Cohort,
    seen: Cohort,
    kept: Bools,
    name: str,
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    target = TARGETS[name](cohort)
    asked = target.asked & kept
    rows = _matrix(heads, cohort, seen, asked)
    judged = _judged(cohort, asked, target, heads.risk(rows, name))
    found: dict[str, Any] = {
        "questions": len(judged.event),
        "patients": len(np.unique(judged.person)),
        "events": int(judged.event.sum()),
    }
    if judged.one_sided:
        return {**found, "refused": NOTHING}
    found |= discrimination(judged)
    found["calibration"] = calibration(judged)
    draws = people_drawn(judged.person, resamples, seed)
    found["burden"] = burden(judged, SENSITIVITIES, draws)
    rivals = {"news2": target.news2[asked]}
    if name == FIRST:
        rivals["logistic"] = probability(heads.logistic, rows)
    found["against"], found["intervals"] = _against(judged, rivals, draws)
    found["subgroups"] = list(_subgroups(judged, cohort.age[asked], cohort.male[asked]))
    return found


def _thinned(cohort: Cohort, every: timedelta | None) -> tuple[Bools, Cohort]:
    """Return which rows are kept, all where nothing is thinned, and the cohort of these."""
    if every is None:
        return np.ones(len(cohort), dtype=bool), cohort
    kept = kept_every(cohort, every)
    return kept, part(cohort, kept)


def _matrix(heads: Heads, cohort: Cohort, seen: Cohort, asked: Bools) -> Matrix:
    return matrix(features(cohort.given(asked, seen=seen)), heads.columns)


def _judged(cohort: Cohort, asked: Bools, target: Target, risk: Floats) -> Judged:
    return Judged(
        person=cohort.person[asked], at=cohort.at[asked], risk=risk, event=target.event[asked]
    )


def _against(
    judged: Judged, rivals: dict[str, Floats], draws: Sequence[Counts]
) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """Return what each rival reaches and how far the model is above it, with intervals."""
    ours = Ranked(judged.risk, judged.event)
    mine = [ours.auroc(draw) for draw in draws]
    every = np.ones(len(judged.event))
    off = (np.clip(judged.risk, 0, 1) - judged.event) ** 2
    intervals = {
        "auroc": mine,
        "auprc": [ours.auprc(draw) for draw in draws],
        "brier": [float((draw * off).sum() / draw.sum()) for draw in draws],
        "in_the_large": [
            float((draw * judged.risk).sum() / max((draw * judged.event).sum(), 1))
            for draw in draws
        ],
    }
    against: dict[str, Any] = {}
    for name, score in rivals.items():
        theirs = Ranked(score, judged.event)
        gains = [one - theirs.auroc(draw) for one, draw in zip(mine, draws, strict=True)]
        auroc = theirs.auroc(every)
        against[name] = {
            "auroc": auroc,
            "auprc": theirs.auprc(every),
            "gain": ours.auroc(every) - auroc,
            "gain_interval": interval(gains),
            "burden": burden(replace(judged, risk=score), SENSITIVITIES, draws),
        }
    return against, {name: interval(values) for name, values in intervals.items()}


def _subgroups(judged: Judged, age: Floats, male: Floats) -> Iterator[dict[str, Any]]:
    groups = {f"age {low} to {high - 1}": (age >= low) & (age < high) for low, high in AGES}
    for name, rows in {**groups, "women": male == 0, "men": male == 1}.items():
        some = Judged(
            person=judged.person[rows],
            at=judged.at[rows],
            risk=judged.risk[rows],
            event=judged.event[rows],
        )
        told = {"group": name, "questions": len(some.event), "events": int(some.event.sum())}
        yield told if some.one_sided else {**told, **_worth(some)}


def _worth(judged: Judged) -> dict[str, float]:
    return {
        **discrimination(judged),
        "mean_predicted": float(judged.risk.mean()),
        "mean_observed": float(judged.event.mean()),
    }


def _robustness(
    heads: Heads, cohort: Cohort, seen: Cohort, kept: Bools, seed: int
) -> Iterator[dict[str, Any]]:
    """Judge the same questions with a vital missing, with noise, with fewer measures."""
    target = TARGETS[FIRST](cohort)
    asked = target.asked & kept
    for vital in NOISE:
        slug = VITALS[vital].slug
        yield _told(heads, cohort, without(seen, vital), asked, target, f"without {slug}")
    yield _told(heads, cohort, _noisy(seen, seed), asked, target, "with the noise of devices")
    if (describe(seen, None)["usual_spacing_h"] or 0) < AT_HOME / timedelta(hours=1) / 2:
        thin = np.zeros(len(cohort), dtype=bool)
        thin[np.flatnonzero(kept)[kept_every(seen, AT_HOME)]] = True
        yield _told(heads, cohort, part(cohort, thin), asked & thin, target, "three measures a day")


def _told(
    heads: Heads, cohort: Cohort, seen: Cohort, asked: Bools, target: Target, what: str
) -> dict[str, Any]:
    judged = _judged(cohort, asked, target, heads.risk(_matrix(heads, cohort, seen, asked), FIRST))
    told = {"what": what, "questions": len(judged.event)}
    return told if judged.one_sided else {**told, **_worth(judged)}


def _noisy(seen: Cohort, seed: int) -> Cohort:
    random = np.random.default_rng(seed)
    values = {
        vital: value + random.normal(0, NOISE[vital], len(value))
        for vital, value in seen.values.items()
    }
    values[Vital.SPO2] = np.minimum(values[Vital.SPO2], 100)
    return replace(seen, values=values)


def drift(heads: Heads, cohort: Cohort) -> dict[str, Any]:
    """Return whether these people are those of the card's reference, and what came true of them."""
    target = TARGETS[FIRST](cohort)
    given = cohort.given(target.asked)
    risk = heads.risk(matrix(features(given), heads.columns), FIRST)
    reference = {name: spread_from(one) for name, one in heads.card["reference"].items()}
    people = judge_drift(reference, once_each(given, risk))
    follow = judge_calibration(given.asked.person, risk, target.event[target.asked].astype(float))
    data = describe(cohort, None)
    if data["usual_spacing_h"] is None or data["usual_spacing_h"] > HOURLY:
        # Of what is measured seldom less is seen to come true: that is no fault of the model.
        follow = replace(follow, standing=Standing.UNKNOWN)
    return {
        "data": data,
        "people": asdict(people),
        "calibration": asdict(follow),
        "standing": worse(people.standing, follow.standing),
    }
