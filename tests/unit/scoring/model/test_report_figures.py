"""The report of one person or two, each figure worked out by hand; what noise adds to whom."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.vitals import Vital
from scoring.model.cohort import Cohort
from scoring.model.drift import Standing
from scoring.model.features import HOUR_MS
from scoring.model.heads import Heads, Matrix
from scoring.model.report import SENSITIVITIES, compared, drift, report
from scoring.model.targets import TARGETS, deteriorates
from scoring.windows import Floats
from tests.unit.scoring.model.by_hand import HEADS, ByHand
from tests.unit.scoring.model.test_target_limits import FIVE
from tests.unit.scoring.model.test_targets import ILL, one

WELL, AFTER = (1 / (1 + np.exp(-odds)) for odds in (-2, -2 + 0.2 * 6))
"""The risk of who is well, and of who breathed 26 times a minute in the two days before."""
ONE = one(40, {20: ILL})
"""Asked at hours 0 to 19 (those from 8 on come true) at WELL, and at 21 to 27 at AFTER."""
ONCE = one(40, {**dict.fromkeys(range(8, 19), FIVE), 20: ILL})
"""Asked at hours 0 to 7 at WELL, at 19 (which comes true) and at 21 to 27 at AFTER."""
THREE = replace(HEADS, by_target=dict.fromkeys(TARGETS, ByHand()))


def beside(some: Cohort, other: Cohort) -> Cohort:
    """Return two people, the second numbered 1."""
    both = {
        name: np.concatenate((getattr(some, name), getattr(other, name)))
        for name in ("at", "fio2", "age", "male", "sepsis")
    }
    person = np.concatenate((some.person, other.person + 1))
    values = {v: np.concatenate((some.values[v], other.values[v])) for v in some.values}
    return Cohort(person=person, values=values, **both)


def first_of(heads: Heads, cohort: Cohort, **said: Any) -> dict[str, Any]:
    found: dict[str, Any] = report(heads, cohort, **said)["targets"]["deterioration"]
    return found


def test_of_one_person_each_draw_is_the_whole() -> None:
    found = first_of(HEADS, ONE, resamples=3, robust=False)
    assert (found["questions"], found["patients"], found["events"]) == (27, 1, 12)
    assert "robustness" not in found
    wanted = {
        "auroc": (12 * 8 / 2) / (12 * 15),
        "auprc": 12 / 27,
        "brier": (8 * WELL**2 + 12 * (1 - WELL) ** 2 + 7 * AFTER**2) / 27,
        "in_the_large": (20 * WELL + 7 * AFTER) / 12,
    }
    for name, figure in wanted.items():
        assert found["intervals"][name] == pytest.approx([figure, figure]), name
    assert found["auroc"] == pytest.approx(wanted["auroc"])
    assert found["calibration"]["in_the_large"] == pytest.approx(wanted["in_the_large"])
    gain = wanted["auroc"] - 0.5
    rival = found["against"]["news2"]
    assert (rival["auroc"], rival["auprc"]) == (0.5, 12 / 27), "NEWS2 is 0 at each question"
    assert rival["gain"] == pytest.approx(gain)
    assert rival["gain_interval"] == pytest.approx([gain, gain])


def test_a_draw_without_events_is_set_against_one() -> None:
    """Two draws: of the person struck and the well one, and of the well one twice."""
    found = first_of(HEADS, beside(ONCE, one(40, {})), resamples=2, seed=0, robust=False)
    assert (found["questions"], found["patients"], found["events"]) == (16 + 28, 2, 1)
    both, twice = 8 * WELL + 8 * AFTER + 28 * WELL, 2 * 28 * WELL
    step = (both - twice) * 0.025
    assert found["intervals"]["in_the_large"] == pytest.approx([twice + step, both - step])


class Beyond(ByHand):
    """No probability at all: beneath 0 of who is well, above 1 afterwards."""

    def predict_proba(self, rows: Matrix) -> Floats:
        return (super().predict_proba(rows) - 0.2) * 10


def test_no_square_is_of_more_than_a_whole_risk() -> None:
    stray = replace(HEADS, by_target={"deterioration": Beyond()})
    found = first_of(stray, ONE, resamples=1, robust=False)
    assert found["brier"] == pytest.approx(19 / 27)
    assert found["intervals"]["brier"] == pytest.approx([19 / 27, 19 / 27])


def test_the_cost_is_told_of_four_shares_of_the_events() -> None:
    assert SENSITIVITIES == (0.5, 0.65, 0.8, 0.9)
    assert len(first_of(HEADS, ONE, resamples=1, robust=False)["burden"]) == 4


def test_two_hundred_draws_of_seed_nought_unless_another_is_said() -> None:
    two = beside(ONE, ONCE)
    found = report(HEADS, two, robust=False)
    assert found["resamples"] == 200
    assert found == report(HEADS, two, robust=False, resamples=200, seed=0, every=None)
    other = replace(THREE, by_target=dict.fromkeys(TARGETS, Beyond()))
    assert compared(THREE, other, two) == compared(THREE, other, two, resamples=200)
    by_seed: list[list[Any]] = [
        [report(HEADS, two, robust=False, resamples=1, **said),
         compared(other, THREE, two, resamples=1, **said)]
        for said in ({}, {"seed": 0}, {"seed": 1})
    ]  # fmt: skip
    assert by_seed[0] == by_seed[1]
    assert all(nought != one for nought, one in zip(by_seed[1], by_seed[2], strict=True))
    assert "robustness" in first_of(HEADS, ONE)


NOISE = {
    Vital.SPO2: 2, Vital.RESPIRATORY_RATE: 2, Vital.PULSE: 3,
    Vital.TEMPERATURE: 0.2, Vital.SYSTOLIC: 5, Vital.DIASTOLIC: 5,
}  # fmt: skip
"""What is added to each vital, in the order of the ward: one standard deviation in its unit."""
LAST = (
    "spo2_low_last", "respiratory_rate_high_last", "pulse_high_last",
    "temperature_high_last", "systolic_low_last", "diastolic_low_last",
)  # fmt: skip


class Watched:
    """Keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[Matrix] = []

    def predict_proba(self, rows: Matrix) -> Floats:
        self.asked.append(rows)
        return np.full((len(rows), 2), 0.5)


def test_noise_is_added_to_each_vital_by_its_device_and_no_saturation_is_above_100() -> None:
    warm = replace(ONE, values={**ONE.values, Vital.TEMPERATURE: np.full(40, 38.0)})
    head = Watched()
    first_of(
        Heads(columns=LAST, by_target={"deterioration": head}, logistic=Watched(), card={}),
        warm, resamples=1, seed=4,
    )  # fmt: skip
    random = np.random.default_rng(4)
    noisy = [warm.values[vital] + random.normal(0, NOISE[vital], 40) for vital in NOISE]
    assert (noisy[0][:20] > 100).any()
    noisy[0] = np.minimum(noisy[0], 100)
    asked = deteriorates(warm).asked
    _whole, *without, with_noise, _thin = head.asked
    assert len(without) == 6
    np.testing.assert_allclose(with_noise, np.stack(noisy, axis=1)[asked], rtol=1e-6)


@pytest.mark.parametrize(("minute", "thinned"), [(239, True), (240, False)])
def test_what_is_measured_every_four_hours_is_not_thinned_to_eight(
    minute: int, thinned: bool
) -> None:
    seldom = replace(ONE, at=ONE.at * minute // 60)
    told = [some["what"] for some in first_of(HEADS, seldom, resamples=1)["robustness"]]
    assert (told[-1] == "three measures a day") is thinned
    assert told[6] == "with the noise of devices"


def test_of_people_measured_once_nothing_is_said_of_what_came_true() -> None:
    once = replace(one(2, {}), person=np.arange(2), at=np.full(2, HOUR_MS))
    found = drift(replace(HEADS, card={**HEADS.card, "reference": {}}), once)
    assert found["data"]["usual_spacing_h"] is None
    assert found["calibration"]["standing"] == Standing.UNKNOWN
