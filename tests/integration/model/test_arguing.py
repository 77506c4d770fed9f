"""What a model says of one person: with reasons that hold, and never of whom it is not for."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli import app
from core.vitals import VITALS, Vital
from scoring.edge.cohort_file import read_person
from scoring.model.argument import Risk
from scoring.model.cohort import Cohort, part
from scoring.model.features import HOUR_MS
from scoring.model.heads import Heads
from scoring.model.risk import argue, band_of, risks
from scoring.model.targets import deteriorates
from scoring.refusal import Incomplete, Refused
from tests.integration.model.conftest import SEED, table
from tests.wards import WELL, ward


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
    assert isinstance(found, Risk)
    assert found.reasons[0].vital is Vital.SPO2
    assert found.reasons[0].value == 92
    assert found.reasons[0].moved > 0
    assert found.version == "invented-1"
    alone = float(risks(heads, one_of(calm, 0))[0])
    assert found.risk == pytest.approx(alone)
    assert found.band is band_of(heads, alone)


def flat(spo2: float, **more: float) -> Cohort:
    """Return one person whose chart does not change for thirty hours."""
    values = {**WELL, Vital.SPO2: spo2}
    return Cohort(
        person=np.zeros(30, dtype=np.int64),
        at=np.arange(30, dtype=np.int64) * HOUR_MS,
        values={vital: np.full(30, value) for vital, value in values.items()},
        fio2=np.full(30, more.get("fio2", np.nan)),
        age=np.full(30, more.get("age", 70.0)),
        male=np.ones(30),
        sepsis=np.zeros(30),
    )


def test_of_a_child_no_risk_is_given(heads: Heads) -> None:
    child = one_of(flat(97, age=8), 0)
    found = argue(heads, child)
    assert isinstance(found, Refused)
    assert "under 16" in found.reason
    assert np.isnan(risks(heads, child)[0])
    assert not deteriorates(flat(97, age=8)).asked.any()
    assert deteriorates(flat(97)).asked.any()


def test_nobody_on_oxygen_is_told_that_more_saturation_would_be_better(heads: Heads) -> None:
    """His prescribed target may be 88 to 92 %: turned up, oxygen would harm him."""
    for spo2 in (86.0, 89.0, 92.0):
        ill, calm = (risks(heads, one_of(flat(one, fio2=0.24), 0))[0] for one in (spo2, 96.0))
        # The band begins between the two: saturation alone would bring the risk to low.
        bands = {"raised": float(ill + calm) / 2, "high": 0.99}
        between = replace(
            heads, card={**heads.card, "targets": {"deterioration": {"bands": bands}}}
        )
        found = argue(between, one_of(flat(spo2, fio2=0.24), 0))
        assert isinstance(found, Risk)
        assert found.band == "raised"
        assert found.reasons[0].vital is Vital.SPO2
        assert found.instead is None


def test_what_has_passed_is_said_to_have_passed(heads: Heads) -> None:
    past = flat(97)
    past.values[Vital.RESPIRATORY_RATE][:26] = 29.0
    found = argue(heads, one_of(past, 0))
    assert isinstance(found, Risk)
    reasons = {one.vital: one for one in found.reasons}
    assert reasons[Vital.RESPIRATORY_RATE].value == 16
    assert reasons[Vital.RESPIRATORY_RATE].worst == 29
    assert found.instead is None or found.instead.vital is not Vital.RESPIRATORY_RATE


def test_without_an_oximeter_no_risk_is_given_and_what_is_missing_is_named(heads: Heads) -> None:
    people = ward(1, seed=2, hours=30)
    nothing = np.full(30, np.nan)
    known = {**people.values, Vital.SYSTOLIC: nothing, Vital.DIASTOLIC: nothing}
    found = argue(heads, one_of(replace(people, values=known), 0))
    assert isinstance(found, Risk)
    assert found.missing == (Vital.SYSTOLIC, Vital.DIASTOLIC)
    found = argue(heads, one_of(replace(people, values={**known, Vital.SPO2: nothing}), 0))
    assert found == Incomplete(missing=("spo2",))


def test_ids_with_leading_zeros_and_an_old_oxygen(model_file: Path, tmp_path: Path) -> None:
    written = table(flat(95, fio2=np.nan)).assign(patient="007")
    written.loc[0, "FiO2"] = 0.4
    written.to_csv(tmp_path / "w.csv", index=False)
    late = read_person(tmp_path / "w.csv", "007", 30)
    early = read_person(tmp_path / "w.csv", "007", 20)
    assert not isinstance(late, Refused)
    assert not isinstance(early, Refused)
    assert (early.oxygen[0], late.oxygen[0]) == (1.0, 0.0)


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
