"""What a device observed: a spot value, a regularly sampled stretch, or an event of the device.

A value that is no number (NaN, NRes, infinity) is `None` with `Quality.INVALID`: it is carried
on, because a sensor that stops measuring is news, and it can never be taken for a measurement.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypeAlias, assert_never

from core.vitals import VITALS, Quality, Vital, quality_of
from devices.gatt.plx import Continuous, MeasurementStatus, Pair, SensorStatus, SpotCheck
from devices.gatt.sfloat import NotANumber, Number, Sfloat

# A device clock ahead of ours by more than this is not believed (reliability rule: a reading dated
# in the future would hide every later one). Proposed.
CLOCK_AHEAD_LIMIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One value of one vital sign; `raw_at` is the device's own clock, read as UTC."""

    device: str
    vital: Vital
    value: float | None
    measured_at: datetime
    raw_at: datetime | None
    quality: Quality

    @property
    def unit(self) -> str:
        """The UCUM unit of the value."""
        return VITALS[self.vital].ucum


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """Values at `start`, `start + period_ms`, …; None where no number was measured."""

    device: str
    vital: Vital
    start: datetime
    period_ms: int
    values: tuple[int | None, ...]
    quality: Quality

    @property
    def unit(self) -> str:
        """The UCUM unit of the values."""
        return VITALS[self.vital].ucum


class EventCode(StrEnum):
    """What can happen to a device at home."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    SILENT = "silent"
    BATTERY = "battery"
    TIME_FAULT = "time_fault"
    MALFORMED_FRAME = "malformed_frame"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEvent:
    """An event of a device; `value` is its detail (battery percent, reason of a refusal)."""

    device: str
    event: EventCode
    at: datetime
    value: str | float | None = None


Observation: TypeAlias = Spot | Sampled | DeviceEvent


def from_continuous(frame: Continuous, *, device: str, received_at: datetime) -> tuple[Spot, Spot]:
    """Return SpO2 and pulse of a live frame, measured when it was received."""
    quality = status_quality(frame.status, frame.sensor)
    return _spots(frame.normal, device, received_at, None, quality)


def from_spot_check(
    frame: SpotCheck, *, device: str, received_at: datetime, zone: tzinfo
) -> tuple[Spot, Spot]:
    """Return SpO2 and pulse of a spot check; `zone` is where the device's wall clock hangs.

    The device's time is used when its clock is set, complete and not ahead of ours; else the
    time of reception, with `Quality.TIME_FAULT` if a true time of measurement may be hidden.
    """
    raw_at = None if frame.timestamp is None else frame.timestamp.instant(zone)
    quality = status_quality(frame.status, frame.sensor)
    trusted = raw_at is not None and not frame.clock_not_set
    if trusted and raw_at is not None and raw_at <= received_at + CLOCK_AHEAD_LIMIT:
        return _spots(frame.normal, device, min(raw_at, received_at), raw_at, quality)
    stored = MeasurementStatus.DATA_FROM_MEASUREMENT_STORAGE & (frame.status or 0)
    if frame.timestamp is not None or frame.clock_not_set or stored:
        quality |= Quality.TIME_FAULT
    return _spots(frame.normal, device, received_at, raw_at, quality)


def status_quality(status: MeasurementStatus | None, sensor: SensorStatus | None) -> Quality:
    """Translate the status words of PLXS into what is held against the value."""
    quality = Quality(0)
    for status_bits, flag in _STATUS_QUALITY:
        if status_bits & (status or 0):
            quality |= flag
    for sensor_bits, flag in _SENSOR_QUALITY:
        if sensor_bits & (sensor or 0):
            quality |= flag
    return quality


_STATUS_QUALITY = (
    (
        MeasurementStatus.INVALID_MEASUREMENT | MeasurementStatus.MEASUREMENT_UNAVAILABLE,
        Quality.INVALID,
    ),
    (
        MeasurementStatus.QUESTIONABLE_MEASUREMENT | MeasurementStatus.CALIBRATION_ONGOING,
        Quality.QUESTIONABLE,
    ),
    (
        MeasurementStatus.DATA_FOR_DEMONSTRATION | MeasurementStatus.DATA_FOR_TESTING,
        Quality.DEMONSTRATION,
    ),
    (MeasurementStatus.EARLY_ESTIMATED_DATA, Quality.EARLY_ESTIMATE),
)

# A sensor that touches nobody measures nothing; one that merely struggles may still be right.
_SENSOR_QUALITY = (
    (
        SensorStatus.SENSOR_UNCONNECTED_TO_USER
        | SensorStatus.SENSOR_DISCONNECTED
        | SensorStatus.SENSOR_DISPLACED
        | SensorStatus.SENSOR_MALFUNCTIONING
        | SensorStatus.UNKNOWN_SENSOR_CONNECTED
        | SensorStatus.EQUIPMENT_MALFUNCTION
        | SensorStatus.SIGNAL_PROCESSING_IRREGULARITY
        | SensorStatus.INADEQUATE_SIGNAL
        | SensorStatus.POOR_SIGNAL
        | SensorStatus.ERRATIC_SIGNAL
        | SensorStatus.NON_PULSATILE_SIGNAL
        | SensorStatus.QUESTIONABLE_PULSE
        | SensorStatus.SENSOR_INTERFERENCE,
        Quality.QUESTIONABLE,
    ),
    (
        SensorStatus.LOW_PERFUSION
        | SensorStatus.NON_PULSATILE_SIGNAL
        | SensorStatus.SENSOR_UNCONNECTED_TO_USER
        | SensorStatus.SENSOR_DISCONNECTED
        | SensorStatus.SENSOR_DISPLACED,
        Quality.LOW_PERFUSION,
    ),
    (
        SensorStatus.SENSOR_UNCONNECTED_TO_USER | SensorStatus.SENSOR_DISCONNECTED,
        Quality.INVALID,
    ),
)


def _spots(
    pair: Pair, device: str, measured_at: datetime, raw_at: datetime | None, quality: Quality
) -> tuple[Spot, Spot]:
    def spot(vital: Vital, sfloat: Sfloat) -> Spot:
        value, held_against = _judged(vital, sfloat, quality)
        return Spot(
            device=device,
            vital=vital,
            value=value,
            measured_at=measured_at,
            raw_at=raw_at,
            quality=held_against,
        )

    return spot(Vital.SPO2, pair.spo2_percent), spot(Vital.PULSE, pair.pulse_per_minute)


def _judged(vital: Vital, sfloat: Sfloat, quality: Quality) -> tuple[float | None, Quality]:
    match sfloat:
        case NotANumber():
            return None, quality | Quality.INVALID
        case Number():
            return sfloat.value, quality_of(vital, sfloat.value, quality)
        case _:
            assert_never(sfloat)
