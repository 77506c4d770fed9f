"""What a device says of its own measurement, as what is held against the value.

Every bit that has a name is in one of two places: held against the value, or said to be nothing
against it. Proposed, to be validated by a clinician.
"""

from collections.abc import Mapping
from enum import IntFlag
from typing import Final

from core.vitals import Quality, Vital
from devices.gatt.blood_pressure import CuffStatus
from devices.gatt.engine import Record
from devices.gatt.glucose import MeterStatus, SampleLocation, SampleType
from devices.gatt.oximeter import MeasurementStatus, SensorStatus

# A sensor that touches nobody measures nothing; one that merely struggles may still be right.
_NOBODY: Final = Quality.QUESTIONABLE | Quality.LOW_PERFUSION | Quality.INVALID

HELD_AGAINST: Final[dict[IntFlag, Quality]] = {
    MeasurementStatus.INVALID_MEASUREMENT: Quality.INVALID,
    MeasurementStatus.MEASUREMENT_UNAVAILABLE: Quality.INVALID,
    MeasurementStatus.QUESTIONABLE_MEASUREMENT: Quality.QUESTIONABLE,
    MeasurementStatus.CALIBRATION_ONGOING: Quality.QUESTIONABLE,
    MeasurementStatus.DATA_FOR_DEMONSTRATION: Quality.DEMONSTRATION,
    MeasurementStatus.DATA_FOR_TESTING: Quality.DEMONSTRATION,
    MeasurementStatus.EARLY_ESTIMATED_DATA: Quality.EARLY_ESTIMATE,
}
SENSOR_HELD_AGAINST: Final[dict[IntFlag, Quality]] = {
    SensorStatus.SENSOR_UNCONNECTED_TO_USER: _NOBODY,
    SensorStatus.SENSOR_DISCONNECTED: _NOBODY,
    SensorStatus.SENSOR_DISPLACED: Quality.QUESTIONABLE | Quality.LOW_PERFUSION,
    SensorStatus.NON_PULSATILE_SIGNAL: Quality.QUESTIONABLE | Quality.LOW_PERFUSION,
    SensorStatus.LOW_PERFUSION: Quality.LOW_PERFUSION,
    SensorStatus.SENSOR_MALFUNCTIONING: Quality.QUESTIONABLE,
    SensorStatus.UNKNOWN_SENSOR_CONNECTED: Quality.QUESTIONABLE,
    SensorStatus.EQUIPMENT_MALFUNCTION: Quality.QUESTIONABLE,
    SensorStatus.SIGNAL_PROCESSING_IRREGULARITY: Quality.QUESTIONABLE,
    SensorStatus.INADEQUATE_SIGNAL: Quality.QUESTIONABLE,
    SensorStatus.POOR_SIGNAL: Quality.QUESTIONABLE,
    SensorStatus.ERRATIC_SIGNAL: Quality.QUESTIONABLE,
    SensorStatus.QUESTIONABLE_PULSE: Quality.QUESTIONABLE,
    SensorStatus.SENSOR_INTERFERENCE: Quality.QUESTIONABLE,
}
CUFF_HELD_AGAINST: Final[dict[IntFlag, Quality]] = {
    CuffStatus.BODY_MOVEMENT: Quality.QUESTIONABLE,
    CuffStatus.CUFF_TOO_LOOSE: Quality.QUESTIONABLE,
    CuffStatus.IRREGULAR_PULSE: Quality.QUESTIONABLE,
    CuffStatus.IMPROPER_POSITION: Quality.QUESTIONABLE,
}
PULSE_HELD_AGAINST: Final[dict[IntFlag, Quality]] = {
    CuffStatus.PULSE_ABOVE_RANGE: Quality.QUESTIONABLE,
    CuffStatus.PULSE_BELOW_RANGE: Quality.QUESTIONABLE,
}
"""These two speak of the pulse alone, not of the pressures."""
METER_HELD_AGAINST: Final[dict[IntFlag, Quality]] = {
    MeterStatus.SENSOR_MALFUNCTION: Quality.INVALID,
    MeterStatus.SAMPLE_TOO_SMALL: Quality.INVALID,
    MeterStatus.STRIP_INSERTION_ERROR: Quality.INVALID,
    MeterStatus.STRIP_TYPE_INCORRECT: Quality.INVALID,
    MeterStatus.READ_INTERRUPTED: Quality.INVALID,
    MeterStatus.GENERAL_FAULT: Quality.INVALID,
    MeterStatus.RESULT_ABOVE_RANGE: Quality.QUESTIONABLE,
    MeterStatus.RESULT_BELOW_RANGE: Quality.QUESTIONABLE,
    MeterStatus.TEMPERATURE_TOO_HIGH: Quality.QUESTIONABLE,
    MeterStatus.TEMPERATURE_TOO_LOW: Quality.QUESTIONABLE,
    MeterStatus.TIME_FAULT: Quality.TIME_FAULT,
}
NOTHING_AGAINST: Final[frozenset[IntFlag]] = frozenset(
    {
        MeasurementStatus.MEASUREMENT_ONGOING,
        MeasurementStatus.VALIDATED_DATA,
        MeasurementStatus.FULLY_QUALIFIED_DATA,
        MeasurementStatus.DATA_FROM_MEASUREMENT_STORAGE,  # asks for its time, see `observing`
    }
)
SENSOR_NOTHING_AGAINST: Final[frozenset[IntFlag]] = frozenset(
    {SensorStatus.EXTENDED_DISPLAY_UPDATE_ONGOING, SensorStatus.SIGNAL_ANALYSIS_ONGOING}
)
METER_NOTHING_AGAINST: Final[frozenset[IntFlag]] = frozenset({MeterStatus.BATTERY_LOW})

_CONTROLS: Final = frozenset(
    (kind, location)
    for kind in range(16)
    for location in range(16)
    if kind == SampleType.CONTROL_SOLUTION or location == SampleLocation.CONTROL_SOLUTION
)
"""Drops of a solution that checks the meter are nobody's blood."""


def quality_said(record: Record, vital: Vital | None = None) -> Quality:
    """Return what the device itself holds against the value of `vital` in `record`."""
    values = record.values
    quality = _from_bits(values.get("measurement_status"), vital)
    quality |= _from_bits(values.get("sensor_status"), vital)
    if values.get("contact_supported") and not values.get("contact"):
        quality |= Quality.QUESTIONABLE | Quality.INVALID
    if values.get("type_and_location", (0, 0)) in _CONTROLS:
        quality |= Quality.DEMONSTRATION
    return quality


def _from_bits(word: object, vital: Vital | None) -> Quality:
    match word:
        case MeasurementStatus():
            return _sum(HELD_AGAINST, word)
        case SensorStatus():
            return _sum(SENSOR_HELD_AGAINST, word)
        case CuffStatus():
            pulse = PULSE_HELD_AGAINST if vital is Vital.PULSE else {}
            return _sum(CUFF_HELD_AGAINST, word) | _sum(pulse, word)
        case MeterStatus():
            return _sum(METER_HELD_AGAINST, word)
        case _:
            return Quality(0)


def _sum(held: Mapping[IntFlag, Quality], word: int) -> Quality:
    quality = Quality(0)
    for bit, flag in held.items():
        if bit & word:
            quality |= flag
    return quality
