"""The report of a model written by hand on an invented ward: figures reckoned a second way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from core.vitals import Vital
from scoring.model.cohort import Cohort, kept_every, part
from scoring.model.drift import Spread, Standing, spread_of
from scoring.model.features import HOUR_MS, features
from scoring.model.heads import Heads, matrix
from scoring.model.report import compared, describe, drift, report
from scoring.model.targets import TARGETS, deteriorates
from tests.unit.scoring.model.by_hand import COLUMNS, HEADS, ByHand
from tests.unit.scoring.model.test_target_limits import FIVE
from tests.unit.scoring.model.test_targets import ILL, one
from tests.wards import ward

EVERY = timedelta(hours=8)
THREE = replace(HEADS, by_target=dict.fromkeys(TARGETS, ByHand()))


@pytest.fixture(scope="module")
def people() -> Cohort:
    return ward(40, seed=11)


@pytest.fixture(scope="module")
def thin(people: Cohort) -> dict[str, Any]:
    return report(THREE, people, every=EVERY, resamples=5)


@pytest.fixture(scope="module")
def whole(people: Cohort) -> dict[str, Any]:
    return report(THREE, people, resamples=20, seed=1)


def asked(people: Cohort) -> tuple[Any, Any, Any]:
    """Return of each question its risk, whether it came true, and NEWS2."""
    target = deteriorates(people)
    rows = matrix(features(people.given(target.asked)), COLUMNS)
    return HEADS.risk(rows, "deterioration"), target.event[target.asked], target.news2[target.asked]


def test_what_the_data_are() -> None:
    people = ward(40, seed=11)
    assert describe(people, EVERY) == {
        "patients": 40, "rows": 40 * 48, "usual_spacing_h": 1.0, "thinned_to_h": 8.0,
        "oxygen_charted": pytest.approx(float(np.isfinite(people.fio2).mean())),
    }  # fmt: skip
    nobody = part(people, np.zeros(len(people), dtype=bool))
    assert describe(nobody, None) == {
        "patients": 0, "rows": 0, "usual_spacing_h": None, "thinned_to_h": None,
        "oxygen_charted": None,
    }  # fmt: skip


def test_the_figures_of_the_first_target(people: Cohort, whole: dict[str, Any]) -> None:
    risk, event, news2 = asked(people)
    first = whole["targets"]["deterioration"]
    assert (whole["resamples"], list(whole["targets"])) == (20, list(TARGETS))
    assert (first["questions"], first["events"]) == (len(risk), int(event.sum()))
    assert 0 < first["patients"] <= 40
    assert first["auroc"] == pytest.approx(roc_auc_score(event, risk))
    rival = first["against"]["news2"]
    assert rival["auroc"] == pytest.approx(roc_auc_score(event, news2))
    assert rival["gain"] == pytest.approx(first["auroc"] - rival["auroc"])
    assert rival["gain_interval"][0] < rival["gain"] < rival["gain_interval"][1]
    same = first["against"]["logistic"]
    assert (same["gain"], same["gain_interval"]) == (0, [0, 0]), "it is the same model here"
    assert "logistic" not in whole["targets"]["sepsis"]["against"]
    assert [one["sensitivity"] >= wanted for one, wanted in zip(
        first["burden"], (0.5, 0.65, 0.8, 0.9), strict=True
    )] == [True] * 4  # fmt: skip
    low, high = first["intervals"]["in_the_large"]
    assert low < risk.sum() / event.sum() < high
    for name in ("auroc", "auprc", "brier"):
        low, high = first["intervals"][name]
        assert low < first[name] < high, name
    assert rival["auprc"] == pytest.approx(average_precision_score(event, news2))
    assert same["auprc"] == pytest.approx(first["auprc"])
    assert same["burden"] == first["burden"]
    assert len(rival["burden"]) == 4
    for cost in first["burden"]:
        low, high = cost["alerts_interval"]
        assert low < cost["alerts_per_patient_day"] < high


def test_groups_are_of_age_and_of_sex(people: Cohort, whole: dict[str, Any]) -> None:
    risk, event, _ = asked(people)
    target = deteriorates(people)
    age, male = people.age[target.asked], people.male[target.asked]
    groups = {one["group"]: one for one in whole["targets"]["deterioration"]["subgroups"]}
    wanted = {
        "age 0 to 44": age < 45, "age 45 to 64": (age >= 45) & (age < 65),
        "age 65 to 79": (age >= 65) & (age < 80), "age 80 to 199": age >= 80,
        "women": male == 0, "men": male == 1,
    }  # fmt: skip
    assert list(groups) == list(wanted)
    for name, rows in wanted.items():
        found = groups[name]
        assert (found["questions"], found["events"]) == (rows.sum(), event[rows].sum()), name
        if 0 < event[rows].sum() < rows.sum():
            assert found["auroc"] == pytest.approx(roc_auc_score(event[rows], risk[rows]))
            assert found["mean_predicted"] == pytest.approx(risk[rows].mean())
            assert found["mean_observed"] == pytest.approx(event[rows].mean())


def test_what_is_taken_away_is_judged_on_the_same_questions(whole: dict[str, Any]) -> None:
    first = whole["targets"]["deterioration"]
    told = {one["what"]: one for one in first["robustness"]}
    assert list(told) == [
        *(f"without {slug}" for slug in (
            "spo2", "pulse", "respiratory_rate", "temperature", "systolic", "diastolic"
        )),
        "with the noise of devices",
        "three measures a day",
    ]  # fmt: skip
    *others, thin = told.values()
    assert {one["questions"] for one in others} == {first["questions"]}
    assert 0 < thin["questions"] < first["questions"] / 5
    # The temperature is no feature of the model written by hand; the saturation is one.
    assert told["without temperature"]["auroc"] == first["auroc"]
    assert told["without spo2"]["auroc"] != first["auroc"]
    assert told["without spo2"]["mean_predicted"] < told["without temperature"]["mean_predicted"]
    assert told["without spo2"]["mean_observed"] == told["without pulse"]["mean_observed"]
    noise = told["with the noise of devices"]
    assert noise["mean_predicted"] > told["without temperature"]["mean_predicted"]


def test_thinned_it_is_asked_where_it_sees(people: Cohort, thin: dict[str, Any]) -> None:
    kept = kept_every(people, EVERY)
    found = thin["targets"]["deterioration"]
    target = deteriorates(people)
    assert found["questions"] == int((target.asked & kept).sum())
    assert thin["data"]["thinned_to_h"] == 8
    assert found["robustness"][-1]["what"] == "with the noise of devices"
    assert {one["questions"] for one in found["robustness"]} == {found["questions"]}
    rows = people.given(target.asked & kept, seen=part(people, kept))
    risk = HEADS.risk(matrix(features(rows), COLUMNS), "deterioration")
    auroc = roc_auc_score(target.event[target.asked & kept], risk)
    assert found["auroc"] == pytest.approx(auroc)


def test_where_nothing_comes_true_nothing_is_told_apart() -> None:
    nothing = "nothing to tell apart: no event, or nothing but events"
    calm = ward(6, seed=3)
    calm = replace(
        calm,
        values={vital: np.full(len(calm), 97.0 if vital is Vital.SPO2 else np.nan)
                for vital in calm.values},
    )  # fmt: skip
    found = report(THREE, calm, resamples=2)["targets"]["deterioration"]
    assert found == {"questions": 0, "patients": 0, "events": 0, "refused": nothing}
    refused = compared(THREE, THREE, calm, resamples=2)["targets"]
    assert refused == {name: {"refused": nothing} for name in TARGETS}
    one_sided = replace(ward(6, seed=3), sepsis=np.zeros(6 * 48))
    told = report(THREE, one_sided, resamples=2)["targets"]["sepsis"]
    assert (told["events"], told["refused"]) == (0, nothing)


def test_where_three_measures_a_day_see_no_event_only_their_number_is_told() -> None:
    """Asked at hours 0 to 7, 19, and 21 to 27: the one event is of hour 19, which is not kept."""
    some = one(40, {**dict.fromkeys(range(8, 19), FIVE), 20: ILL})
    found = report(HEADS, some, resamples=2)["targets"]["deterioration"]
    assert (found["questions"], found["events"]) == (16, 1)
    assert found["robustness"][-1] == {"what": "three measures a day", "questions": 2}


class Other(ByHand):
    """The same turned round: what was ill is well."""

    def predict_proba(self, rows: Any) -> Any:
        return super().predict_proba(rows)[:, ::-1]


def test_two_models_are_compared(
    people: Cohort, whole: dict[str, Any], thin: dict[str, Any]
) -> None:
    other = replace(THREE, by_target=dict.fromkeys(TARGETS, Other()))
    for every, alone in ((None, whole), (EVERY, thin)):
        found = compared(THREE, other, people, every=every, resamples=5)
        first = found["targets"]["deterioration"]
        assert first["one"]["auroc"] == pytest.approx(1 - first["other"]["auroc"])
        gain = first["one"]["auroc"] - first["other"]["auroc"]
        assert first["difference"]["gain"] == pytest.approx(gain)
        mean = first["one"]["calibration"]["mean_predicted"]
        assert first["other"]["calibration"]["mean_predicted"] == pytest.approx(1 - mean)
        for name, both in found["targets"].items():
            one = {figure: alone["targets"][name][figure] for figure in both["one"]}
            assert both["one"] == one, name
        assert found["data"] == describe(people, every)


def known(people: Cohort, moved: float = 0) -> Heads:
    """Return the model with the spread of these people's age as its reference."""
    target = deteriorates(people)
    _, last = np.unique(people.person[target.asked][::-1], return_index=True)
    age = people.age[target.asked][::-1][last] + moved
    spread: Spread = spread_of(age, bins=4)
    plain = {"limits": spread.limits, "shares": spread.shares, "missing": spread.missing}
    return replace(HEADS, card={**HEADS.card, "reference": {"age": plain}})


def test_drift_is_of_people_and_of_what_came_true() -> None:
    people = ward(230, seed=5, hours=26)
    found = drift(known(people), people)
    risk, event, _ = asked(people)
    assert found["people"] == {
        "indices": {"age": pytest.approx(0, abs=1e-9)}, "standing": Standing.KEPT
    }  # fmt: skip
    assert found["calibration"]["came_true"] == event.sum()
    assert found["calibration"]["foreseen"] == pytest.approx(risk.sum())
    assert found["data"] == describe(people, None)
    assert found["standing"] == found["calibration"]["standing"] != Standing.UNKNOWN
    assert drift(known(people, moved=25), people)["standing"] == Standing.RULES_ONLY


@pytest.mark.parametrize(("hours", "unknown"), [(2.0, False), (2.001, True)])
def test_of_what_is_measured_seldom_calibration_says_nothing(hours: float, unknown: bool) -> None:
    people = ward(230, seed=5, hours=26)
    seldom = replace(people, at=people.at * round(hours * HOUR_MS) // HOUR_MS)
    standing = drift(known(seldom), seldom)["calibration"]["standing"]
    assert (standing == Standing.UNKNOWN) is unknown
