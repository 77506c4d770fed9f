"""Rows of the time series and their companions, before they are written."""

from dataclasses import dataclass
from datetime import datetime

from core.vitals import Quality, Vital
from devices.measurement import EventCode
from ingest.minutes import Minute
from ingest.quarantine import Quarantined
from ingest.ranges import Ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamKey:
    """A gateway and one of its boots: within it every item number is used once."""

    source: str
    epoch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A stream as the database knows it: the numbers it has received."""

    id: int
    source: str
    epoch: str
    received: Ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """A single value; None when the device found no number."""

    measured_at: datetime
    patient_key: int
    source: int
    value: float | None
    vital: Vital
    quality: Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledRow:
    """A sampled stretch with the summaries of its minutes."""

    start_at: datetime
    patient_key: int
    source: int
    period_ms: int
    vital: Vital
    quality: Quality
    samples: tuple[int | None, ...]
    minutes: tuple[Minute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEventRow:
    """Something that happened to a device, whoever had it."""

    source: int
    device: str
    patient_key: int | None
    event: EventCode
    at: datetime
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """A patient with new readings, measured between two instants, that nobody has judged."""

    patient_key: int
    from_time: datetime
    until_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Numbers of a stream that are kept for good, whatever became of them."""

    key: StreamKey
    numbers: Ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything one transaction writes, and what may be said once it is committed."""

    readings: tuple[ReadingRow, ...]
    sampled: tuple[SampledRow, ...]
    events: tuple[DeviceEventRow, ...]
    quarantined: tuple[Quarantined, ...]
    dues: tuple[DueRow, ...]
    fresh: dict[int, Ranges]
    acknowledged: tuple[Acknowledged, ...]
    duplicates: int

    @property
    def stored(self) -> int:
        """How many items are stored as what they are."""
        return len(self.readings) + len(self.sampled) + len(self.events)
