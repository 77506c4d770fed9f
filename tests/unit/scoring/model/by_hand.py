"""A model written by hand: its risk is reckoned from a few features, so that each is known."""

import numpy as np

from core.vitals import Vital
from scoring.model.features import HOUR_MS, SIDES, Given
from scoring.model.heads import Heads, Matrix
from scoring.windows import Floats, Questions, sorted_samples
from tests.wards import WELL

COLUMNS = ("spo2_low_last", "pulse_high_last", "respiratory_rate_high_worst_long", "oxygen")
BANDS = {"raised": 0.3, "high": 0.6}


class ByHand:
    """Log-odds of -2, and 0.5 for each point of saturation below 96, 0.1 for each beat above 90,
    0.2 for each breath above 20 in two days, and 1 for oxygen."""

    def predict_proba(self, rows: Matrix) -> Floats:
        spo2, pulse, rate, oxygen = np.nan_to_num(rows.astype(np.float64), nan=0.0).T
        spo2 = np.where(np.isnan(rows[:, 0]), 96, spo2)
        odds = (
            -2
            + 0.5 * np.maximum(96 - spo2, 0)
            + 0.1 * np.maximum(pulse - 90, 0)
            + 0.2 * np.maximum(rate - 20, 0)
            + oxygen
        )
        yes = 1 / (1 + np.exp(-odds))
        return np.stack((1 - yes, yes), axis=1)


HEADS = Heads(
    columns=COLUMNS,
    by_target={"deterioration": ByHand()},
    logistic=ByHand(),
    card={"version": "by hand", "targets": {"deterioration": {"bands": BANDS}}},
)


def person(known: dict[Vital, list[float]], *, age: float = 70, oxygen: float = 0) -> Given:
    """Return one person with values hour by hour up to the question; well where nothing is said."""
    samples = {}
    for vital in dict.fromkeys(side.vital for side in SIDES):
        values = known.get(vital, [WELL[vital]])
        count = len(values)
        at = (np.arange(count, dtype=np.int64) - count + 1) * HOUR_MS
        samples[vital] = sorted_samples(np.zeros(count, dtype=np.int64), at, np.array(values))
    zero = np.zeros(1, dtype=np.int64)
    return Given(
        samples=samples,
        asked=Questions(person=zero, at=zero),
        age=np.array([age]),
        male=np.array([1.0]),
        oxygen=np.array([oxygen]),
    )
