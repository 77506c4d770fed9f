"""The trained parts of a model: one head a target, and what it is measured against. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from scoring.model.cohort import Bools
from scoring.model.features import direction
from scoring.windows import Floats

Matrix = NDArray[np.float32]
ROUNDS: Final = {"deterioration": 300, "sepsis": 150, "desaturation": 150}
"""Trees of each head. Source: chosen on another split of the same set, drawn before this one."""


class Foresees(Protocol):
    """What scikit-learn's classifiers do."""

    def predict_proba(self, rows: Matrix) -> Any:
        """Return the probabilities of no and yes for each row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The columns a model is given, its classifier by target, a logistic one, and its card."""

    columns: tuple[str, ...]
    by_target: Mapping[str, Foresees]
    logistic: Foresees
    card: Mapping[str, Any]

    def risk(self, rows: Matrix, target: str) -> Floats:
        """Return the probability of the target for each row of `matrix`."""
        return probability(self.by_target[target], rows)


def matrix(features: Mapping[str, Floats], columns: tuple[str, ...]) -> Matrix:
    """Put the features side by side in the order a model knows."""
    return np.stack([features[name] for name in columns], axis=1, dtype=np.float32)


def probability(of: Foresees, rows: Matrix) -> Floats:
    """Return the probability of yes for each row."""
    if not len(rows):
        return np.zeros(0)
    found: Floats = np.asarray(of.predict_proba(rows), dtype=np.float64)[:, 1]
    return found


def fit_boosting(
    rows: Matrix, event: Bools, columns: tuple[str, ...], rounds: int, seed: int
) -> HistGradientBoostingClassifier:
    """Fit trees that may never call a worse value a lower risk."""
    return HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=rounds,
        max_leaf_nodes=15,
        min_samples_leaf=200,
        l2_regularization=1.0,
        max_features=0.3,
        monotonic_cst=[direction(name) for name in columns],
        early_stopping=False,
        random_state=seed,
    ).fit(rows, event)


def fit_logistic(rows: Matrix, event: Bools) -> Pipeline:
    """Fit a plain logistic regression on the same features, the simplest that could do."""
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=500),
    ).fit(rows, event)
