"""What a prescription is worth on recorded patients: counted by hand on three of them."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from alerts.checking import problems_of
from alerts.edge.library import load_prescription, load_profile
from alerts.prescribed import content_of
from app.comparison import read_recorded, table, worth_of
from app.comparison_file import compare_file
from tests.conftest import ROOT

TEMPLATE = load_profile("covid-home", 1)
FIXED = content_of(TEMPLATE, ("home-two-rungs", 1))
LASTING = load_prescription("covid-home-lasting", 1)


def rows(patient: str, spo2: list[int], labels: list[int]) -> list[dict[str, str]]:
    return [
        {
            "patient": patient, "ICULOS": str(hour), "HR": "80", "O2Sat": str(value), "Temp": "",
            "SBP": "", "DBP": "", "Resp": "", "SepsisLabel": str(label),
        }
        for hour, (value, label) in enumerate(zip(spo2, labels, strict=True), start=1)
    ]  # fmt: skip


RECORDED = [
    *rows("lasting", [97, 94, 94, 94, 97, 97], [0, 0, 0, 1, 1, 1]),
    *rows("once", [97, 94, 97, 97], [0, 0, 0, 0]),
    *rows("missed", [97, 97, 97], [0, 1, 1]),
]


def test_alerts_events_and_lead_are_counted() -> None:
    fixed = worth_of(read_recorded(RECORDED), FIXED, TEMPLATE)
    assert (fixed.patients, fixed.alerts, fixed.events, fixed.foreseen) == (3, 2, 2, 1)
    assert fixed.patient_days == pytest.approx(13 / 24)
    assert fixed.lead == timedelta(hours=8)
    lasting = worth_of(read_recorded(RECORDED), LASTING, TEMPLATE)
    assert (lasting.alerts, lasting.foreseen, lasting.lead) == (1, 1, timedelta(hours=7))
    assert lasting.sensitivity == 0.5


def test_a_file_becomes_a_table(tmp_path: Path) -> None:
    file = tmp_path / "three.csv"
    with file.open("w", newline="") as text:
        writer = csv.DictWriter(text, RECORDED[0].keys())
        writer.writeheader()
        writer.writerows(RECORDED)
    lines = list(compare_file(file))
    assert lines[2].startswith("| fixed thresholds alone | 3 | 1 | 2 |")
    assert lines[3].startswith("| covid-home-lasting-1 | 3 | 1 | 1 |")
    assert "–" in table({"none": worth_of([], FIXED, TEMPLATE)})[2]


def test_every_shipped_prescription_has_nothing_wrong() -> None:
    for file in sorted((ROOT / "alerts/prescriptions").glob("*.json")):
        name, _, version = file.stem.rpartition("-")
        content = load_prescription(name, int(version))
        assert problems_of(content, load_profile(*content.template), date(2026, 11, 27)) == ()
