"""A model is the same from the same seed, of people it may know only, and is judged fairly."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli import app
from core.vitals import Vital
from scoring.model.cohort import Cohort, part
from scoring.model.features import features
from scoring.model.heads import Heads, matrix
from scoring.model.report import drift, report
from scoring.model.targets import deteriorates
from scoring.model.training import split, train
from tests.integration.model.conftest import SEED, table
from tests.wards import ward

EVALUATE = ("model", "evaluate", "--data")
FEW = ("--resamples", "10")


def test_the_same_seed_makes_the_same_model(heads: Heads, cohort: Cohort) -> None:
    again = train(cohort, seed=SEED)
    assert isinstance(again, Heads)
    asked = deteriorates(cohort).asked
    rows = matrix(features(cohort.given(asked)), heads.columns)
    for target in heads.by_target:
        assert np.array_equal(heads.risk(rows, target), again.risk(rows, target)), target


def test_nothing_is_learned_of_who_is_held_out(heads: Heads, cohort: Cohort) -> None:
    fold = split(int(cohort.person.max()) + 1, SEED)
    strange = part(cohort, (fold == 2)[cohort.person])
    assert 0 < len(strange) < len(cohort) / 2
    poison = replace(
        cohort,
        values={
            vital: np.where((fold == 2)[cohort.person], 50.0, value)
            for vital, value in cohort.values.items()
        },
    )
    other = train(poison, seed=SEED)
    assert isinstance(other, Heads)
    rows = matrix(features(cohort.given(deteriorates(cohort).asked)), heads.columns)
    assert np.array_equal(heads.risk(rows, "deterioration"), other.risk(rows, "deterioration"))


def test_how_long_somebody_lies_there_is_no_feature(heads: Heads, cohort: Cohort) -> None:
    assert not {"iculos", "hospadmtime", "count"} & {name.lower() for name in heads.columns}
    later = replace(cohort, at=cohort.at + 10**10)
    asked = deteriorates(cohort).asked
    given, then = (features(one.given(asked)) for one in (cohort, later))
    assert np.allclose(matrix(given, heads.columns), matrix(then, heads.columns), equal_nan=True)


def test_the_report_is_of_plain_values_and_tells_the_ill_apart(heads: Heads) -> None:
    other = ward(200, seed=SEED + 1)
    found = json.loads(json.dumps(report(heads, other, resamples=20)))
    first = found["targets"]["deterioration"]
    assert first["auroc"] > 0.75
    low, high = first["intervals"]["auroc"]
    assert low <= first["auroc"] <= high
    assert first["auroc"] - first["against"]["news2"]["auroc"] == pytest.approx(
        first["against"]["news2"]["gain"]
    )
    assert [one["what"] for one in first["robustness"]][-2:] == [
        "with the noise of devices",
        "three measures a day",
    ]
    assert sum(one["questions"] for one in first["subgroups"][-2:]) == first["questions"]
    assert set(found["targets"]) == {"deterioration", "sepsis", "desaturation"}


def test_thinned_the_model_sees_less_and_is_asked_less_but_events_are_the_same(
    heads: Heads,
) -> None:
    other = ward(100, seed=SEED + 2)
    hourly = report(heads, other, resamples=10, robust=False)["targets"]["deterioration"]
    thinned = report(heads, other, every=timedelta(hours=8), resamples=10, robust=False)
    some = thinned["targets"]["deterioration"]
    assert 0.08 < some["questions"] / hourly["questions"] < 0.2
    share = [one["events"] / one["questions"] for one in (hourly, some)]
    assert share[1] == pytest.approx(share[0], abs=0.06)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_the_command_judges_a_file(kind: str, model_file: Path, tmp_path: Path) -> None:
    data = tmp_path / f"ward.{kind}"
    written = table(ward(60, seed=SEED + 4))
    written.to_parquet(data) if kind == "parquet" else written.to_csv(data, index=False)
    run = CliRunner().invoke(
        app,
        [*EVALUATE, str(data), "--every", "8h", "--model", str(model_file), *FEW],
    )
    assert run.exit_code == 0, run.output
    found = json.loads(run.stdout)
    assert found["model"]["version"] == "invented-1"
    assert found["data"]["patients"] == 60
    assert found["data"]["thinned_to_h"] == 8
    assert {"auroc", "auprc", "brier", "calibration", "burden", "against", "subgroups"} <= set(
        found["targets"]["deterioration"]
    )


def test_the_people_of_the_reference_are_no_drift_and_others_are(
    heads: Heads, model_file: Path, tmp_path: Path
) -> None:
    same = drift(heads, ward(300, seed=SEED + 6))
    assert max(same["people"]["indices"].values()) < 0.25
    data = tmp_path / "others.csv"
    other = ward(300, seed=SEED + 7)
    pulse = other.values[Vital.PULSE] + 15
    table(replace(other, values={**other.values, Vital.PULSE: pulse})).to_csv(data, index=False)
    run = CliRunner().invoke(
        app, ["model", "drift", "--data", str(data), "--model", str(model_file)]
    )
    assert run.exit_code == 0, run.output
    found = json.loads(run.stdout)
    assert next(iter(found["people"]["indices"])) == "pulse"
    assert found["standing"] == "rules_only"


def test_two_models_are_compared_on_the_same_people(model_file: Path, tmp_path: Path) -> None:
    data = tmp_path / "ward.csv"
    table(ward(60, seed=SEED + 5)).to_csv(data, index=False)
    run = CliRunner().invoke(
        app,
        ["model", "compare", str(model_file), str(model_file), "--data", str(data), *FEW],
    )
    assert run.exit_code == 0, run.output
    found = json.loads(run.stdout)["targets"]["deterioration"]
    assert found["difference"]["gain"] == 0
    assert found["difference"]["gain_interval"] == [0, 0]
