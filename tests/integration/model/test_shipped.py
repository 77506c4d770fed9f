"""The shipped model on people it was not made from: what it must reach, measured here."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring.edge.cohort_file import read_cohort
from scoring.edge.model_file import SHIPPED, load_model
from scoring.model.cohort import Cohort, without_oxygen
from scoring.model.heads import Heads
from scoring.model.report import report
from scoring.model.training import held_out

DATA = Path(__file__).parents[4] / "shared/data/physionet2019_sepsis/vitals_setA.parquet"
real = pytest.mark.skipif(not DATA.exists(), reason=f"the real data are not here: {DATA.name}")
HOURLY, AT_HOME, GAIN, LARGE = 0.80, 0.76, 0.07, 0.15
"""AUROC by the hour and three times a day, what it is above NEWS2, calibration in the large."""


@pytest.fixture(scope="module")
def shipped() -> Heads:
    """The model the project comes with."""
    found = load_model(SHIPPED)
    assert isinstance(found, Heads)
    return found


@pytest.fixture(scope="module")
def unseen(shipped: Heads) -> Cohort:
    """Patients no part of it was made from."""
    cohort = read_cohort(DATA)
    assert isinstance(cohort, Cohort)
    return held_out(cohort, shipped.card["seed"])


def test_its_card_warns_and_says_what_it_is_worth(shipped: Heads) -> None:
    assert "never tried at home" in shipped.card["warning"]["en"]
    assert "réanimation" in shipped.card["warning"]["fr"]
    assert shipped.card["data"]["licence"] == "CC BY 4.0"
    held = shipped.card["held_out"]
    assert held["hourly"]["targets"]["deterioration"]["auroc"] >= HOURLY
    assert held["every_8h"]["targets"]["deterioration"]["auroc"] >= AT_HOME


@real
@pytest.mark.parametrize("charted", ["oxygen charted", "oxygen never charted"])
@pytest.mark.parametrize(("every", "least"), [(None, HOURLY), (8, AT_HOME)])
def test_on_strangers_it_reaches_what_is_asked(
    shipped: Heads, unseen: Cohort, every: int | None, least: float, charted: str
) -> None:
    cohort = unseen
    if charted == "oxygen never charted":
        cohort = without_oxygen(unseen, np.ones(len(unseen), dtype=bool))
    span = timedelta(hours=every) if every else None
    found: dict[str, Any] = report(shipped, cohort, every=span, resamples=40, robust=False)
    first = found["targets"]["deterioration"]
    assert first["auroc"] >= least
    assert abs(first["calibration"]["in_the_large"] - 1) <= LARGE
    assert first["against"]["news2"]["gain"] >= GAIN
    assert first["against"]["news2"]["gain_interval"][0] > 0
