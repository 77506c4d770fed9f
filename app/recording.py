"""Reads recorded vitals of many patients and moves them to just before now. Pure.

Two shapes of rows are known: hourly rows as in PhysioNet/CinC 2019 (`patient, ICULOS, HR, O2Sat,
Temp, SBP, DBP, Resp`, hours) and minute numerics (`patient, minute, HR, SpO2, Temp, SBP, DBP,
RR`). An empty cell is a value nobody recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.vitals import VITALS, Vital

_COLUMNS: dict[str, Vital] = {
    "HR": Vital.PULSE,
    "O2Sat": Vital.SPO2,
    "SpO2": Vital.SPO2,
    "Temp": Vital.TEMPERATURE,
    "SBP": Vital.SYSTOLIC,
    "DBP": Vital.DIASTOLIC,
    "Resp": Vital.RESPIRATORY_RATE,
    "RR": Vital.RESPIRATORY_RATE,
}
_TIMES = {"ICULOS": timedelta(hours=1), "minute": timedelta(minutes=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedValue:
    """One value of a recording, in the vital's UCUM unit, `at` after the patient's first row."""

    patient: str
    vital: Vital
    value: float
    at: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedValue:
    """A recorded value given a time of day."""

    patient: str
    vital: Vital
    value: float
    measured_at: datetime


class UnreadableRecordingError(ValueError):
    """The file is not a recording we know; the message says what is wrong with it."""


def read_rows(rows: Iterable[Mapping[str, str]], *, most: int = 0) -> list[RecordedValue]:
    """Return every recorded value of at most `most` patients (0 = all), in file order.

    Raises UnreadableRecordingError when a needed column is missing or a cell is not a number.
    """
    values: list[RecordedValue] = []
    patients: set[str] = set()
    for number, row in enumerate(rows, start=2):
        unit = next((name for name in _TIMES if name in row), None)
        if "patient" not in row or unit is None:
            raise UnreadableRecordingError(f"no column patient, or none of {sorted(_TIMES)}")
        if row["patient"] not in patients and most and len(patients) >= most:
            break
        patients.add(row["patient"])
        try:
            values += _row_values(row, float(row[unit]) * _TIMES[unit])
        except ValueError as error:
            raise UnreadableRecordingError(f"line {number}: {error}") from error
    return values


def _row_values(row: Mapping[str, str], at: timedelta) -> list[RecordedValue]:
    return [
        RecordedValue(patient=row["patient"], vital=vital, value=float(row[column]), at=at)
        for column, vital in _COLUMNS.items()
        if row.get(column)
    ]


def place_before(values: Iterable[RecordedValue], now: datetime) -> list[PlacedValue]:
    """Shift each patient so that his last row is one minute before `now`; sort by event time."""
    listed = list(values)
    last: dict[str, timedelta] = {}
    for value in listed:
        last[value.patient] = max(last.get(value.patient, value.at), value.at)
    end = now.replace(second=0, microsecond=0) - timedelta(minutes=1)
    placed = [
        PlacedValue(
            patient=value.patient,
            vital=value.vital,
            value=value.value,
            measured_at=end - (last[value.patient] - value.at),
        )
        for value in listed
    ]
    return sorted(placed, key=lambda value: (value.measured_at, value.patient, value.vital))


def to_item(value: PlacedValue, device: str) -> dict[str, object]:
    """Return the value as an unnumbered item of the wire envelope, for a gateway's recording."""
    info = VITALS[value.vital]
    return {
        "kind": "spot",
        "device": device,
        "vital": info.slug,
        "value": value.value,
        "unit": info.ucum,
        "measured_at": value.measured_at.isoformat().replace("+00:00", "Z"),
        "raw_at": None,
        "quality": 0,
    }
