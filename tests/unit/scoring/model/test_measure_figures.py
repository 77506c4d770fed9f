"""The measures of a model by hand: burden, alerts, days, curves, draws."""

import numpy as np
import pytest

from scoring.model.features import HOUR_MS
from scoring.model.measures import (
    Judged,
    Ranked,
    burden,
    calibration,
    discrimination,
    interval,
    people_drawn,
)


def judged(
    risk: list[float],
    event: list[bool | int],
    person: list[int] | None = None,
    hours: list[float] | None = None,
) -> Judged:
    count = len(risk)
    return Judged(
        person=np.array(person or [0] * count, dtype=np.int64),
        at=np.array([round(h * HOUR_MS) for h in hours or range(count)], dtype=np.int64),
        risk=np.array(risk, dtype=float),
        event=np.array(event, dtype=bool),
    )


def test_all_or_none_is_one_sided() -> None:
    for event, one in (([1, 1], True), ([0, 0], True), ([1, 0], False), ([0, 1], False)):
        assert judged([0.1, 0.2], event).one_sided is one


def test_discrimination_of_four() -> None:
    found = discrimination(judged([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]))
    assert found["auroc"] == 0.75
    assert found["auprc"] == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert found["brier"] == pytest.approx((0.01 + 0.16 + 0.65**2 + 0.04) / 4)
    beyond = discrimination(judged([-3, 5, 0.5, 9], [0, 1, 0, 1]))
    assert beyond["brier"] == pytest.approx(0.25 / 4)


def test_the_curve_in_order_of_risk() -> None:
    risk = [n / 20 for n in range(20)][::-1]
    found = calibration(judged(risk, [1] * 5 + [0] * 15))
    assert found["mean_predicted"] == pytest.approx(0.475)
    assert found["mean_observed"] == 0.25
    assert found["in_the_large"] == pytest.approx(0.475 / 0.25)
    curve = found["curve"]
    assert isinstance(curve, list)
    assert [one["questions"] for one in curve] == [2] * 10
    assert curve[0] == {"questions": 2, "predicted": pytest.approx(0.025), "observed": 0}
    assert [one["observed"] for one in curve[6:]] == [0, 0.5, 1, 1]
    few = calibration(judged([0.5, 0.7], [0, 0]))
    assert few["in_the_large"] is None
    assert isinstance(few["curve"], list)
    assert [one["questions"] for one in few["curve"]] == [1, 1]


def test_the_threshold_is_the_highest_that_finds_the_share() -> None:
    risk = [n / 10 for n in range(1, 11)]
    some = judged([*risk, 0.55, 0.05], [1] * 10 + [0] * 2, hours=[float(n) for n in range(12)])
    found = burden(some, (0.75, 1.0, 0.45))
    assert [one["threshold"] for one in found] == [0.3, 0.1, 0.6]
    assert [one["sensitivity"] for one in found] == [0.8, 1, 0.5]
    assert [one["specificity"] for one in found] == [0.5, 0.5, 1]
    assert [one["ppv"] for one in found] == [pytest.approx(8 / 9), pytest.approx(10 / 11), 1]


def alerts(hours: list[float], person: list[int] | None = None) -> float:
    """Return alerts a day of questions that are all over the threshold and all events."""
    some = judged([0.9] * len(hours), [1] * len(hours), person, hours)
    some = Judged(  # one who is not, so that something can be told apart
        person=np.append(some.person, 99),
        at=np.append(some.at, 0),
        risk=np.append(some.risk, 0.1),
        event=np.append(some.event, False),
    )
    return burden(some, (1.0,))[0]["alerts_per_patient_day"]


def test_a_person_is_told_of_once_in_twelve_hours() -> None:
    # Steps of 11 h, 1 h, 12 h: 24 and, for each of two people, the usual 11: 46 hours.
    assert alerts([0, 11, 12, 24]) == pytest.approx(3 / (46 / 24))
    assert alerts([0, 11.999]) == pytest.approx(1 / ((11.999 * 3) / 24))
    assert alerts([0, 12]) == pytest.approx(2 / (36 / 24))


def test_another_person_is_another_alert() -> None:
    assert alerts([0, 1, 0, 1], [0, 0, 1, 1]) == pytest.approx(2 / ((2 + 3) / 24))
    assert alerts([0, 0, 5], [0, 1, 2]) == pytest.approx(3 / (4 * 12 / 24)), "each stands 12 hours"


def test_draws_are_of_people_and_the_same_from_the_same_seed() -> None:
    person = np.array([5, 5, 8, 2], dtype=np.int64)
    draws = people_drawn(person, 50, seed=3)
    assert len(draws) == 50
    assert {draw.dtype for draw in draws} == {np.dtype(np.int16)}
    for draw, again in zip(draws, people_drawn(person, 50, seed=3), strict=True):
        assert draw.tolist() == again.tolist()
        assert draw[0] == draw[1]
        assert draw[0] + draw[2] + draw[3] == 3
    assert any(
        a.tolist() != b.tolist() for a, b in zip(draws, people_drawn(person, 50, 4), strict=True)
    )
    assert 0.8 < np.mean([draw[2] for draw in draws]) < 1.2
    assert [draw.tolist() for draw in people_drawn(person[:0], 2, seed=3)] == [[], []]
    lone = people_drawn(person[:2], 3, seed=3)
    assert [draw.tolist() for draw in lone] == [[1, 1]] * 3


def test_an_interval_passes_over_what_is_not_known() -> None:
    values = [float("nan"), *(float(n) for n in range(201))]
    assert interval(values) == [5, 195]


def test_the_weighted_auroc_counts_ties_as_half() -> None:
    one = Ranked(np.array([0.2, 0.5, 0.5, 0.9]), np.array([False, True, False, True]))
    assert one.auroc(np.ones(4)) == (1 + 0.5 + 1 + 1) / 4
    assert one.auroc(np.array([1.0, 1, 0, 0])) == 1
    assert one.auroc(np.array([0.0, 2, 3, 0])) == 0.5
    assert one.auroc(np.array([3.0, 1, 1, 1])) == (3 * 2 + 0.5 + 1) / 8
    for weight in ([1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 0, 0]):
        assert np.isnan(one.auroc(np.array(weight, dtype=float)))
    assert np.isnan(Ranked(np.array([]), np.array([], dtype=bool)).auroc(np.array([])))


def test_the_weighted_average_precision_by_hand() -> None:
    """The first found is right, the third the second of three: a half of 1 and a half of 2/3."""
    one = Ranked(np.array([0.2, 0.5, 0.9]), np.array([True, False, True]))
    assert one.auprc(np.ones(3)) == pytest.approx(0.5 + 0.5 * 2 / 3)
    assert one.auprc(np.array([1.0, 1, 0])) == 0.5
    assert one.auprc(np.array([0.0, 3, 1])) == 1
    assert np.isnan(one.auprc(np.array([0.0, 1, 0])))
