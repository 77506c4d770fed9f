"""Files of models and of people, in short: each way a file is read, and each way it is refused."""

import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io

from core.vitals import Vital
from scoring.edge.cohort_file import read_cohort, read_person
from scoring.edge.model_file import LARGEST, digest, load_model, save_model
from scoring.model.card import WARNING
from scoring.model.cohort import Cohort
from scoring.model.heads import Heads, fit_boosting, fit_logistic
from scoring.model.targets import TARGETS
from scoring.refusal import Refused
from tests.unit.scoring.model.by_hand import BANDS, COLUMNS, HEADS

CARD = {"version": "small-1", "targets": {"deterioration": {"bands": BANDS}}}


@pytest.fixture(scope="module")
def small() -> Heads:
    """A model of two trees, which is written and read in no time."""
    random = np.random.default_rng(2)
    rows = random.normal(90, 8, (900, len(COLUMNS))).astype(np.float32)
    event = random.random(900) < np.where(rows[:, 0] < 90, 0.8, 0.1)
    trees = fit_boosting(rows, event, COLUMNS, 2, 1)
    heads = replace(HEADS, by_target=dict.fromkeys(TARGETS, trees))
    return replace(heads, logistic=fit_logistic(rows, event), card={**CARD, "warning": WARNING})


def test_a_model_is_written_and_read_back(small: Heads, tmp_path: Path) -> None:
    path = tmp_path / "again.skops"
    save_model(small, path)
    found = load_model(path)
    assert isinstance(found, Heads)
    assert (found.columns, found.card) == (small.columns, small.card)
    assert digest(path) == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("bands", [{"raised": 0.6, "high": 0.5}, {"raised": 0.5, "high": 1.0}])
def test_bands_that_cannot_be_are_no_model(
    small: Heads, tmp_path: Path, bands: dict[str, float]
) -> None:
    card = {**small.card, "targets": {"deterioration": {"bands": bands}}}
    save_model(replace(small, card=card), tmp_path / "x.skops")
    assert load_model(tmp_path / "x.skops") == Refused(reason="x.skops is not a model of Chevet")


def written(path: Path, whole: Any) -> str:
    skops.io.dump(whole, path)
    found = load_model(path)
    assert isinstance(found, Refused)
    return found.reason


def test_what_is_no_model_is_refused_in_words(small: Heads, tmp_path: Path) -> None:
    path = tmp_path / "x.skops"
    assert written(path, {"columns": []}) == "x.skops is not a model of Chevet"
    lie = {"columns": [1], "by_target": {}, "logistic": 1, "card": json.dumps({})}
    assert written(path, lie) == "x.skops is not a model of Chevet"
    assert "holds types no model of ours has" in written(path, {"card": timedelta(1)})
    assert load_model(BytesIO(b"no")) == Refused(
        reason="the file is not a model: File is not a zip file"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("large", bytes(LARGEST + 1))
    assert load_model(path) == Refused(reason="x.skops is too large to be a model of Chevet")


ROW = {
    "patient": "007", "ICULOS": 1, "HR": 80.0, "O2Sat": 95.0, "Temp": 37.0, "SBP": 120.0,
    "DBP": 70.0, "Resp": 16.0, "FiO2": 0.21, "Age": 60.0, "Gender": 1.0, "SepsisLabel": 0,
}  # fmt: skip


def read(path: Path, *rows: dict[str, Any]) -> Cohort | Refused:
    pd.DataFrame([{**ROW, **row} for row in rows], columns=list(ROW)).to_csv(path, index=False)
    return read_cohort(path)


def test_people_are_read_in_order_and_what_cannot_be_is_not_charted(tmp_path: Path) -> None:
    later = {"ICULOS": 2, "HR": 301, "FiO2": 40, "Age": 131}
    found = read(tmp_path / "a.csv", later, {"O2Sat": 29}, {"O2Sat": 94}, {"patient": "006"})
    assert isinstance(found, Cohort)
    assert found.person.tolist() == [0, 1, 1]
    np.testing.assert_array_equal(found.values[Vital.PULSE], [80, 80, np.nan])
    np.testing.assert_array_equal(found.values[Vital.SPO2], [95, 94, 95])
    np.testing.assert_array_equal(found.fio2, [0.21, 0.21, 0.4])
    np.testing.assert_array_equal(found.age, [60, 60, np.nan])


def test_one_person_is_read_as_he_was_known_at_an_hour(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    read(path, {"FiO2": 0.4}, {"ICULOS": 30}, {"ICULOS": 31, "HR": 90})
    for hour, oxygen, pulses in ((20, 1, 1), (30, 0, 2)):
        found = read_person(path, "007", hour)
        assert not isinstance(found, Refused)
        assert found.asked.at.tolist() == [hour * 3_600_000]
        assert found.oxygen.tolist() == [oxygen]
        assert len(found.samples[Vital.PULSE].at) == pulses
    assert read_person(path, "8", 5) == Refused(reason="a.csv: no patient 8 up to hour 5")
    gone = read_person(tmp_path / "b.csv", "8", 5)
    assert isinstance(gone, Refused)
    assert gone.reason.startswith("b.csv: ")


def test_a_table_that_is_another_one_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for rows, words in (
        ([], "no rows"),
        ([{"patient": None}], "a row names no patient"),
        ([{"HR": "x"}], "column HR holds something else than numbers"),
        ([{"ICULOS": 1e7}], "column ICULOS: a row has no hour, or one that cannot be"),
    ):
        assert read(path, *rows) == Refused(reason=f"a.csv: {words}")
    pd.DataFrame([ROW]).drop(columns=["HR", "Age"]).to_parquet(tmp_path / "a.parquet")
    assert read_cohort(tmp_path / "a.parquet") == Refused(reason="a.parquet: no column Age, HR")
