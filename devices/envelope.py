"""Wire envelope, version 1: what the gateway publishes, and what the platform answers.

Every item carries its own number `n` in the sequence of one boot of the gateway (from 1, never
reused): gateway, boot and `n` name an item for ever, and are what duplicates are told by.
Parsing never raises: a payload that is no envelope is `Malformed`, and an item that is no item
leaves the others usable. Described for readers in `docs/reference/envelope-v1.md`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, TypeAlias, assert_never
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from core.vitals import VITAL_BY_SLUG, VITALS, Quality, Vital
from devices.measurement import DeviceEvent, EventCode, Observation, Sampled, Spot

MAX_ENVELOPE_BYTES = 256 * 1024
MAX_ITEMS = 1000
MAX_SAMPLES = 3600
# int8multirange writes the range [a, b] as [a, b + 1), so the greatest int64 itself cannot be told.
MAX_NUMBER = 2**63 - 2
MAX_QUALITY = sum(int(flag) for flag in Quality)
MAX_ACK_RANGES = 4096
MAX_DETAIL_CHARACTERS = 256

Number: TypeAlias = Annotated[int, Meta(ge=1, le=MAX_NUMBER)]
Device: TypeAlias = Annotated[str, Meta(pattern=r"^[!-~]{1,64}$")]
VitalSlug: TypeAlias = Annotated[str, Meta(extra_json_schema={"enum": sorted(VITAL_BY_SLUG)})]
Unit: TypeAlias = Annotated[
    str, Meta(extra_json_schema={"enum": sorted({info.ucum for info in VITALS.values()})})
]
QualityFlags: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_QUALITY)]
Instant: TypeAlias = Annotated[datetime, Meta(tz=True)]
Finite: TypeAlias = Annotated[float, Meta(ge=-1e12, le=1e12)]
Sample: TypeAlias = Annotated[int, Meta(ge=-32768, le=32767)]
Detail: TypeAlias = Annotated[str, Meta(pattern=r"^[ -~]{0,256}$")]


class SpotItem(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="spot"
):
    """One value; null only when `quality` says it is invalid."""

    n: Number
    device: Device
    vital: VitalSlug
    value: Finite | None
    unit: Unit
    measured_at: Instant
    raw_at: Instant | None
    quality: QualityFlags

    def __post_init__(self) -> None:
        """Refuse a unit, time or missing value that does not go with the rest."""
        check_unit(self.vital, self.unit)
        check_utc("measured_at", self.measured_at)
        check_utc("raw_at", self.raw_at)
        check_missing(self.value is None, self.quality)

    @property
    def vital_code(self) -> Vital:
        """The vital sign by its code in the database."""
        return VITAL_BY_SLUG[self.vital]


class SampledItem(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="sampled"
):
    """Values at `start`, `start + period_ms`, …; null where no number was measured."""

    n: Number
    device: Device
    vital: VitalSlug
    unit: Unit
    start: Instant
    period_ms: Annotated[int, Meta(ge=10, le=3_600_000)]
    values: Annotated[list[Sample | None], Meta(min_length=1, max_length=MAX_SAMPLES)]
    quality: QualityFlags

    def __post_init__(self) -> None:
        """Refuse a unit, time or missing value that does not go with the rest."""
        check_unit(self.vital, self.unit)
        check_utc("start", self.start)
        check_end(self.start, self.period_ms * len(self.values))

    @property
    def vital_code(self) -> Vital:
        """The vital sign by its code in the database."""
        return VITAL_BY_SLUG[self.vital]


class EventItem(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="event"
):
    """Something that happened to a device."""

    n: Number
    device: Device
    event: EventCode
    at: Instant
    value: Detail | Finite | None

    def __post_init__(self) -> None:
        """Refuse a time that is not UTC."""
        check_utc("at", self.at)


Item: TypeAlias = SpotItem | SampledItem | EventItem


class Ack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The platform holds these items for good; both ends of each range belong to it."""

    v: Literal[1]
    boot: UUID
    ranges: Annotated[list[tuple[Number, Number]], Meta(max_length=MAX_ACK_RANGES)]


class Status(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the gateway is there (retained), and how many items wait in its spool."""

    v: Literal[1]
    online: bool
    boot: UUID
    at: Instant
    spooled: Annotated[int, Meta(ge=0, le=MAX_NUMBER)]

    def __post_init__(self) -> None:
        """Refuse a time that is not UTC."""
        check_utc("at", self.at)


def to_item(observation: Observation, *, n: int) -> Item:
    """Return `observation` as item `n` of a boot; a detail is cut to what the wire allows."""
    match observation:
        case Spot():
            return SpotItem(
                n=n,
                device=observation.device,
                vital=VITALS[observation.vital].slug,
                value=observation.value,
                unit=observation.unit,
                measured_at=observation.measured_at,
                raw_at=observation.raw_at,
                quality=int(observation.quality),
            )
        case Sampled():
            return SampledItem(
                n=n,
                device=observation.device,
                vital=VITALS[observation.vital].slug,
                unit=observation.unit,
                start=observation.start,
                period_ms=observation.period_ms,
                values=list(observation.values),
                quality=int(observation.quality),
            )
        case DeviceEvent():
            value = observation.value
            return EventItem(
                n=n,
                device=observation.device,
                event=observation.event,
                at=observation.at,
                value=value[:MAX_DETAIL_CHARACTERS] if isinstance(value, str) else value,
            )
        case _:
            assert_never(observation)


def to_observation(item: Item) -> Observation:
    """Return what `item` says, without its number."""
    match item:
        case SpotItem():
            return Spot(
                device=item.device,
                vital=item.vital_code,
                value=item.value,
                measured_at=item.measured_at,
                raw_at=item.raw_at,
                quality=Quality(item.quality),
            )
        case SampledItem():
            return Sampled(
                device=item.device,
                vital=item.vital_code,
                start=item.start,
                period_ms=item.period_ms,
                values=tuple(item.values),
                quality=Quality(item.quality),
            )
        case EventItem():
            return DeviceEvent(device=item.device, event=item.event, at=item.at, value=item.value)
        case _:
            assert_never(item)


def check_unit(vital: str, unit: str) -> None:
    """ValueError unless `vital` is known and `unit` is exactly its unit."""
    if vital not in VITAL_BY_SLUG:
        raise ValueError("unknown vital")
    if unit != VITALS[VITAL_BY_SLUG[vital]].ucum:
        raise ValueError(f"unit of {vital} is not {VITALS[VITAL_BY_SLUG[vital]].ucum}")


def check_utc(name: str, instant: datetime | None) -> None:
    """ValueError unless `instant` is absent or in UTC."""
    if instant is not None and instant.utcoffset() != timedelta(0):
        raise ValueError(f"{name} is not in UTC")


def check_missing(missing: bool, quality: int) -> None:
    """ValueError if a value is missing and nothing says that it is invalid."""
    if missing and not Quality.INVALID & quality:
        raise ValueError("value is null but quality does not say invalid")


def check_end(start: datetime, span_ms: int) -> None:
    """ValueError if the last sample lies beyond the calendar."""
    if start > datetime.max.replace(tzinfo=UTC) - timedelta(milliseconds=span_ms):
        raise ValueError("start is beyond the calendar")


def encode_item(item: Item) -> bytes:
    """Return the JSON of one item, as the spool keeps it."""
    return msgspec.json.encode(item)


def encode_envelope(*, boot: UUID, seq: int, sent_at: datetime, items: Sequence[bytes]) -> bytes:
    """Return an envelope around items that are encoded already."""
    return msgspec.json.encode(
        {
            "v": 1,
            "boot": boot,
            "seq": seq,
            "sent_at": sent_at,
            "items": [msgspec.Raw(item) for item in items],
        }
    )


def encode_ack(*, boot: UUID, ranges: list[tuple[int, int]]) -> bytes:
    """Return an acknowledgement; each range is (first, last), both included."""
    return msgspec.json.encode(Ack(v=1, boot=boot, ranges=ranges))


def encode_status(*, online: bool, boot: UUID, at: datetime, spooled: int) -> bytes:
    """Return a status message."""
    return msgspec.json.encode(Status(v=1, online=online, boot=boot, at=at, spooled=spooled))
