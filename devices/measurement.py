"""What a device observed: a spot value, a regularly sampled stretch, or an event of the device.

A value that is no number (NaN, NRes, infinity) is `None` with `Quality.INVALID`: it is carried
on, because a sensor that stops measuring is news, and it can never be taken for a measurement.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from core.vitals import VITALS, Quality, Vital


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
