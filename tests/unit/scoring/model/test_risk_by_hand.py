"""What is said of one person, of a model written by hand: each share of the risk is known."""

from dataclasses import replace
from math import exp
from typing import Any

import numpy as np
import pytest

from core.vitals import Vital
from scoring.model.argument import Instead, Reason, Risk, RiskBand
from scoring.model.heads import Heads, Matrix
from scoring.model.risk import (
    CALM,
    MILDER,
    argue,
    band_of,
    chart_of,
    risks,
)
from scoring.model.targets import FIRST
from scoring.news2 import News2Input
from scoring.refusal import Incomplete, Refused
from scoring.windows import Floats
from tests.unit.scoring.model.by_hand import HEADS, person

NAN = float("nan")
SPO2, PULSE, RATE = Vital.SPO2, Vital.PULSE, Vital.RESPIRATORY_RATE


def of(odds: float) -> float:
    return 1 / (1 + exp(-odds))


def about(value: float) -> Any:
    return pytest.approx(value)


def told(
    known: dict[Vital, list[float]],
    *,
    oxygen: float = 0,
    heads: Heads = HEADS,
    scale: int | None = 1,
) -> Risk:
    found = argue(heads, person(known, oxygen=oxygen), spo2_scale=scale)
    assert isinstance(found, Risk)
    return found


@pytest.mark.parametrize(
    ("risk", "band"),
    [(0.299, RiskBand.LOW), (0.3, RiskBand.RAISED), (0.599, RiskBand.RAISED), (0.6, RiskBand.HIGH)],
)
def test_the_bands_begin_at_their_limits(risk: float, band: RiskBand) -> None:
    assert band_of(HEADS, risk) is band


def test_of_somebody_well_there_is_nothing_to_say() -> None:
    found = told({})
    assert found == Risk(
        version="by hand", risk=about(of(-2)), band=RiskBand.LOW, reasons=(),
        instead=None, missing=(),
    )  # fmt: skip


def test_the_share_of_each_vital_in_order() -> None:
    found = told({SPO2: [92], PULSE: [105], RATE: [24]})
    assert found.risk == pytest.approx(of(-2 + 2 + 1.5 + 0.8))
    assert [(one.vital, one.value, one.worst) for one in found.reasons] == [
        (SPO2, 92, None), (PULSE, 105, None), (RATE, 24, None)
    ]  # fmt: skip
    assert [one.moved for one in found.reasons] == pytest.approx([2, 1.5, 0.8])
    assert found.band is RiskBand.HIGH
    assert found.instead is None, "no one vital would bring it to low"


def test_what_moves_little_is_not_said() -> None:
    found = told({SPO2: [92], PULSE: [90.4]})
    assert [one.vital for one in found.reasons] == [SPO2]
    assert [one.vital for one in told({PULSE: [90.6]}).reasons] == [PULSE]


class Backwards:
    """Diastolic pressure above 90 lowers the risk: no model of ours may be quoted for that."""

    def predict_proba(self, rows: Matrix) -> Floats:
        yes = 1 / (1 + np.exp(1 + 0.05 * np.maximum(rows[:, 0].astype(np.float64) - 70, 0)))
        return np.stack((1 - yes, yes), axis=1)


def test_a_value_out_of_its_band_is_never_said_to_lower_the_risk() -> None:
    heads = replace(HEADS, columns=("diastolic_low_last",), by_target={FIRST: Backwards()})
    found = told({Vital.DIASTOLIC: [120.0]}, heads=heads)
    assert found.risk < told({Vital.DIASTOLIC: [90.0]}, heads=heads).risk
    assert found.reasons == ()


def test_the_least_that_would_calm_it_is_said() -> None:
    found = told({SPO2: [92]})
    assert found.band is RiskBand.RAISED
    # With 94 it would be at -1, with 95 at -1.5: below the band at -0.847.
    assert found.instead == Instead(
        vital=SPO2, lowest=94, highest=100, risk=about(of(-1)), value=92
    )
    lower = replace(HEADS, card=card(raised=of(-1.2)))
    assert told({SPO2: [92]}, heads=lower).instead == Instead(
        vital=SPO2, lowest=95, highest=100, risk=about(of(-1.5)), value=92
    )
    lowest = replace(HEADS, card=card(raised=of(-1.7)))
    assert told({SPO2: [92]}, heads=lowest).instead == Instead(
        vital=SPO2, lowest=96, highest=100, risk=about(of(-2)), value=92
    )
    none = replace(HEADS, card=card(raised=of(-3)))
    assert told({SPO2: [92]}, heads=none).instead is None


def card(raised: float) -> dict[str, object]:
    bands = {"raised": raised, "high": 0.99}
    return {"version": "by hand", "targets": {"deterioration": {"bands": bands}}}


def test_the_vital_that_moves_most_is_asked_first() -> None:
    found = told({SPO2: [94], PULSE: [112]})
    # -2 + 1 + 2.2: with a pulse of 90 it is at -1, low; the milder 110 leaves it at 1.
    assert found.reasons[0].vital is PULSE
    assert found.instead == Instead(
        vital=PULSE, lowest=51, highest=90, risk=about(of(-1)), value=112
    )


def test_on_oxygen_no_more_saturation_is_asked_for() -> None:
    assert told({SPO2: [94]}, oxygen=0).instead is None
    found = told({SPO2: [93]}, oxygen=1)
    assert found.risk == pytest.approx(of(-2 + 1.5 + 1))
    assert found.instead is None
    found = told({SPO2: [95], PULSE: [100]}, oxygen=1)
    assert found.instead is None, "-1 + 0.5 without the pulse is still raised"


@pytest.mark.parametrize("oxygen", [0, 1, NAN])
@pytest.mark.parametrize("scale", [1, 2, None])
def test_more_saturation_is_asked_for_on_scale_one_alone(oxygen: float, scale: int | None) -> None:
    """On scale 2 the target is 88 to 92 %, on air too; who answered nothing may be on oxygen."""
    always = replace(HEADS, card=card(raised=of(-0.2)))
    found = told({SPO2: [92]}, oxygen=oxygen, scale=scale, heads=always)
    assert found.band is RiskBand.RAISED
    assert (found.instead is not None) == (scale == 1 and oxygen != 1)


def test_what_has_passed_is_named_and_cannot_be_changed() -> None:
    found = told({RATE: [18, 30, 26, 16]})
    assert found.reasons == (Reason(vital=RATE, value=16, worst=30, moved=about(2)),)
    assert (found.band, found.instead) == (RiskBand.RAISED, None)
    now = told({RATE: [18, 26, 25]})
    assert now.reasons == (Reason(vital=RATE, value=25, worst=None, moved=about(1.2)),)
    assert now.instead == Instead(vital=RATE, lowest=9, highest=24, risk=about(of(-1.2)), value=25)


@pytest.mark.parametrize(
    ("rates", "worst"),
    [
        ([30.0, *[16.0] * 48], None),  # two days ago to the minute: outside
        ([30.0, *[16.0] * 47], 30),
        ([8.0, 25.0, 16.0], 25),
        ([4.0, 21.0, 16.0], 4),
        ([21.0, 10.0, 25.0, 12.0], 25),
    ],
)
def test_the_worst_is_the_furthest_of_two_days(rates: list[float], worst: float | None) -> None:
    reasons = told({RATE: rates}).reasons
    assert [one.worst for one in reasons] == ([] if worst is None else [worst])


def test_at_the_bounds_of_the_calm_band_the_past_is_told() -> None:
    for newest in (12.0, 20.0):
        assert told({RATE: [30, newest]}).reasons[0].worst == 30
    for newest in (11.9, 20.1):
        assert told({RATE: [30, newest]}).reasons[0].worst is None


def test_without_oximeter_nothing_is_said() -> None:
    assert argue(HEADS, person({SPO2: []})) == Incomplete(missing=("spo2",))
    assert argue(HEADS, person({PULSE: [], SPO2: []})) == Incomplete(missing=("spo2", "pulse"))
    some = told({Vital.TEMPERATURE: [], RATE: []})
    assert some.missing == (RATE, Vital.TEMPERATURE)
    old = person({SPO2: [97, *[NAN] * 24], PULSE: [75]})
    assert argue(HEADS, old) == Incomplete(missing=("spo2",))


@pytest.mark.parametrize(("age", "refused"), [(15.9, True), (16, False), (NAN, False)])
def test_of_children_nothing_is_said(age: float, refused: bool) -> None:
    given = person({}, age=age)
    found = argue(HEADS, given)
    assert isinstance(found, Refused) is refused
    if isinstance(found, Refused):
        assert found.reason == "age: under 16, the model does not apply"
    assert np.isnan(risks(HEADS, given)[0]) == refused


def test_the_risk_of_many_and_of_whom_it_is_not_known() -> None:
    assert risks(HEADS, person({SPO2: [92]}))[0] == pytest.approx(of(0))
    assert np.isnan(risks(HEADS, person({SPO2: []}))[0])
    assert np.isnan(risks(HEADS, person({PULSE: []}))[0])
    assert not np.isnan(risks(HEADS, person({RATE: []}))[0])


def test_what_the_rules_may_know() -> None:
    known = {SPO2: [92.0], PULSE: [], Vital.TEMPERATURE: [38.5], Vital.SYSTOLIC: [101.0]}
    assert chart_of(person(known, oxygen=1)) == News2Input(
        respiratory_rate=16, spo2=92, supplemental_oxygen=True, systolic=101, pulse=None,
        consciousness=None, temperature=38.5, spo2_scale=1, age=70,
    )  # fmt: skip
    bare = chart_of(person(known, age=NAN))
    assert (bare.supplemental_oxygen, bare.age) == (None, None)


def test_a_certain_risk_has_odds_all_the_same() -> None:
    found = told({PULSE: [299.0]})
    assert found.reasons[0].moved == pytest.approx(np.log(1e6 - 1) + 2, rel=1e-6)


def test_the_bands_of_the_chart() -> None:
    assert CALM == {
        SPO2: (96, 100), RATE: (12, 20), PULSE: (51, 90), Vital.TEMPERATURE: (36.1, 38.0),
        Vital.SYSTOLIC: (111, 219), Vital.DIASTOLIC: (60, 90),
    }  # fmt: skip
    assert MILDER == {
        SPO2: ((94, 100), (95, 100)), RATE: ((9, 24),), PULSE: ((41, 110),),
        Vital.TEMPERATURE: ((35.1, 39.0),), Vital.SYSTOLIC: ((101, 219),), Vital.DIASTOLIC: (),
    }  # fmt: skip
