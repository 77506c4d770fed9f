"""Glucose in three units: exact between them, rounded only where it is shown."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.vitals import Quality
from devices.device_time import DateTime
from devices.gatt.engine import Record
from devices.gatt.glucose import MEASUREMENT, MeterStatus, SampleLocation, SampleType
from devices.gatt.kinds import Value
from devices.glucose import Concentration, Unit, concentration_of, quality_of_glucose
from devices.medfloat import NotANumber, Number
from devices.observing import Reception

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HEARD = Reception(device="A", received_at=NOW, zone=UTC)
FINGER = (SampleType.CAPILLARY_WHOLE_BLOOD, SampleLocation.FINGER)


def record(**values: Value) -> Record:
    given_values: dict[str, Value] = {
        "unit": "kg/L",
        "timestamp": DateTime(2026, 11, 22, 9, 0, 0),
        "concentration": Number(105, -5),
        "type_and_location": FINGER,
    }
    return Record(MEASUREMENT.code, given_values | values)


@pytest.mark.parametrize(
    ("amount", "unit", "other", "expected"),
    [
        ("1", Unit.G_PER_L, Unit.MG_PER_DL, Fraction(100)),
        ("0.001", Unit.KG_PER_L, Unit.G_PER_L, Fraction(1)),
        ("126", Unit.MG_PER_DL, Unit.G_PER_L, Fraction(126, 100)),
        ("1", Unit.MMOL_PER_L, Unit.MG_PER_DL, Fraction("18.01559")),
        ("0.0055", Unit.MOL_PER_L, Unit.MMOL_PER_L, Fraction("5.5")),
    ],
)
def test_units_are_converted_exactly(
    amount: str, unit: Unit, other: Unit, expected: Fraction
) -> None:
    assert Concentration(Fraction(amount), unit).to(other) == Concentration(expected, other)


@settings(max_examples=40)
@given(st.fractions(0, 10), st.sampled_from(Unit), st.sampled_from(Unit), st.sampled_from(Unit))
def test_no_way_through_other_units_changes_anything(
    amount: Fraction, first: Unit, second: Unit, third: Unit
) -> None:
    there = Concentration(amount, first).to(second).to(third)
    assert there.to(first) == Concentration(amount, first)


def test_it_is_shown_with_its_unit_as_people_write_it() -> None:
    five = Concentration(Fraction("5.5"), Unit.MMOL_PER_L)
    assert five.shown("fr") == "0,99\u00a0g/L"
    assert five.shown("en") == "0.99\u00a0g/L"
    assert five.shown("fr", Unit.MMOL_PER_L) == "5,5\u00a0mmol/L"
    assert five.shown("en", Unit.MG_PER_DL) == "99\u00a0mg/dL"


def test_a_measurement_is_read_in_the_unit_it_says() -> None:
    assert concentration_of(record()) == Concentration(Fraction("0.00105"), Unit.KG_PER_L)
    molar = concentration_of(record(unit="mol/L", concentration=Number(55, -4)))
    assert molar == Concentration(Fraction("0.0055"), Unit.MOL_PER_L)
    assert concentration_of(record(concentration=NotANumber.POSITIVE_INFINITY)) is None
    assert concentration_of(Record(0x2A5F, {"concentration": Number(1)})) is None


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({}, Quality(0)),
        ({"concentration": NotANumber.NAN}, Quality.INVALID),
        ({"measurement_status": MeterStatus.BATTERY_LOW}, Quality(0)),
        ({"measurement_status": MeterStatus.STRIP_TYPE_INCORRECT}, Quality.INVALID),
        ({"measurement_status": MeterStatus.RESULT_BELOW_RANGE}, Quality.QUESTIONABLE),
        ({"measurement_status": MeterStatus.TIME_FAULT}, Quality.TIME_FAULT),
        ({"type_and_location": (SampleType.CONTROL_SOLUTION, 1)}, Quality.DEMONSTRATION),
        ({"type_and_location": (1, SampleLocation.CONTROL_SOLUTION)}, Quality.DEMONSTRATION),
        ({"time_offset_minutes": 0x7FFF}, Quality.TIME_FAULT),
        ({"time_offset_minutes": -0x8000}, Quality.TIME_FAULT),
        ({"time_offset_minutes": 30}, Quality(0)),
        ({"time_offset_minutes": 36}, Quality.TIME_FAULT),
    ],
)
def test_what_the_meter_says_is_held_against_the_value(
    values: dict[str, Value], held: Quality
) -> None:
    assert quality_of_glucose(record(**values), HEARD) == held


def test_a_clock_ahead_is_a_fault_of_time() -> None:
    later = DateTime.of(NOW + timedelta(hours=1))
    assert quality_of_glucose(record(timestamp=later), HEARD) == Quality.TIME_FAULT
