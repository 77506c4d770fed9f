"""Reads people from a Parquet or CSV file with the columns of the PhysioNet 2019 sets."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from core.vitals import VITALS, Vital
from scoring.model.cohort import Cohort
from scoring.model.features import HOUR_MS, Given
from scoring.refusal import Refused
from scoring.windows import Floats

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


def read_cohort(path: Path) -> Cohort | Refused:
    """Read a file, or say what is wrong with it; values that cannot be true are not charted."""
    table = _read(path)
    if isinstance(table, Refused):
        return table
    try:
        return _cohort(table)
    except (TypeError, ValueError) as error:
        return Refused(reason=f"{path.name}: {error}")


def _read(path: Path) -> pd.DataFrame | Refused:
    try:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as error:
        return Refused(reason=f"{path.name}: {error}")
    missing = sorted({*VITAL_OF, *OTHERS} - set(table.columns))
    if missing:
        return Refused(reason=f"{path.name}: no column {', '.join(missing)}")
    if not len(table):
        return Refused(reason=f"{path.name}: no rows")
    return table


def read_person(path: Path, patient: str, hour: int) -> Given | Refused:
    """Read one person as he was known at an hour, or say what is wrong."""
    table = _read(path)
    if isinstance(table, Refused):
        return table
    mine = table[(table["patient"].astype(str) == patient) & (table["ICULOS"] <= hour)]
    if not len(mine):
        return Refused(reason=f"{path.name}: no patient {patient} up to hour {hour}")
    cohort = _cohort(mine)
    asked = cohort.given(cohort.at == cohort.at.max())
    return replace(asked, asked=replace(asked.asked, at=np.array([hour * HOUR_MS])))


def _cohort(table: pd.DataFrame) -> Cohort:
    code = pd.factorize(table["patient"])[0].astype(np.int64)
    if (code < 0).any():
        raise ValueError("a row names no patient")
    hour = table["ICULOS"].to_numpy(np.float64)
    if not np.isfinite(hour).all():
        raise ValueError("a row has no ICULOS")
    order = np.lexsort((hour, code))
    columns = {name: table[name].to_numpy(np.float64)[order] for name in (*VITAL_OF, *OTHERS[2:])}
    return Cohort(
        person=code[order],
        at=np.round(hour[order] * HOUR_MS).astype(np.int64),
        values={vital: _plausible(vital, columns[name]) for name, vital in VITAL_OF.items()},
        fio2=_fraction(columns["FiO2"]),
        age=columns["Age"],
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
