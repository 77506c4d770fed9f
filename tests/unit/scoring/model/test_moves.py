"""Since when a mean is another one, by Bifet and Gavaldà's bound, and what follows from it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from scoring.model.drift import FEWEST, Standing
from scoring.model.features import HOUR_MS
from scoring.model.moves import judge_move, shift_of, standing_of_move
from scoring.windows import Questions


@pytest.mark.parametrize(
    ("before", "after", "standing"),
    [
        (0.10, 0.1999, Standing.WATCHED),
        (0.10, 0.20, Standing.RULES_ONLY),
        (0.20, 0.1001, Standing.WATCHED),
        (0.20, 0.10, Standing.RULES_ONLY),
    ],
)
def test_a_mean_that_doubled_or_halved_takes_the_model_back(
    before: float, after: float, standing: Standing
) -> None:
    assert standing_of_move(before, after) is standing


@pytest.mark.parametrize(("count", "found"), [(FEWEST - 1, False), (FEWEST, True)])
def test_a_move_of_the_risk_is_found_by_time_and_not_by_person(count: int, found: bool) -> None:
    at = np.arange(count, dtype=np.int64)[::-1] * HOUR_MS
    risk = np.where(at < at.max() / 2, 0.05, 0.9)
    moved = judge_move(Questions(person=np.arange(count, dtype=np.int64), at=at), risk)
    assert (moved is not None) is found
    if moved is not None:
        assert moved.before < moved.after
        assert moved.standing is Standing.RULES_ONLY
        middle = datetime.fromtimestamp(0, UTC) + timedelta(hours=count / 2)
        assert abs(moved.at - middle) < timedelta(hours=6)


@pytest.mark.parametrize(("step", "found"), [(0.160, False), (0.163, True)])
def test_a_risk_is_given_to_the_bound_as_it_is(step: float, found: bool) -> None:
    """Bifet and Gavaldà's bound of two hundred values, a hundred on each side, by hand.

    The harmonic mean is 50, ln(2 · ln 200 / 0.002) is 8.575, the variance step² / 4: a step is told
    from √(2/50 · step²/4 · 8.575) + 2/150 · 8.575 = 0.2928 · step + 0.1143 on, which is 0.1617.
    """
    asked = Questions(person=np.arange(200, dtype=np.int64), at=np.arange(200, dtype=np.int64))
    risk = np.repeat([0.3, 0.3 + step], 100)
    assert (judge_move(asked, risk) is not None) is found


@pytest.mark.parametrize("unit", [1.0, 0.1, 10.0])
@pytest.mark.parametrize(("step", "found"), [(1.0, False), (3.0, True)])
def test_an_input_is_judged_by_its_width_whatever_its_unit(
    unit: float, step: float, found: bool
) -> None:
    """A tenth of the width seen is chance among two hundred, three tenths are none."""
    values = np.repeat([3.0, 3.0 + step], 100)
    values[[50, 150]] = 0.0, 10.0
    asked = Questions(person=np.arange(200, dtype=np.int64), at=np.arange(200, dtype=np.int64))
    shift = shift_of(asked, unit * values)
    assert (shift is not None) is found
    if shift is not None:
        assert (shift.before, shift.after) == pytest.approx((unit * 2.97, unit * 6.04))
