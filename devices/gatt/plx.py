"""Pulse Oximeter Service characteristics (PLXS 1.0.1): Continuous, Spot-check, Features.

Bits reserved for future use are ignored on reception, as the Bluetooth Core specification asks;
a frame whose length does not match its flags is refused whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag
from typing import TypeVar

from devices.gatt.cursor import Cursor, TruncatedError
from devices.gatt.date_time import DateTime, ImpossibleDateError
from devices.gatt.sfloat import Sfloat, decode_sfloat, encode_sfloat
from devices.malformed import Malformed

SERVICE_UUID = "00001822-0000-1000-8000-00805f9b34fb"
SPOT_CHECK_UUID = "00002a5e-0000-1000-8000-00805f9b34fb"
CONTINUOUS_UUID = "00002a5f-0000-1000-8000-00805f9b34fb"
FEATURES_UUID = "00002a60-0000-1000-8000-00805f9b34fb"


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


class ContinuousFlags(IntFlag):
    """Which optional fields a Continuous frame holds."""

    FAST = 1 << 0
    SLOW = 1 << 1
    STATUS = 1 << 2
    SENSOR = 1 << 3
    AMPLITUDE = 1 << 4


class SpotCheckFlags(IntFlag):
    """Which optional fields a Spot-check frame holds, and whether its clock was ever set."""

    TIMESTAMP = 1 << 0
    STATUS = 1 << 1
    SENSOR = 1 << 2
    AMPLITUDE = 1 << 3
    CLOCK_NOT_SET = 1 << 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """SpO2 in percent and pulse rate per minute, as one pair of SFLOATs."""

    spo2_percent: Sfloat
    pulse_per_minute: Sfloat

    @classmethod
    def take(cls, cursor: Cursor, name: str) -> "Pair":
        """Take four bytes."""
        return cls(
            spo2_percent=decode_sfloat(cursor.unsigned(2, f"{name} SpO2")),
            pulse_per_minute=decode_sfloat(cursor.unsigned(2, f"{name} pulse rate")),
        )

    def __bytes__(self) -> bytes:
        """Return the four bytes."""
        return _word(self.spo2_percent) + _word(self.pulse_per_minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuous:
    """PLX Continuous Measurement (0x2A5F); `amplitude_percent` is the pulse amplitude index."""

    normal: Pair
    fast: Pair | None = None
    slow: Pair | None = None
    status: MeasurementStatus | None = None
    sensor: SensorStatus | None = None
    amplitude_percent: Sfloat | None = None

    @classmethod
    def from_bytes(cls, frame: bytes) -> "Continuous | Malformed":
        """Decode one notification."""
        return _decode(frame, cls._take)

    @classmethod
    def _take(cls, cursor: Cursor) -> "Continuous":
        flags = ContinuousFlags(cursor.unsigned(1, "flags"))
        return cls(
            normal=Pair.take(cursor, "normal"),
            fast=Pair.take(cursor, "fast") if ContinuousFlags.FAST in flags else None,
            slow=Pair.take(cursor, "slow") if ContinuousFlags.SLOW in flags else None,
            status=_status(cursor, ContinuousFlags.STATUS in flags),
            sensor=_sensor(cursor, ContinuousFlags.SENSOR in flags),
            amplitude_percent=_amplitude(cursor, ContinuousFlags.AMPLITUDE in flags),
        )

    def __bytes__(self) -> bytes:
        """Encode as the oximeter would."""
        flags = (
            _flag(ContinuousFlags.FAST, self.fast)
            | _flag(ContinuousFlags.SLOW, self.slow)
            | _flag(ContinuousFlags.STATUS, self.status)
            | _flag(ContinuousFlags.SENSOR, self.sensor)
            | _flag(ContinuousFlags.AMPLITUDE, self.amplitude_percent)
        )
        pairs = b"".join(bytes(p) for p in (self.normal, self.fast, self.slow) if p is not None)
        return bytes([flags]) + pairs + _tail(self.status, self.sensor, self.amplitude_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheck:
    """PLX Spot-check Measurement (0x2A5E); `timestamp` is the device's own wall clock."""

    normal: Pair
    timestamp: DateTime | None = None
    status: MeasurementStatus | None = None
    sensor: SensorStatus | None = None
    amplitude_percent: Sfloat | None = None
    clock_not_set: bool = False

    @classmethod
    def from_bytes(cls, frame: bytes) -> "SpotCheck | Malformed":
        """Decode one indication."""
        return _decode(frame, cls._take)

    @classmethod
    def _take(cls, cursor: Cursor) -> "SpotCheck":
        flags = SpotCheckFlags(cursor.unsigned(1, "flags"))
        return cls(
            normal=Pair.take(cursor, "normal"),
            timestamp=DateTime.take(cursor) if SpotCheckFlags.TIMESTAMP in flags else None,
            status=_status(cursor, SpotCheckFlags.STATUS in flags),
            sensor=_sensor(cursor, SpotCheckFlags.SENSOR in flags),
            amplitude_percent=_amplitude(cursor, SpotCheckFlags.AMPLITUDE in flags),
            clock_not_set=SpotCheckFlags.CLOCK_NOT_SET in flags,
        )

    def __bytes__(self) -> bytes:
        """Encode as the oximeter would."""
        flags = (
            _flag(SpotCheckFlags.TIMESTAMP, self.timestamp)
            | _flag(SpotCheckFlags.STATUS, self.status)
            | _flag(SpotCheckFlags.SENSOR, self.sensor)
            | _flag(SpotCheckFlags.AMPLITUDE, self.amplitude_percent)
            | (SpotCheckFlags.CLOCK_NOT_SET if self.clock_not_set else 0)
        )
        timestamp = b"" if self.timestamp is None else bytes(self.timestamp)
        tail = _tail(self.status, self.sensor, self.amplitude_percent)
        return bytes([flags]) + bytes(self.normal) + timestamp + tail


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """PLX Features (0x2A60)."""

    supported: SupportedFeatures
    status_support: MeasurementStatus | None = None
    sensor_support: SensorStatus | None = None

    @classmethod
    def from_bytes(cls, frame: bytes) -> "Features | Malformed":
        """Decode the value read."""
        return _decode(frame, cls._take)

    @classmethod
    def _take(cls, cursor: Cursor) -> "Features":
        supported = SupportedFeatures(cursor.unsigned(2, "supported features"))
        return cls(
            supported=supported,
            status_support=_status(cursor, SupportedFeatures.MEASUREMENT_STATUS in supported),
            sensor_support=_sensor(cursor, SupportedFeatures.SENSOR_STATUS in supported),
        )

    def __bytes__(self) -> bytes:
        """Encode as the oximeter would; the two support bits follow the fields."""
        optional = SupportedFeatures.MEASUREMENT_STATUS | SupportedFeatures.SENSOR_STATUS
        supported = (
            (self.supported & ~optional)
            | _flag(SupportedFeatures.MEASUREMENT_STATUS, self.status_support)
            | _flag(SupportedFeatures.SENSOR_STATUS, self.sensor_support)
        )
        return supported.to_bytes(2, "little") + _tail(
            self.status_support, self.sensor_support, None
        )


T = TypeVar("T")


def _decode(frame: bytes, take: Callable[[Cursor], T]) -> T | Malformed:
    cursor = Cursor(frame)
    try:
        value = take(cursor)
    except (TruncatedError, ImpossibleDateError) as refusal:
        return Malformed(reason=str(refusal))
    if cursor.left:
        return Malformed(reason=f"{cursor.left} bytes after the last field")
    return value


def _status(cursor: Cursor, present: bool) -> MeasurementStatus | None:
    return MeasurementStatus(cursor.unsigned(2, "measurement status")) if present else None


def _sensor(cursor: Cursor, present: bool) -> SensorStatus | None:
    return SensorStatus(cursor.unsigned(3, "device and sensor status")) if present else None


def _amplitude(cursor: Cursor, present: bool) -> Sfloat | None:
    return decode_sfloat(cursor.unsigned(2, "pulse amplitude index")) if present else None


def _flag(flag: int, field: object | None) -> int:
    return 0 if field is None else flag


def _word(sfloat: Sfloat) -> bytes:
    return encode_sfloat(sfloat).to_bytes(2, "little")


def _tail(
    status: MeasurementStatus | None, sensor: SensorStatus | None, amplitude: Sfloat | None
) -> bytes:
    return (
        (b"" if status is None else status.to_bytes(2, "little"))
        + (b"" if sensor is None else sensor.to_bytes(3, "little"))
        + (b"" if amplitude is None else _word(amplitude))
    )
