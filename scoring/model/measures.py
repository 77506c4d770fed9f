"""How well predicted risks fit what came true. Pure; every interval is by patients, not by rows.

Rows of one person are not independent: each resample draws people, and a person's rows come along
as often as the person was drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from scoring.model.cohort import Bools, hours_between
from scoring.model.features import HOUR_MS
from scoring.windows import Floats, Ints

Counts = NDArray[np.int16]
BINS: Final = 10
QUIET_HOURS: Final = 12
"""An alert of a person is counted once in this time, as a nurse would be told once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Of each question: who, when, what was predicted, what came true."""

    person: Ints
    at: Ints
    risk: Floats
    event: Bools

    @property
    def one_sided(self) -> bool:
        """Tell whether all or none came true, or nothing was asked: nothing can be told apart."""
        return bool(self.event.all() or not self.event.any())


def discrimination(judged: Judged) -> dict[str, float]:
    """Return AUROC, AUPRC and Brier score."""
    return {
        "auroc": float(roc_auc_score(judged.event, judged.risk)),
        "auprc": float(average_precision_score(judged.event, judged.risk)),
        "brier": float(brier_score_loss(judged.event, np.clip(judged.risk, 0, 1))),
    }


def calibration(judged: Judged) -> dict[str, object]:
    """Return mean prediction against what was observed, and the curve by tenths of questions."""
    predicted, observed = float(judged.risk.mean()), float(judged.event.mean())
    order = np.argsort(judged.risk, kind="stable")
    curve = [
        {
            "questions": len(rows),
            "predicted": float(judged.risk[rows].mean()),
            "observed": float(judged.event[rows].mean()),
        }
        for rows in np.array_split(order, BINS)
        if len(rows)
    ]
    return {
        "mean_predicted": predicted,
        "mean_observed": observed,
        "in_the_large": predicted / observed if observed else None,
        "curve": curve,
    }


def burden(
    judged: Judged, sensitivities: Sequence[float], draws: Sequence[Counts] = ()
) -> list[dict[str, Any]]:
    """Return what it costs to find a share of the events: the threshold, PPV and alerts a day.

    With `draws` of people the alerts a day have their interval, the threshold left as it is.
    """
    risks = np.sort(judged.risk[judged.event])
    hours = _hours(judged)
    found = []
    for sensitivity in sensitivities:
        threshold = float(risks[int(np.floor((1 - sensitivity) * len(risks)))])
        over = judged.risk >= threshold
        alert = _alerts(judged, over)
        told: dict[str, Any] = {
            "sensitivity": float(over[judged.event].mean()),
            "threshold": threshold,
            "specificity": float((~over[~judged.event]).mean()),
            "ppv": float(judged.event[over].mean()),
            "alerts_per_patient_day": float(alert.sum() / hours.sum() * 24),
        }
        if len(draws):
            told["alerts_interval"] = interval(
                [float((draw * alert).sum() / (draw * hours).sum() * 24) for draw in draws]
            )
        found.append(told)
    return found


def _hours(judged: Judged) -> Floats:
    """Return for each question the hours until the person's next, after the last the usual ones.

    Those between in which nobody asks count too, for an alert silences the next by the clock.
    """
    step = hours_between(judged.person, judged.at)
    usual = float(np.median(step)) if len(step) else QUIET_HOURS
    hours = np.full(len(judged.person), usual)
    hours[:-1][judged.person[1:] == judged.person[:-1]] = step
    return hours


def _alerts(judged: Judged, over: Bools) -> Bools:
    """Mark the questions that call, a person's anew only when the last call is twelve hours old."""
    calls, person, until = np.zeros(len(over), dtype=bool), -1, 0
    rows = np.flatnonzero(over)
    for row, who, at in zip(
        rows.tolist(), judged.person[rows].tolist(), judged.at[rows].tolist(), strict=True
    ):
        if who != person or at >= until:
            calls[row], person, until = True, who, at + QUIET_HOURS * HOUR_MS
    return calls


def people_drawn(person: Ints, times: int, seed: int) -> list[Counts]:
    """Return for each resample how often each row's person was drawn."""
    random = np.random.default_rng(seed)
    _, code = np.unique(person, return_inverse=True)
    count = int(code.max(initial=-1)) + 1
    drawn = (np.bincount(random.integers(0, count, count), minlength=count) for _ in range(times))
    return [some.astype(np.int16)[code] for some in drawn]


def interval(values: Sequence[float]) -> list[float]:
    """Return the middle 95 % of resampled values."""
    low, high = np.nanpercentile(np.asarray(values, dtype=float), (2.5, 97.5))
    return [float(low), float(high)]


class Ranked:
    """Risks put in order once, so that AUROC and AUPRC of many resamples cost two sums each."""

    def __init__(self, risk: Floats, event: Bools) -> None:
        self._event = event
        _, self._level = np.unique(risk, return_inverse=True)
        self._levels = int(self._level.max(initial=-1)) + 1

    def auroc(self, weight: Floats | Counts) -> float:
        """Return the AUROC with each row counted `weight` times; NaN without events or without."""
        events, others = self._counts(weight)
        pairs = events.sum() * others.sum()
        if not pairs:
            return float("nan")
        below = np.cumsum(others) - others
        return float((events * (below + others / 2)).sum() / pairs)

    def auprc(self, weight: Floats | Counts) -> float:
        """Return the average precision likewise; NaN without events."""
        events, others = (some[::-1] for some in self._counts(weight))
        if not events.sum():
            return float("nan")
        asked = np.maximum(np.cumsum(events + others), 1)
        return float((events * np.cumsum(events) / asked).sum() / events.sum())

    def _counts(self, weight: Floats | Counts) -> tuple[NDArray[Any], NDArray[Any]]:
        events = np.bincount(self._level, np.where(self._event, weight, 0), self._levels)
        others = np.bincount(self._level, np.where(self._event, 0, weight), self._levels)
        return events, others
