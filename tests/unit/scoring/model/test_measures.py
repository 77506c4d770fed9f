"""The measures agree with scikit-learn's, and their intervals are by patients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from scoring.model.features import HOUR_MS
from scoring.model.measures import Judged, Ranked, burden, calibration, interval, people_drawn

ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 3)), min_size=2, max_size=30
)


@given(rows=ROWS)
def test_the_weighted_auroc_is_that_of_scikit_learn(rows: list[tuple[int, bool, int]]) -> None:
    risk, event, weight = (np.array(one) for one in zip(*rows, strict=True))
    found = Ranked(risk.astype(float), event).auroc(weight.astype(float))
    counted = event[weight > 0]
    if counted.all() or not counted.any():
        assert np.isnan(found)
    else:
        assert found == pytest.approx(roc_auc_score(event, risk, sample_weight=weight))


@given(rows=ROWS)
def test_the_weighted_auprc_is_that_of_scikit_learn(rows: list[tuple[int, bool, int]]) -> None:
    risk, event, weight = (np.array(one) for one in zip(*rows, strict=True))
    found = Ranked(risk.astype(float), event).auprc(weight.astype(float))
    if not (event & (weight > 0)).any():
        assert np.isnan(found)
    else:
        assert found == pytest.approx(average_precision_score(event, risk, sample_weight=weight))


def judged(risk: list[float], event: list[bool], person: list[int] | None = None) -> Judged:
    count = len(risk)
    return Judged(
        person=np.array(person or [0] * count, dtype=np.int64),
        at=np.arange(count, dtype=np.int64) * HOUR_MS,
        risk=np.array(risk),
        event=np.array(event),
    )


def test_a_person_is_drawn_with_all_his_rows() -> None:
    draws = people_drawn(np.array([3, 3, 7, 7, 7, 9], dtype=np.int64), 20, seed=1)
    for draw in draws:
        assert draw[0] == draw[1]
        assert draw[2] == draw[3] == draw[4]
        assert draw[0] + draw[2] + draw[5] == 3
    assert len({tuple(draw) for draw in draws}) > 3


def test_the_cost_of_finding_half_of_the_events() -> None:
    one = judged([0.9, 0.2, 0.8, 0.1] + [0.3] * 20, [True, False, True, True] + [False] * 20)
    half, whole = burden(one, (0.6, 1.0))
    assert half["threshold"] == 0.8
    assert half["ppv"] == 1.0
    # Hours 0 and 2 are one alert: within twelve hours nobody is told twice. 24 hours: one day.
    assert half["alerts_per_patient_day"] == 1.0
    assert whole["sensitivity"] == 1.0
    assert whole["alerts_per_patient_day"] == 2.0


def test_the_curve_is_of_tenths_and_tells_who_is_called_too_high() -> None:
    found = calibration(judged([0.2] * 50 + [0.6] * 50, [False] * 45 + [True] * 55))
    assert found["mean_predicted"] == pytest.approx(0.4)
    assert found["in_the_large"] == pytest.approx(0.4 / 0.55)
    assert len(found["curve"]) == 10


def test_an_interval_holds_the_middle() -> None:
    assert interval([float(n) for n in range(1001)]) == [25.0, 975.0]


def test_the_alerts_of_a_draw_are_those_of_whom_was_drawn() -> None:
    """Two people, 24 hours each: one calls twice, the other never."""
    risk = [0.9] + [0.1] * 12 + [0.9] + [0.1] * 34
    two = judged(risk, [one > 0.5 for one in risk], [1] * 24 + [2] * 24)
    draws = [np.repeat(np.array(times, dtype=np.int16), 24) for times in ([2, 0], [0, 2], [1, 1])]
    (found,) = burden(two, (1.0,), draws)
    assert found["alerts_per_patient_day"] == 1.0
    assert found["alerts_interval"] == [pytest.approx(0.05), pytest.approx(1.95)]
    assert "alerts_interval" not in burden(two, (1.0,))[0]
