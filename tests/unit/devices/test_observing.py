"""What a record means: values in their units, times, and what is held against them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import IntFlag
from itertools import chain
from zoneinfo import ZoneInfo

import pytest

from core.vitals import Quality, Vital
from devices import quality
from devices.device_time import Coincident, DateTime
from devices.gatt import blood_pressure, heart_rate, oximeter, thermometer, weight
from devices.gatt.blood_pressure import CuffStatus
from devices.gatt.characteristics import BY_CODE
from devices.gatt.engine import Record, Table, decode, encode
from devices.gatt.glucose import MeterStatus
from devices.gatt.kinds import Value
from devices.gatt.oximeter import MeasurementStatus, SensorStatus
from devices.measurement import Spot
from devices.medfloat import NotANumber, Number
from devices.observing import Reception, observe

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HEARD = Reception(device="A", received_at=NOW, zone=PARIS)
OXIMETRY: dict[str, Value] = {"spo2_percent": Number(96), "pulse_per_minute": Number(72)}
PRESSURE: dict[str, Value] = {
    "systolic": Number(138),
    "diastolic": Number(88),
    "mean_arterial": Number(120),
    "pulse_per_minute": Number(60),
}


def observed(
    table: Table, values: dict[str, Value], reception: Reception = HEARD
) -> dict[Vital, Spot]:
    """Through the bytes, as the gateway does."""
    record = decode(table, encode(table, values))
    assert isinstance(record, Record)
    return {spot.vital: spot for spot in observe(record, reception)}


def test_a_continuous_frame_is_two_values_measured_on_reception() -> None:
    spots = observed(oximeter.CONTINUOUS, OXIMETRY)
    assert {vital: (spot.value, spot.unit) for vital, spot in spots.items()} == {
        Vital.SPO2: (96.0, "%"),
        Vital.PULSE: (72.0, "/min"),
    }
    for spot in spots.values():
        assert (spot.measured_at, spot.raw_at, spot.quality) == (NOW, None, Quality(0))
        assert spot.device == "A"


@pytest.mark.parametrize("special", list(NotANumber))
def test_what_is_no_number_reaches_the_domain_as_an_invalid_value(special: NotANumber) -> None:
    spots = observed(oximeter.CONTINUOUS, OXIMETRY | {"spo2_percent": special})
    assert (spots[Vital.SPO2].value, spots[Vital.SPO2].quality) == (None, Quality.INVALID)
    assert (spots[Vital.PULSE].value, spots[Vital.PULSE].quality) == (72.0, Quality(0))


def test_a_value_no_living_person_shows_is_kept_and_marked() -> None:
    # Nordic's own example of pressures: kPa sent as mmHg
    spots = observed(BY_CODE[0x2A35], PRESSURE | {"systolic": Number(189, -1)})
    spot = spots[Vital.SYSTOLIC]
    assert (spot.value, spot.quality) == (18.9, Quality.IMPLAUSIBLE)


@pytest.mark.parametrize(
    ("table", "values", "vital", "value"),
    [
        (thermometer.MEASUREMENT, {"temperature": Number(372, -1)}, Vital.TEMPERATURE, 37.2),
        (
            thermometer.MEASUREMENT,
            {"temperature": Number(986, -1), "unit": "[degF]"},
            Vital.TEMPERATURE,
            37.0,
        ),
        (weight.MEASUREMENT, {"weight": Decimal("70.005")}, Vital.WEIGHT, 70.005),
        (
            weight.MEASUREMENT,
            {"weight": Decimal("154.00"), "unit": "[lb_av]"},
            Vital.WEIGHT,
            69.85322498,
        ),
        (
            blood_pressure.MEASUREMENT,
            PRESSURE | {"systolic": Number(16), "unit": "kPa"},
            Vital.SYSTOLIC,
            pytest.approx(120.0, abs=0.02),
        ),
        (
            blood_pressure.MEASUREMENT,
            PRESSURE | {"unit": "kPa"},
            Vital.PULSE,
            60.0,
        ),
        (heart_rate.MEASUREMENT, {"heart_rate_per_minute": 75}, Vital.PULSE, 75.0),
    ],
)
def test_values_come_in_their_own_unit(
    table: Table, values: dict[str, Value], vital: Vital, value: float
) -> None:
    spot = observed(table, values)[vital]
    assert (spot.value, spot.quality) == (value, Quality(0))


def test_a_weight_that_could_not_be_measured_is_an_invalid_value() -> None:
    spot = observed(weight.MEASUREMENT, {"weight": NotANumber.NAN})[Vital.WEIGHT]
    assert (spot.value, spot.quality) == (None, Quality.INVALID)


@pytest.mark.parametrize(
    ("status", "sensor", "held"),
    [
        (MeasurementStatus.VALIDATED_DATA, None, Quality(0)),
        (MeasurementStatus.INVALID_MEASUREMENT, None, Quality.INVALID),
        (MeasurementStatus.MEASUREMENT_UNAVAILABLE, None, Quality.INVALID),
        (MeasurementStatus.QUESTIONABLE_MEASUREMENT, None, Quality.QUESTIONABLE),
        (MeasurementStatus.EARLY_ESTIMATED_DATA, None, Quality.EARLY_ESTIMATE),
        (MeasurementStatus.DATA_FOR_TESTING, None, Quality.DEMONSTRATION),
        (None, SensorStatus.LOW_PERFUSION, Quality.LOW_PERFUSION),
        (None, SensorStatus.ERRATIC_SIGNAL, Quality.QUESTIONABLE),
        (
            None,
            SensorStatus.SENSOR_DISCONNECTED,
            Quality.QUESTIONABLE | Quality.LOW_PERFUSION | Quality.INVALID,
        ),
    ],
)
def test_the_words_of_an_oximeter_are_held_against_the_value(
    status: MeasurementStatus | None, sensor: SensorStatus | None, held: Quality
) -> None:
    words = {"measurement_status": status, "sensor_status": sensor}
    said = {name: word for name, word in words.items() if word is not None}
    assert observed(oximeter.CONTINUOUS, {**OXIMETRY, **said})[Vital.SPO2].quality == held


def test_what_a_cuff_says_of_the_pulse_is_not_held_against_the_pressures() -> None:
    spots = observed(
        blood_pressure.MEASUREMENT,
        {**PRESSURE, "measurement_status": CuffStatus.PULSE_ABOVE_RANGE},
    )
    assert [spots[vital].quality for vital in (Vital.SYSTOLIC, Vital.DIASTOLIC, Vital.PULSE)] == [
        Quality(0),
        Quality(0),
        Quality.QUESTIONABLE,
    ]
    moved = {**PRESSURE, "measurement_status": CuffStatus.BODY_MOVEMENT}
    said = observed(blood_pressure.MEASUREMENT, moved)
    assert all(spot.quality == Quality.QUESTIONABLE for spot in said.values())


@pytest.mark.parametrize(
    ("contact", "supported", "held"),
    [
        (False, False, Quality(0)),
        (True, True, Quality(0)),
        (False, True, Quality.QUESTIONABLE | Quality.INVALID),
    ],
)
def test_a_strap_that_touches_nobody_measures_nothing(
    contact: bool, supported: bool, held: Quality
) -> None:
    values: dict[str, Value] = {"contact": contact, "contact_supported": supported}
    spot = observed(heart_rate.MEASUREMENT, values | {"heart_rate_per_minute": 70})[Vital.PULSE]
    assert spot.quality == held


def test_no_bit_with_a_name_is_forgotten() -> None:
    """Each is held against the value, or said to be nothing against it; none is both."""
    fates = list(
        chain(
            quality.HELD_AGAINST,
            quality.SENSOR_HELD_AGAINST,
            quality.CUFF_HELD_AGAINST,
            quality.PULSE_HELD_AGAINST,
            quality.METER_HELD_AGAINST,
            quality.NOTHING_AGAINST,
            quality.SENSOR_NOTHING_AGAINST,
            quality.METER_NOTHING_AGAINST,
        )
    )
    words: tuple[type[IntFlag], ...] = (MeasurementStatus, SensorStatus, CuffStatus, MeterStatus)
    named = [(type(bit), bit.value) for word in words for bit in word]
    assert sorted((type(bit).__name__, bit.value) for bit in fates) == sorted(
        (kind.__name__, value) for kind, value in named
    )


STAMP: dict[str, Value] = {"timestamp": DateTime(2017, 1, 1, 1, 34, 19), "clock_not_set": True}


def test_a_stamp_of_a_clock_never_set_is_replaced_and_marked() -> None:
    spot = observed(oximeter.SPOT_CHECK, OXIMETRY | STAMP)[Vital.SPO2]
    assert (spot.measured_at, spot.quality) == (NOW, Quality.TIME_FAULT)
    assert spot.raw_at == datetime(2017, 1, 1, 0, 34, 19, tzinfo=UTC)


def test_a_value_from_memory_without_its_time_is_marked() -> None:
    status = MeasurementStatus.DATA_FROM_MEASUREMENT_STORAGE
    spot = observed(oximeter.SPOT_CHECK, {**OXIMETRY, "measurement_status": status})[Vital.SPO2]
    assert (spot.measured_at, spot.quality) == (NOW, Quality.TIME_FAULT)


def test_a_clock_seen_beside_ours_places_the_stamp() -> None:
    seen = Coincident(device=datetime(2017, 1, 1, 1, 36, 19), at=NOW)  # noqa: DTZ001
    heard = Reception(device="A", received_at=NOW, zone=PARIS, coincident=seen)
    spot = observed(oximeter.SPOT_CHECK, OXIMETRY | STAMP, heard)[Vital.SPO2]
    assert (spot.measured_at, spot.quality) == (NOW - timedelta(minutes=2), Quality(0))


def test_what_is_not_finished_is_no_observation() -> None:
    assert observed(BY_CODE[0x2A36], PRESSURE) == {}
