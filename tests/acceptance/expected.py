"""What a replay must lead to, computed from the file by other means than the product's.

Thresholds are written out again from their sources: SpO2 93-94 / <= 92 (NHS oximetry at home),
respiratory rate >= 21, pulse >= 111 or <= 40, temperature >= 39.0 or < 35.5 (RCP NEWS2, 2017, and
the French questionnaire of 2020-06-09). A value is judged as it is written on screens: rounded
half up, temperature to one decimal. A value no living person shows is not judged.
"""

import csv
import gzip
import math
from pathlib import Path

COLUMNS = {"O2Sat": "spo2", "HR": "pulse", "Resp": "respiratory_rate", "Temp": "temperature"}
STORED = {**COLUMNS, "SBP": "systolic", "DBP": "diastolic"}
PLAUSIBLE = {
    "spo2": (30, 100),
    "pulse": (15, 300),
    "respiratory_rate": (1, 90),
    "temperature": (25, 45),
}

Breach = tuple[str, str, float]
"""Patient, rule, hours before the patient's last recorded row."""


def rows_of(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt", newline="") as text:
        return list(csv.DictReader(text))


def as_shown(item: str, text: str) -> float:
    """Round half up on the decimal digits, without the product's function."""
    digits = 1 if item == "temperature" else 0
    whole, _, fraction = text.partition(".")
    kept, rest = fraction[:digits], fraction[digits:]
    number = float(f"{whole}.{kept or 0}")
    return number + (10**-digits if rest[:1] >= "5" else 0)


def breaches(item: str, text: str) -> bool:
    low, high = PLAUSIBLE[item]
    if not low <= float(text) <= high:
        return False
    value = as_shown(item, text)
    match item:
        case "spo2":
            return value <= 94
        case "pulse":
            return value >= 111 or value <= 40
        case "respiratory_rate":
            return value >= 21
        case _:
            return value >= 38.99 or value < 35.49


def first_breaches(rows: list[dict[str, str]]) -> set[Breach]:
    last = last_hours(rows)
    first: dict[tuple[str, str], float] = {}
    for row in rows:
        hour = float(row["ICULOS"])
        for column, item in COLUMNS.items():
            key = (row["patient"], item)
            if row[column] and breaches(item, row[column]):
                first[key] = min(first.get(key, math.inf), hour)
    return {(who, item, last[who] - hour) for (who, item), hour in first.items()}


def last_hours(rows: list[dict[str, str]]) -> dict[str, float]:
    """Hour of the last row of each patient in which anything was recorded."""
    last: dict[str, float] = {}
    for row in rows:
        if not any(row[column] for column in STORED):
            continue
        last[row["patient"]] = max(last.get(row["patient"], 0), float(row["ICULOS"]))
    return last


def sent_values(rows: list[dict[str, str]]) -> set[tuple[str, str, float, float]]:
    """(patient, vital, hours before the last row, value) of every recorded cell."""
    last = last_hours(rows)
    return {
        (row["patient"], vital, last[row["patient"]] - float(row["ICULOS"]), float(row[column]))
        for row in rows
        for column, vital in STORED.items()
        if row[column]
    }
