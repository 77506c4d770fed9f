"""What is said of one person at the limits: which reasons, how many, what is asked to change."""

from dataclasses import replace

import numpy as np
import pytest

from core.vitals import Vital
from scoring.model.argument import Instead
from scoring.model.heads import Matrix
from scoring.model.targets import FIRST
from scoring.windows import Floats
from tests.unit.scoring.model.by_hand import HEADS
from tests.unit.scoring.model.test_risk_by_hand import PULSE, RATE, SPO2, about, card, of, told


class Eased:
    """A pressure that was below 60 in two days lowers the risk, whatever the newest one is."""

    def predict_proba(self, rows: Matrix) -> Floats:
        yes = np.where(rows[:, 0] < 60, 0.3, 0.4)
        return np.stack((1 - yes, yes), axis=1)


@pytest.mark.parametrize(
    ("newest", "said"), [(59.9, False), (60, True), (75, True), (90, True), (90.1, False)]
)
def test_what_has_passed_may_lower_it_where_the_newest_is_within_the_band(
    newest: float, said: bool
) -> None:
    columns = ("diastolic_low_worst_long",)
    heads = replace(HEADS, columns=columns, by_target={FIRST: Eased()})
    reasons = told({Vital.DIASTOLIC: [40.0, newest]}, heads=heads).reasons
    assert [one.vital for one in reasons] == ([Vital.DIASTOLIC] if said else [])
    assert all(one.moved < 0 and one.worst == 40 for one in reasons)


class Four:
    """Each vital above its band raises the risk by what it weighs."""

    def predict_proba(self, rows: Matrix) -> Floats:
        weight, calm = np.array([0.1, 0.2, 1.0, 0.05]), np.array([90, 20, 38, 90])
        odds = -2 + np.maximum(rows.astype(np.float64) - calm, 0) @ weight
        yes = 1 / (1 + np.exp(-odds))
        return np.stack((1 - yes, yes), axis=1)


def test_three_reasons_are_enough_and_the_one_that_moves_least_is_left_out() -> None:
    high = (f"{one.name.lower()}_high_last" for one in (PULSE, RATE, Vital.TEMPERATURE))
    columns = (*high, "diastolic_low_last")
    heads = replace(HEADS, columns=columns, by_target={FIRST: Four()})
    values = {PULSE: [105.0], RATE: [30.0], Vital.TEMPERATURE: [39.0], Vital.DIASTOLIC: [100.0]}
    found = told(values, heads=heads).reasons
    assert [one.vital for one in found] == [RATE, PULSE, Vital.TEMPERATURE]
    assert [one.moved for one in found] == pytest.approx([2, 1.5, 1])


class Sure:
    """No risk at all with a pulse of 90 or less, and as likely as not above."""

    def predict_proba(self, rows: Matrix) -> Floats:
        yes = np.where(rows[:, 0] > 90, 0.5, 0.0)
        return np.stack((1 - yes, yes), axis=1)


def test_no_risk_at_all_has_odds_all_the_same() -> None:
    heads = replace(HEADS, columns=("pulse_high_last",), by_target={FIRST: Sure()})
    (reason,) = told({PULSE: [91.0]}, heads=heads).reasons
    assert reason.moved == pytest.approx(np.log(1e6 - 1), rel=1e-6)


def test_of_two_that_would_calm_it_the_one_that_moves_most_is_named() -> None:
    """-2 + 1 + 1.2: without the pulse -1, with a saturation of 96 -0.8, both below the band."""
    heads = replace(HEADS, card=card(raised=of(-0.5)))
    found = told({SPO2: [94], PULSE: [102]}, heads=heads)
    assert found.instead == Instead(
        vital=PULSE, lowest=51, highest=90, risk=about(of(-1)), value=102
    )
    other = told({SPO2: [93], PULSE: [100]}, heads=heads)
    assert other.instead is not None
    assert other.instead.vital is SPO2


@pytest.mark.parametrize("newest", [12.0, 16.0, 20.0])
def test_a_newest_value_at_the_bounds_is_no_trouble_that_could_change(newest: float) -> None:
    found = told({RATE: [30.0, newest]})
    assert found.reasons[0].worst == 30
    assert found.instead is None


@pytest.mark.parametrize("newest", [9.0, 24.0])
def test_a_value_at_the_bounds_of_one_point_is_asked_to_have_none(newest: float) -> None:
    found = told({RATE: [30.0, newest]}).instead
    assert found == Instead(vital=RATE, lowest=12, highest=20, risk=about(of(-2)), value=newest)


def test_one_breath_too_many_yesterday_is_the_worst_of_two_days() -> None:
    (reason,) = told({RATE: [21.0, 16.0]}).reasons
    assert (reason.worst, reason.moved) == (21, about(0.2))
