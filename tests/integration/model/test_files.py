"""Files of models and of data: read whole, or refused with words, and no file is believed."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.svm import SVC
from typer.testing import CliRunner

from app.cli import app
from core.vitals import Vital
from scoring.edge.cohort_file import read_cohort
from scoring.edge.model_file import load_model, save_model
from scoring.model.cohort import Cohort
from scoring.model.features import features
from scoring.model.heads import Heads, matrix
from scoring.model.targets import deteriorates
from scoring.refusal import Refused
from tests.integration.model.conftest import table
from tests.wards import ward

EVALUATE = ("model", "evaluate", "--data")


def test_a_file_is_read_back_whole(heads: Heads, model_file: Path, cohort: Cohort) -> None:
    back = load_model(model_file)
    assert isinstance(back, Heads)
    rows = matrix(features(cohort.given(deteriorates(cohort).asked)), back.columns)
    for target in heads.by_target:
        assert np.array_equal(heads.risk(rows, target), back.risk(rows, target))
    assert back.card == json.loads(json.dumps(heads.card))
    assert "intensive-care" in back.card["warning"]["en"]


def test_a_file_with_a_type_no_model_has_is_refused(tmp_path: Path) -> None:
    strange = tmp_path / "strange.skops"
    skops.io.dump({"columns": [], "card": timedelta(1)}, strange)
    found = load_model(strange)
    assert isinstance(found, Refused)
    assert "datetime" in found.reason
    (tmp_path / "text.skops").write_text("not a model")
    assert isinstance(load_model(tmp_path / "text.skops"), Refused)
    skops.io.dump({"columns": []}, strange)
    assert isinstance(load_model(strange), Refused)


@pytest.mark.parametrize(
    "lie",
    [
        {"columns": (1, 2)},
        {"columns": ("no_such_feature",)},
        {"by_target": {}},
        {"by_target": {"deterioration": "yes", "sepsis": "yes", "desaturation": "yes"}},
        {"logistic": SVC()},
        {"card": {"version": "Ward 2"}},
        {"card": {"version": "ward-2"}},
    ],
)
def test_a_file_that_lies_is_no_model(heads: Heads, tmp_path: Path, lie: dict[str, Any]) -> None:
    save_model(replace(heads, **lie), tmp_path / "lie.skops")
    assert isinstance(load_model(tmp_path / "lie.skops"), Refused)


def test_what_is_warned_of_is_not_the_files_to_say(heads: Heads, tmp_path: Path) -> None:
    bold = {**heads.card, "warning": {"en": "Validated at home.", "fr": "Validé."}}
    save_model(replace(heads, card=bold), tmp_path / "bold.skops")
    found = load_model(tmp_path / "bold.skops")
    assert isinstance(found, Heads)
    assert "never tried at home" in found.card["warning"]["en"]


def test_a_file_that_was_cut_or_changed_is_refused(model_file: Path, tmp_path: Path) -> None:
    whole = bytearray(model_file.read_bytes())
    random = np.random.default_rng(1)
    broken = tmp_path / "broken.skops"
    broken.write_bytes(whole[: len(whole) // 2])
    assert isinstance(load_model(broken), Refused)
    for place in random.integers(0, len(whole), 10):
        changed = bytearray(whole)
        changed[place] ^= 0x10
        broken.write_bytes(changed)
        assert isinstance(load_model(broken), Heads | Refused)


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
    twice = pd.concat([written, written.assign(HR=77)])
    twice.to_csv(tmp_path / "twice.csv", index=False)
    once = read_cohort(tmp_path / "twice.csv")
    assert isinstance(once, Cohort)
    assert len(once) == 4
    assert once.values[Vital.PULSE].tolist() == [77.0] * 4


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("Gender", "M", "column Gender holds something else than numbers"),
        ("ICULOS", 1e300, "column ICULOS"),
        ("ICULOS", pd.Timestamp("2026-01-01"), "column ICULOS holds something else than numbers"),
        ("patient", None, "a row names no patient"),
    ],
)
def test_a_column_that_holds_something_else_is_named(
    column: str, value: object, words: str, tmp_path: Path
) -> None:
    for name in ("odd.parquet", "ODD.PARQUET"):
        table(ward(2, seed=1)).assign(**{column: value}).to_parquet(tmp_path / name)
        found = read_cohort(tmp_path / name)
        assert isinstance(found, Refused)
        assert words in found.reason
