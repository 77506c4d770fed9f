"""Reads people from a Parquet or CSV file with the columns of the PhysioNet 2019 sets."""

import zlib
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from core.vitals import VITALS, Vital
from scoring.model.cohort import Cohort
from scoring.model.features import HOUR_MS, Given
from scoring.refusal import Refused
from scoring.windows import Floats, Questions

VITAL_OF: Final = {
    "HR": Vital.PULSE,
    "O2Sat": Vital.SPO2,
    "Temp": Vital.TEMPERATURE,
    "SBP": Vital.SYSTOLIC,
    "DBP": Vital.DIASTOLIC,
    "Resp": Vital.RESPIRATORY_RATE,
}
OTHERS: Final = ("patient", "ICULOS", "FiO2", "Age", "Gender", "SepsisLabel")
"""ICULOS, the hour of the stay, orders the rows and is nothing else; HospAdmTime is never read."""


LONGEST_STAY_H: Final = 1_000_000
"""Hours; beyond them the column holds something else."""
OLDEST: Final = 130
"""Years; above it the age is a typing error (proposed, as in scoring/plausible.py)."""


def read_cohort(path: Path) -> Cohort | Refused:
    """Read a file, or say what is wrong with it; values that cannot be true are not charted."""
    try:
        return _cohort(_read(path))
    except _BROKEN as error:
        return Refused(reason=f"{path.name}: {error}")


def read_person(path: Path, patient: str, hour: int) -> Given | Refused:
    """Read one person as he was known at an hour, or say what is wrong."""
    try:
        table = _read(path)
        mine = table[(table["patient"] == patient) & (table["ICULOS"] <= hour)]
        if not len(mine):
            return Refused(reason=f"{path.name}: no patient {patient} up to hour {hour}")
        cohort = _cohort(mine)
    except _BROKEN as error:
        return Refused(reason=f"{path.name}: {error}")
    at = np.array([hour * HOUR_MS])
    newest = cohort.given(cohort.at == cohort.at.max())
    asked = Questions(person=newest.asked.person, at=at)
    return replace(newest, asked=asked, oxygen=cohort.oxygen_at(asked))


_BROKEN: Final = (OSError, EOFError, zlib.error, TypeError, ValueError, OverflowError)
"""What a file that was cut, or is another one, makes the readers raise."""


def _read(path: Path) -> pd.DataFrame:
    parquet = path.suffix.lower() == ".parquet"
    table = pd.read_parquet(path) if parquet else pd.read_csv(path, dtype={"patient": str})
    missing = sorted({*VITAL_OF, *OTHERS} - set(table.columns))
    if missing:
        raise ValueError(f"no column {', '.join(missing)}")
    if not len(table):
        raise ValueError("no rows")
    if table["patient"].isna().any():
        raise ValueError("a row names no patient")
    return table.assign(patient=table["patient"].astype(str), ICULOS=_numbers(table, "ICULOS"))


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    if not pd.api.types.is_numeric_dtype(table[name]):
        raise ValueError(f"column {name} holds something else than numbers")
    return table[name].to_numpy(np.float64, na_value=np.nan)


def _cohort(table: pd.DataFrame) -> Cohort:
    hour = table["ICULOS"].to_numpy(np.float64)
    if not (np.abs(hour) <= LONGEST_STAY_H).all():
        raise ValueError("column ICULOS: a row has no hour, or one that cannot be")
    code = pd.factorize(table["patient"], sort=True)[0].astype(np.int64)
    at = np.round(hour * HOUR_MS).astype(np.int64)
    order = np.lexsort((np.arange(len(at)), at, code))
    # Of two rows of one person and instant the last stays.
    last = np.ones(len(order), dtype=bool)
    last[:-1] = (np.diff(code[order]) != 0) | (np.diff(at[order]) != 0)
    order = order[last]
    columns = {name: _numbers(table, name)[order] for name in (*VITAL_OF, *OTHERS[2:])}
    age = columns["Age"]
    return Cohort(
        person=code[order],
        at=at[order],
        values={vital: _plausible(vital, columns[name]) for name, vital in VITAL_OF.items()},
        fio2=_fraction(columns["FiO2"]),
        age=np.where((age >= 0) & (age <= OLDEST), age, np.nan),
        male=columns["Gender"],
        sepsis=columns["SepsisLabel"],
    )


def _plausible(vital: Vital, value: Floats) -> Floats:
    info = VITALS[vital]
    return np.where((value >= info.lowest) & (value <= info.highest), value, np.nan)


def _fraction(value: Floats) -> Floats:
    """Return fractions from 0.21 to 1; a number from 21 to 100 was meant as per cent."""
    fraction = np.where((value >= 21) & (value <= 100), value / 100, value)
    return np.where((fraction >= 0.2) & (fraction <= 1), fraction, np.nan)
