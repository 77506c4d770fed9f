"""A model is the same from the same seed, of people it may know only, and a file holds no more."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.svm import SVC
from typer.testing import CliRunner

from app.cli import app
from core.vitals import VITALS, Vital
from scoring.edge.cohort_file import read_cohort
from scoring.edge.model_file import load_model, save_model
from scoring.model.cohort import Cohort, part
from scoring.model.features import features
from scoring.model.heads import Heads, matrix
from scoring.model.report import drift, report
from scoring.model.risk import argue, band_of, risks
from scoring.model.targets import deteriorates
from scoring.model.training import split, train
from scoring.refusal import Incomplete, Refused
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


def test_a_file_is_read_back_whole(heads: Heads, model_file: Path, cohort: Cohort) -> None:
    back = load_model(model_file)
    assert isinstance(back, Heads)
    rows = matrix(features(cohort.given(deteriorates(cohort).asked)), back.columns)
    for target in heads.by_target:
        assert np.array_equal(heads.risk(rows, target), back.risk(rows, target))
    assert back.card == json.loads(json.dumps(heads.card))
    assert "intensive-care" in back.card["warning"]["en"]


def test_a_file_with_a_type_no_model_has_is_refused(heads: Heads, tmp_path: Path) -> None:
    strange = tmp_path / "strange.skops"
    save_model(replace(heads, logistic=SVC()), strange)
    assert isinstance(load_model(strange), Heads)  # scikit-learn's own: skops trusts it
    skops.io.dump({"columns": [], "card": timedelta(1)}, strange)
    found = load_model(strange)
    assert isinstance(found, Refused)
    assert "datetime" in found.reason
    (tmp_path / "text.skops").write_text("not a model")
    assert isinstance(load_model(tmp_path / "text.skops"), Refused)
    skops.io.dump({"columns": []}, strange)
    assert isinstance(load_model(strange), Refused)


def test_a_worse_newest_value_never_lowers_the_risk(heads: Heads) -> None:
    people = ward(60, seed=SEED + 3, hours=30)
    last = (people.at == people.at.max()) & np.isfinite(people.values[Vital.TEMPERATURE])
    before = risks(heads, people.given(last))
    for vital, worse in ((Vital.SPO2, -6), (Vital.PULSE, 30), (Vital.RESPIRATORY_RATE, 8)):
        value = people.values[vital].copy()
        floor = {Vital.PULSE: 60, Vital.RESPIRATORY_RATE: 12}.get(vital)
        moved = last & (value >= floor) if floor else last
        value[moved] += worse
        after = risks(heads, replace(people, values={**people.values, vital: value}).given(last))
        assert (after >= before - 1e-12)[np.isfinite(before)].all(), vital.name
        assert np.nanmax(after - before) > 0, vital.name


def one_of(people: Cohort, number: int) -> Any:
    mine = part(people, people.person == number)
    rows = mine.at == mine.at.max()
    return mine.given(rows)


def test_the_argument_names_what_moved_it_and_what_would_calm_it(heads: Heads) -> None:
    calm = ward(1, seed=1, hours=30)
    calm = replace(
        calm,
        values={
            **{vital: np.round(np.full(30, value), 1) for vital, value in WELL.items()},
            Vital.SPO2: np.where(np.arange(30) > 20, 92.0, 97.0),
        },
    )
    found = argue(heads, one_of(calm, 0))
    assert not isinstance(found, Incomplete)
    assert found.reasons[0].vital is Vital.SPO2
    assert found.reasons[0].value == 92
    assert found.reasons[0].moved > 0
    assert found.version == "invented-1"
    alone = float(risks(heads, one_of(calm, 0))[0])
    assert found.risk == pytest.approx(alone)
    assert found.band is band_of(heads, alone)


def test_without_an_oximeter_no_risk_is_given_and_what_is_missing_is_named(heads: Heads) -> None:
    people = ward(1, seed=2, hours=30)
    nothing = np.full(30, np.nan)
    known = {**people.values, Vital.SYSTOLIC: nothing, Vital.DIASTOLIC: nothing}
    found = argue(heads, one_of(replace(people, values=known), 0))
    assert not isinstance(found, Incomplete)
    assert found.missing == (Vital.SYSTOLIC, Vital.DIASTOLIC)
    found = argue(heads, one_of(replace(people, values={**known, Vital.SPO2: nothing}), 0))
    assert found == Incomplete(missing=("spo2",))


WELL = {
    Vital.SPO2: 97.0,
    Vital.RESPIRATORY_RATE: 16.0,
    Vital.PULSE: 75.0,
    Vital.TEMPERATURE: 37.0,
    Vital.SYSTOLIC: 120.0,
    Vital.DIASTOLIC: 70.0,
}


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


def test_a_bad_file_is_named_with_what_is_wrong(model_file: Path, tmp_path: Path) -> None:
    data = tmp_path / "bad.csv"
    table(ward(2, seed=1)).drop(columns=["O2Sat", "Age"]).to_csv(data, index=False)
    for arguments, words in (
        (["--data", str(data)], "no column Age, O2Sat"),
        (["--data", str(tmp_path / "none.csv")], "none.csv"),
        (["--data", str(data), "--every", "often"], "--every"),
        (["--data", str(data), "--model", str(data)], "is not a model"),
    ):
        given = arguments if "--model" in arguments else [*arguments, "--model", str(model_file)]
        run = CliRunner().invoke(app, ["model", "evaluate", *given])
        assert run.exit_code == 2
        assert words in run.output, run.output


def test_values_that_cannot_be_true_are_not_charted(tmp_path: Path) -> None:
    written = table(ward(1, seed=1, hours=4))
    written.loc[0, ["HR", "O2Sat", "FiO2"]] = [1000, 120, 40]
    written.loc[1, "FiO2"] = 7.0
    written = written.sample(frac=1, random_state=1)
    written.to_csv(tmp_path / "w.csv", index=False)
    found = read_cohort(tmp_path / "w.csv")
    assert isinstance(found, Cohort)
    assert found.at.tolist() == sorted(found.at.tolist())
    assert np.isnan(found.values[Vital.PULSE][0])
    assert np.isnan(found.values[Vital.SPO2][0])
    assert found.fio2[0] == pytest.approx(0.4)
    assert np.isnan(found.fio2[1])


def test_one_person_is_argued_for_beside_what_the_rules_say(
    model_file: Path, tmp_path: Path
) -> None:
    data = tmp_path / "ward.csv"
    table(ward(3, seed=SEED)).to_csv(data, index=False)
    given = ["model", "argue", "--data", str(data), "--model", str(model_file), "--hour", "30"]
    run = CliRunner().invoke(app, [*given, "--patient", "p000001"])
    assert run.exit_code == 0, run.output
    found = json.loads(run.stdout)
    assert found["rules"]["news2-home"]["missing"] == ["supplemental_oxygen", "consciousness"]
    assert found["words"]["headline"].startswith("Risque de dégradation dans les 12 heures")
    assert found["words"]["warning"].startswith("Modèle de recherche")
    assert 0 <= found["risk"]["risk"] <= 1
    assert {one["vital"] for one in found["risk"]["reasons"]} <= {v.slug for v in VITALS.values()}
    run = CliRunner().invoke(app, [*given, "--patient", "nobody"])
    assert run.exit_code == 2
    assert "no patient nobody up to hour 30" in run.output


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
