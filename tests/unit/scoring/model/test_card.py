"""The card says what a model is for and warns; heads are held to their directions."""

import numpy as np
import pytest

from scoring.model.card import DATA, WARNING, write_card
from scoring.model.features import direction
from scoring.model.heads import (
    ROUNDS,
    Heads,
    Matrix,
    fit_boosting,
    fit_logistic,
    matrix,
    probability,
)
from scoring.windows import Floats


class Sum:
    """A head written by hand: the sum of a row, held between 0 and 1."""

    def predict_proba(self, rows: Matrix) -> Floats:
        yes = np.clip(rows.sum(axis=1, dtype=np.float64), 0, 1)
        return np.stack((1 - yes, yes), axis=1)


BARE = Heads(columns=("b", "a"), by_target={"one": Sum()}, logistic=Sum(), card={"seed": 3})


def test_the_card_is_whole() -> None:
    made = write_card(BARE, "ward-9", "0" * 64, {"auroc": 0.8}, {"auroc": 0.7})
    assert (made.columns, made.by_target, made.logistic) == (
        BARE.columns, BARE.by_target, BARE.logistic
    )  # fmt: skip
    assert BARE.card == {"seed": 3}, "what was given is left as it was"
    assert made.card == {
        "version": "ward-9",
        "warning": WARNING,
        "use": "Shown beside the rule-based state, never above it and never alone.",
        "data": {
            "name": "PhysioNet/Computing in Cardiology Challenge 2019, training set A",
            "licence": "CC BY 4.0",
            "source": "https://doi.org/10.13026/v64v-d857",
            "cite": "Reyna et al., Crit Care Med 2020;48:210-217",
            "sha256": "0" * 64,
        },
        "seed": 3,
        "held_out": {"hourly": {"auroc": 0.8}, "every_8h": {"auroc": 0.7}},
    }
    assert "sha256" not in DATA


def test_the_warning_is_said_in_both_languages() -> None:
    assert WARNING == {
        "en": "Research-grade: trained on intensive-care patients, never tried at home. "
        "It advises; the rules and the people who know the patient decide.",
        "fr": "Modèle de recherche : entraîné sur des patients de réanimation, jamais éprouvé à "
        "domicile. Il conseille ; les règles et ceux qui connaissent le patient décident.",
    }


def test_columns_stand_in_the_order_a_model_knows() -> None:
    rows = matrix({"a": np.array([0.1, 0.2]), "b": np.array([0.25, np.nan])}, BARE.columns)
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, np.array([[0.25, 0.1], [np.nan, 0.2]], dtype=np.float32))
    assert BARE.risk(rows[:1], "one").tolist() == pytest.approx([0.35])
    with pytest.raises(KeyError):
        BARE.risk(rows, "two")


def test_a_probability_is_of_yes_and_of_nobody_nothing() -> None:
    found = probability(Sum(), np.array([[0.2, 0.1], [0.9, 0.9]], dtype=np.float32))
    assert found.dtype == np.float64
    assert found.tolist() == pytest.approx([0.3, 1])
    assert probability(Sum(), np.zeros((0, 2), dtype=np.float32)).tolist() == []


COLUMNS = ("spo2_low_last", "pulse_high_last", "male")


def invented(count: int = 3000) -> tuple[Matrix, Floats]:
    random = np.random.default_rng(4)
    rows = random.normal((95, 80, 0.5), (3, 15, 0.5), (count, 3)).astype(np.float32)
    return rows, random.random(count)


def test_trees_never_call_a_worse_value_a_lower_risk() -> None:
    """Even of data that say the opposite: the higher the saturation, the more events."""
    rows, chance = invented()
    event = chance < np.clip((rows[:, 0] - 88) / 12 * (rows[:, 1] < 80), 0.05, 0.9)
    made = fit_boosting(rows, event, COLUMNS, 12, 1)
    steps = np.linspace(80, 100, 40)
    for place, middle in ((0, 95.0), (1, 80.0)):
        asked = np.tile(np.array([95.0, 80.0, 0.5], dtype=np.float32), (40, 1))
        asked[:, place] = steps - 95 + middle
        risk = probability(made, asked)
        worse = np.diff(risk) * direction(COLUMNS[place])
        assert (worse >= 0).all()
    assert (direction(COLUMNS[0]), direction(COLUMNS[1]), direction("male")) == (-1, 1, 0)


def test_trees_are_made_as_is_said() -> None:
    rows, chance = invented()
    event = chance < np.where(rows[:, 0] < 94, 0.7, 0.1)
    made = fit_boosting(rows, event, COLUMNS, 12, 1)
    said = made.get_params()
    assert {name: said[name] for name in (
        "learning_rate", "max_iter", "max_leaf_nodes", "min_samples_leaf", "l2_regularization",
        "max_features", "monotonic_cst", "early_stopping", "random_state",
    )} == {
        "learning_rate": 0.05, "max_iter": 12, "max_leaf_nodes": 15, "min_samples_leaf": 200,
        "l2_regularization": 1.0, "max_features": 0.3, "monotonic_cst": [-1, 1, 0],
        "early_stopping": False, "random_state": 1,
    }  # fmt: skip
    assert made.n_iter_ == 12
    again = fit_boosting(rows, event, COLUMNS, 12, 1)
    assert np.array_equal(probability(made, rows), probability(again, rows))
    low, high = probability(made, np.array([[90, 80, 0], [98, 80, 0]], dtype=np.float32))
    assert low > high
    assert ROUNDS == {"deterioration": 300, "sepsis": 150, "desaturation": 150}


def test_the_plain_regression_takes_what_is_missing_for_the_middle() -> None:
    rows, chance = invented()
    event = chance < np.where(rows[:, 0] < 95, 0.7, 0.1)
    some = rows.copy()
    some[::7, 0] = np.nan
    some[:, 2] = np.nan
    made = fit_logistic(some, event)
    assert made.named_steps["logisticregression"].max_iter == 500
    middle = float(np.nanmedian(some[:, 0]))
    asked = np.array([[90, 80, 0], [99, 80, 0], [np.nan, 80, 0], [middle, 80, 0]], np.float32)
    ill, well, missing, usual = probability(made, asked)
    assert ill > missing == usual > well
