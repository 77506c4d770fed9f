"""Planning a batch: which items are new, whose they are, what is written.

Nothing is refused for lack of context: an item is a row, a quarantined item or a duplicate, and
is acknowledged in each case, because each is durable once the transaction is committed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from uuid import UUID

from core.vitals import Quality, quality_of
from devices.assignment import Assignment, patient_at
from devices.envelope import EventItem, Item, SampledItem, SpotItem, encode_item
from devices.envelope_parse import BadItem
from ingest.incoming import Incoming, Upload, item_times, uploads_of
from ingest.minutes import sample_times, stretch_quality, summarise_minutes
from ingest.plausibility import FUTURE_LIMIT, PAST_LIMIT, judge_time
from ingest.quarantine import Quarantined, Reason
from ingest.ranges import ranges_of
from ingest.rows import (
    Acknowledged,
    DeviceEventRow,
    DueRow,
    Plan,
    ReadingRow,
    SampledRow,
    Stream,
    StreamKey,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the database knows about those who are named in a batch."""

    streams: Mapping[StreamKey, Stream]
    gateways: Mapping[str, UUID]
    """In service, with the organisation that runs each."""
    assignments: Mapping[str, Sequence[Assignment]]
    """By device; a device that is not there is unknown."""


def stream_keys(units: Incoming) -> list[StreamKey]:
    """Return the streams a batch touches, in the order in which they are locked."""
    names = {(upload.gateway, upload.epoch) for upload in uploads_of(units)}
    return [StreamKey(source=source, epoch=epoch) for source, epoch in sorted(names)]


def devices_of(units: Incoming) -> list[str]:
    """Return the devices a batch names."""
    return sorted({item.device for upload in uploads_of(units) for item in upload.envelope.items})


def believable_span(now: datetime) -> tuple[datetime, datetime]:
    """Return the earliest and latest time of measurement that is believed at `now`."""
    return now - PAST_LIMIT, now + FUTURE_LIMIT


def plan_batch(units: Incoming, known: Known, now: datetime) -> Plan:
    """Decide what becomes of every item of a batch received at `now`."""
    draft = _Draft(known=known, now=now)
    for unit in units:
        if isinstance(unit, Quarantined):
            draft.quarantined.append(unit)
        elif isinstance(unit, Upload):
            _plan_upload(draft, unit)
    fresh = {known.streams[key].id: ranges_of(numbers) for key, numbers in draft.taken.items()}
    return Plan(
        readings=tuple(draft.readings),
        sampled=tuple(draft.sampled),
        events=tuple(draft.events),
        quarantined=tuple(draft.quarantined),
        dues=_plan_dues(draft.readings, draft.sampled),
        fresh={stream: ranges for stream, ranges in fresh.items() if ranges},
        acknowledged=_acknowledge(uploads_of(units)),
        duplicates=draft.duplicates,
    )


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A plan while it is made."""

    known: Known
    now: datetime
    readings: list[ReadingRow] = field(default_factory=list)
    sampled: list[SampledRow] = field(default_factory=list)
    events: list[DeviceEventRow] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    taken: dict[StreamKey, set[int]] = field(default_factory=dict)
    duplicates: int = 0


def _plan_upload(draft: _Draft, upload: Upload) -> None:
    key = StreamKey(source=upload.gateway, epoch=upload.epoch)
    stream = draft.known.streams[key]
    taken = draft.taken.setdefault(key, set())
    before = frozenset(taken)
    for bad in upload.envelope.bad:
        # Compared with what came before this envelope: a number used twice within it is kept
        # twice, once as the item and once in quarantine.
        if bad.n is not None and (bad.n in stream.received or bad.n in before):
            draft.duplicates += 1
            continue
        draft.quarantined.append(_quarantine_bad(upload, bad))
        if bad.n is not None:
            taken.add(bad.n)
    for item in upload.envelope.items:
        if item.n in stream.received or item.n in before:
            draft.duplicates += 1
            continue
        taken.add(item.n)
        _plan_item(draft, upload, stream, item)


def _plan_item(draft: _Draft, upload: Upload, stream: Stream, item: Item) -> None:
    first, last = item_times(item)
    assignments = draft.known.assignments.get(item.device, ())
    patient = patient_at(assignments, first)
    reason = _judge_origin(draft.known, upload, item) or judge_time(first, last, draft.now)
    if reason is None and not isinstance(item, EventItem):
        reason = _judge_patient(patient, patient_at(assignments, last))
    if reason is not None:
        draft.quarantined.append(_quarantine_item(upload, item, reason, patient, first))
    elif isinstance(item, EventItem):
        draft.events.append(_event_row(item, stream, patient))
    elif patient is not None:
        _add_reading(draft, item, stream, patient)


def _judge_origin(known: Known, upload: Upload, item: Item) -> Reason | None:
    if upload.gateway not in known.gateways:
        return Reason.UNKNOWN_GATEWAY
    if item.device not in known.assignments:
        return Reason.UNKNOWN_DEVICE
    lender = known.assignments[item.device][0].organisation
    return None if lender == known.gateways[upload.gateway] else Reason.FOREIGN_DEVICE


def _judge_patient(at_first: int | None, at_last: int | None) -> Reason | None:
    if at_first is None or at_last is None:
        return Reason.NOT_ASSIGNED
    return None if at_first == at_last else Reason.TWO_PATIENTS


def _add_reading(draft: _Draft, item: SpotItem | SampledItem, stream: Stream, patient: int) -> None:
    match item:
        case SpotItem():
            draft.readings.append(_reading_row(item, stream, patient))
        case SampledItem():
            draft.sampled.append(_sampled_row(item, stream, patient))
        case _:
            assert_never(item)


def _reading_row(item: SpotItem, stream: Stream, patient: int) -> ReadingRow:
    quality = Quality(item.quality)
    if item.value is not None:
        quality = quality_of(item.vital_code, item.value, quality)
    return ReadingRow(
        measured_at=item.measured_at,
        patient_key=patient,
        source=stream.id,
        value=item.value,
        vital=item.vital_code,
        quality=quality,
    )


def _sampled_row(item: SampledItem, stream: Stream, patient: int) -> SampledRow:
    vital, samples = item.vital_code, tuple(item.values)
    quality = stretch_quality(vital, samples, Quality(item.quality))
    return SampledRow(
        start_at=item.start,
        patient_key=patient,
        source=stream.id,
        period_ms=item.period_ms,
        vital=vital,
        quality=quality,
        samples=samples,
        minutes=summarise_minutes(vital, item.start, item.period_ms, samples, quality),
    )


def _event_row(item: EventItem, stream: Stream, patient: int | None) -> DeviceEventRow:
    return DeviceEventRow(
        source=stream.id,
        device=item.device,
        patient_key=patient,
        event=item.event,
        at=item.at,
        detail=None if item.value is None else str(item.value),
    )


def _quarantine_item(
    upload: Upload, item: Item, reason: Reason, patient: int | None, measured_at: datetime
) -> Quarantined:
    return Quarantined(
        source=upload.gateway,
        epoch=upload.epoch,
        item_number=item.n,
        reason=reason,
        device=item.device,
        # A stranger's word about a device ties nothing to the patient who has it.
        patient_key=None if reason is Reason.FOREIGN_DEVICE else patient,
        measured_at=measured_at,
        payload=encode_item(item),
    )


def _quarantine_bad(upload: Upload, bad: BadItem) -> Quarantined:
    return Quarantined(
        source=upload.gateway,
        epoch=upload.epoch,
        item_number=bad.n,
        reason=Reason.MALFORMED_ITEM,
        detail=bad.reason,
        payload=bad.raw,
    )


def _plan_dues(readings: Iterable[ReadingRow], sampled: Iterable[SampledRow]) -> tuple[DueRow, ...]:
    """Return one row per patient, from the first to the last time of his new measurements."""
    spans: dict[int, tuple[datetime, datetime]] = {}
    for reading in readings:
        _widen(spans, reading.patient_key, reading.measured_at)
    for stretch in sampled:
        times = sample_times(stretch.start_at, stretch.period_ms, len(stretch.samples))
        for at in times:
            _widen(spans, stretch.patient_key, at)
    return tuple(
        DueRow(patient_key=patient, from_time=first, until_time=last)
        for patient, (first, last) in sorted(spans.items())
    )


def _widen(spans: dict[int, tuple[datetime, datetime]], patient: int, at: datetime) -> None:
    first, last = spans.get(patient, (at, at))
    spans[patient] = (min(first, at), max(last, at))


def _acknowledge(uploads: Iterable[Upload]) -> tuple[Acknowledged, ...]:
    numbers: dict[tuple[str, str], set[int]] = {}
    for upload in uploads:
        numbers.setdefault((upload.gateway, upload.epoch), set()).update(upload.numbers)
    return tuple(
        Acknowledged(key=StreamKey(source=source, epoch=epoch), numbers=ranges_of(found))
        for (source, epoch), found in numbers.items()
        if found
    )
