"""Pulse Oximeter Service (0x1822, PLXS 1.0.1)."""

from enum import IntFlag
from typing import Final

from devices.gatt.engine import Field, Flags, Table, Told
from devices.gatt.kinds import Bits, Clock, Float
from devices.medfloat import SFLOAT

SERVICE_UUID: Final = "00001822-0000-1000-8000-00805f9b34fb"


class MeasurementStatus(IntFlag):
    """What the oximeter says of one measurement (16 bits)."""

    MEASUREMENT_ONGOING = 1 << 5
    EARLY_ESTIMATED_DATA = 1 << 6
    VALIDATED_DATA = 1 << 7
    FULLY_QUALIFIED_DATA = 1 << 8
    DATA_FROM_MEASUREMENT_STORAGE = 1 << 9
    DATA_FOR_DEMONSTRATION = 1 << 10
    DATA_FOR_TESTING = 1 << 11
    CALIBRATION_ONGOING = 1 << 12
    MEASUREMENT_UNAVAILABLE = 1 << 13
    QUESTIONABLE_MEASUREMENT = 1 << 14
    INVALID_MEASUREMENT = 1 << 15


class SensorStatus(IntFlag):
    """What the oximeter says of itself and of its sensor (24 bits)."""

    EXTENDED_DISPLAY_UPDATE_ONGOING = 1 << 0
    EQUIPMENT_MALFUNCTION = 1 << 1
    SIGNAL_PROCESSING_IRREGULARITY = 1 << 2
    INADEQUATE_SIGNAL = 1 << 3
    POOR_SIGNAL = 1 << 4
    LOW_PERFUSION = 1 << 5
    ERRATIC_SIGNAL = 1 << 6
    NON_PULSATILE_SIGNAL = 1 << 7
    QUESTIONABLE_PULSE = 1 << 8
    SIGNAL_ANALYSIS_ONGOING = 1 << 9
    SENSOR_INTERFERENCE = 1 << 10
    SENSOR_UNCONNECTED_TO_USER = 1 << 11
    UNKNOWN_SENSOR_CONNECTED = 1 << 12
    SENSOR_DISPLACED = 1 << 13
    SENSOR_MALFUNCTIONING = 1 << 14
    SENSOR_DISCONNECTED = 1 << 15


class SupportedFeatures(IntFlag):
    """What the oximeter can send (16 bits)."""

    MEASUREMENT_STATUS = 1 << 0
    SENSOR_STATUS = 1 << 1
    SPOT_CHECK_STORAGE = 1 << 2
    SPOT_CHECK_TIMESTAMP = 1 << 3
    FAST_PAIR = 1 << 4
    SLOW_PAIR = 1 << 5
    PULSE_AMPLITUDE_INDEX = 1 << 6
    MULTIPLE_BONDS = 1 << 7


_SFLOAT: Final = Float(SFLOAT)


def _pair(prefix: str = "", flag: int | None = None) -> tuple[Field, Field]:
    return (
        Field(f"{prefix}spo2_percent", _SFLOAT, flag, unit="%"),
        Field(f"{prefix}pulse_per_minute", _SFLOAT, flag, unit="/min"),
    )


def _tail(first_flag: int) -> tuple[Field, Field, Field]:
    return (
        Field("measurement_status", Bits(2, MeasurementStatus), first_flag),
        Field("sensor_status", Bits(3, SensorStatus), first_flag + 1),
        Field("pulse_amplitude_index_percent", _SFLOAT, first_flag + 2, unit="%"),
    )


SPOT_CHECK: Final = Table(
    code=0x2A5E,
    name="PLX Spot-Check Measurement",
    flags=Flags(told=(Told("clock_not_set", 4),)),
    fields=(*_pair(), Field("timestamp", Clock(), 0), *_tail(1)),
)
CONTINUOUS: Final = Table(
    code=0x2A5F,
    name="PLX Continuous Measurement",
    flags=Flags(),
    fields=(*_pair(), *_pair("fast_", 0), *_pair("slow_", 1), *_tail(2)),
)
FEATURES: Final = Table(
    code=0x2A60,
    name="PLX Features",
    flags=Flags(octets=2, name="supported", names=SupportedFeatures),
    fields=(
        Field("status_support", Bits(2, MeasurementStatus), 0),
        Field("sensor_support", Bits(3, SensorStatus), 1),
    ),
)
TABLES: Final = (SPOT_CHECK, CONTINUOUS, FEATURES)
