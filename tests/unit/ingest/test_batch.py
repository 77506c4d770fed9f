"""Planning a batch: any interleaving and repetition of envelopes stores each item exactly once."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vitals import Quality, Vital
from devices.assignment import Assignment
from ingest.batch import Known, devices_of, plan_batch, stream_keys
from ingest.incoming import GatewayStatus, Incoming, Upload, condemn, halve, read_message
from ingest.message import Message
from ingest.quarantine import Quarantined, Reason
from ingest.ranges import Ranges, ranges_of
from ingest.rows import Plan, Stream, StreamKey
from tests.envelopes import envelope, event, sampled, spot

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOOTS = [UUID(int=number, version=4) for number in (1, 2)]
GATEWAYS = ["gw-a", "gw-b"]
CENTRE, OTHER_CENTRE = (UUID(int=number, version=4) for number in (11, 12))


def lent(
    device: str, patient: int | None, start: datetime | None, end: datetime | None = None
) -> Assignment:
    return Assignment(
        device=device, organisation=CENTRE, patient_key=patient, starts_at=start, ends_at=end
    )


OXIMETER = lent("oximeter-1", 41, NOW - timedelta(days=40))


class Table:
    """What the transactions of a run leave behind, as the database would hold it."""

    def __init__(self) -> None:
        self.received: dict[StreamKey, set[int]] = {}
        self.stored: Counter[tuple[int, datetime]] = Counter()
        self.quarantined = 0

    def known(self, units: Incoming) -> Known:
        streams = {}
        for number, key in enumerate(stream_keys(units)):
            numbers = ranges_of(self.received.get(key, set()))
            streams[key] = Stream(id=number, source=key.source, epoch=key.epoch, received=numbers)
        return Known(
            streams=streams,
            gateways=dict.fromkeys(GATEWAYS, CENTRE),
            assignments={"oximeter-1": [OXIMETER]},
        )

    def commit(self, units: Incoming) -> Plan:
        known = self.known(units)
        plan = plan_batch(units, known, NOW)
        ids = {stream.id: key for key, stream in known.streams.items()}
        for row in plan.readings:
            key = ids[row.source]
            self.stored[hash(key), row.measured_at] += 1
        for stream, ranges in plan.fresh.items():
            held = self.received.setdefault(ids[stream], set())
            fresh = {n for first, last in ranges.spans for n in range(first, last + 1)}
            assert not held & fresh
            held |= fresh
        self.quarantined += len(plan.quarantined)
        return plan


def reading(n: int, **changes: Any) -> dict[str, Any]:
    return spot(n, NOW - timedelta(seconds=n), **changes)


def message(gateway: str, boot: UUID, items: Sequence[object]) -> Message:
    return Message(gateway=gateway, kind="up", payload=envelope(boot, items, NOW))


def read(*messages: Message) -> Incoming:
    return tuple(read_message(each) for each in messages)


sent = st.tuples(
    st.sampled_from(GATEWAYS),
    st.sampled_from(BOOTS),
    st.lists(st.integers(1, 25), min_size=1, max_size=8, unique=True),
)


@given(st.lists(st.lists(sent, min_size=1, max_size=5), max_size=8))
def test_any_interleaving_stores_each_item_exactly_once(
    batches: list[list[tuple[str, UUID, list[int]]]],
) -> None:
    table = Table()
    expected: dict[StreamKey, set[int]] = {}
    for batch in batches:
        units = read(
            *(message(gateway, boot, [reading(n) for n in ns]) for gateway, boot, ns in batch)
        )
        plan = table.commit(units)
        answered = {known.key: known.numbers for known in plan.acknowledged}
        for gateway, boot, ns in batch:
            key = StreamKey(source=gateway, epoch=str(boot))
            expected.setdefault(key, set()).update(ns)
            assert all(n in answered[key] for n in ns)
    assert table.received == expected
    assert set(table.stored.values()) <= {1}
    assert table.stored.total() == sum(len(ns) for ns in expected.values())


@given(st.lists(st.integers(1, 6), max_size=12), st.integers(0, 3))
def test_malformed_items_are_kept_once_and_acknowledged(numbers: list[int], again: int) -> None:
    table = Table()
    bad = [reading(n, unit="kPa") for n in numbers]
    units = read(message("gw-a", BOOTS[0], [*bad, reading(7)]))
    for _ in range(again + 1):
        plan = table.commit(units)
        [known] = plan.acknowledged
        assert known.numbers == ranges_of([*numbers, 7])
    assert table.quarantined == len(numbers)
    assert table.stored.total() == 1


def test_one_due_row_a_patient_spans_all_that_is_new() -> None:
    start = NOW - timedelta(hours=2)
    units = read(
        message("gw-a", BOOTS[0], [reading(1), sampled(2, start, [95, None, 96])]),
        message("gw-b", BOOTS[1], [event(1, NOW), reading(9)]),
    )
    plan = Table().commit(units)
    [due] = plan.dues
    assert (due.patient_key, due.from_time) == (41, start)
    assert due.until_time == NOW - timedelta(seconds=1)
    assert plan.stored == 4
    assert Table().commit(()).dues == ()


def test_a_stretch_across_two_patients_is_for_a_person_to_settle() -> None:
    handed_over = NOW - timedelta(hours=1)
    first = lent("oximeter-1", 1, NOW - timedelta(days=9), handed_over)
    second = lent("oximeter-1", 2, handed_over)
    known_only = lent("spare", None, None)
    units = read(
        message(
            "gw-a",
            BOOTS[0],
            [
                sampled(1, handed_over - timedelta(seconds=2), [95] * 5),
                sampled(2, handed_over, [95] * 5),
                spot(3, NOW, device="spare"),
                event(4, NOW, device="spare"),
                spot(5, NOW, device="unheard-of"),
            ],
        )
    )
    key = stream_keys(units)[0]
    known = Known(
        streams={key: Stream(id=1, source="gw-a", epoch=key.epoch, received=Ranges())},
        gateways={"gw-a": CENTRE},
        assignments={"oximeter-1": [first, second], "spare": [known_only]},
    )
    plan = plan_batch(units, known, NOW)
    assert devices_of(units) == ["oximeter-1", "spare", "unheard-of"]
    assert [row.patient_key for row in plan.sampled] == [2]
    assert [(q.item_number, q.reason) for q in plan.quarantined] == [
        (1, Reason.TWO_PATIENTS),
        (3, Reason.NOT_ASSIGNED),
        (5, Reason.UNKNOWN_DEVICE),
    ]
    assert [(row.device, row.patient_key) for row in plan.events] == [("spare", None)]


@pytest.mark.promise("S11")
def test_only_gateways_of_the_lender_speak_for_a_device() -> None:
    items = [
        reading(1),
        sampled(2, NOW - timedelta(hours=1), [95, 96]),
        event(3, NOW),
        spot(4, NOW - timedelta(days=31)),
        spot(5, NOW, device="spare"),
        spot(6, NOW, device="unheard-of"),
    ]
    units = read(message("gw-a", BOOTS[0], [reading(1)]), message("gw-c", BOOTS[1], items))
    keys = stream_keys(units)
    known = Known(
        streams={
            key: Stream(id=place, source=key.source, epoch=key.epoch, received=Ranges())
            for place, key in enumerate(keys)
        },
        gateways={"gw-a": CENTRE, "gw-c": OTHER_CENTRE},
        assignments={"oximeter-1": [OXIMETER], "spare": [lent("spare", None, None)]},
    )
    plan = plan_batch(units, known, NOW)
    assert [(row.source, row.patient_key) for row in plan.readings] == [(0, 41)]
    assert (plan.sampled, plan.events, len(plan.dues)) == ((), (), 1)
    assert [(q.item_number, q.reason, q.patient_key) for q in plan.quarantined] == [
        *((n, Reason.FOREIGN_DEVICE, None) for n in range(1, 6)),
        (6, Reason.UNKNOWN_DEVICE, None),
    ]
    assert [known.numbers for known in plan.acknowledged] == [
        ranges_of([1]),
        ranges_of(range(1, 7)),
    ]


def test_quality_says_what_is_known_against_a_value() -> None:
    units = read(
        message(
            "gw-a",
            BOOTS[0],
            [
                reading(1, value=12.0),
                reading(2, value=None, quality=int(Quality.INVALID)),
                reading(3, quality=int(Quality.QUESTIONABLE)),
                sampled(4, NOW - timedelta(minutes=3), [5, None, 6]),
                event(5, NOW, value=None),
            ],
        )
    )
    plan = Table().commit(units)
    assert [(row.value, row.quality) for row in plan.readings] == [
        (12.0, Quality.IMPLAUSIBLE),
        (None, Quality.INVALID),
        (96.0, Quality.QUESTIONABLE),
    ]
    assert [(row.vital, row.quality) for row in plan.sampled] == [(Vital.SPO2, Quality.IMPLAUSIBLE)]
    assert [row.detail for row in plan.events] == [None]


@given(st.integers(1, 9), st.integers(0, 4))
def test_halving_keeps_every_item_down_to_single_ones(good: int, bad: int) -> None:
    items = [reading(n) for n in range(1, good + 1)]
    items += [reading(n, unit="kPa") for n in range(20, 20 + bad)]
    status = Message(
        gateway="gw-a",
        kind="status",
        payload=b'{"v":1,"online":true,"boot":"00000000-0000-4000-8000-000000000001",'
        b'"at":"2026-01-01T00:00:00Z","spooled":0}',
    )
    whole = read(message("gw-a", BOOTS[0], items), status)
    singles: list[Incoming] = []
    waiting = [whole]
    while waiting:
        units = waiting.pop()
        halves = halve(units)
        if halves is None:
            singles.append(units)
        else:
            waiting += halves
    numbers = [n for (unit,) in singles if isinstance(unit, Upload) for n in unit.numbers]
    assert sorted(numbers) == [*range(1, good + 1), *range(20, 20 + bad)]
    assert sum(isinstance(unit, GatewayStatus) for (unit,) in singles) == 1
    condemned = [kept for units in singles if (kept := condemn(units, "why")) is not None]
    plan = Table().commit(tuple(unit for units in condemned for unit in units))
    assert [q.reason for q in plan.quarantined] == [Reason.MALFORMED_ITEM] * good
    assert condemn(whole, "why") is None
    assert condemn((), "why") is None
    assert halve(()) is None


def test_a_message_that_is_nothing_is_kept_as_it_came() -> None:
    kinds: tuple[Any, ...] = ("up", "status")
    for kind in kinds:
        [unit] = read(Message(gateway="gw-a", kind=kind, payload=b"\xff" * 300_000))
        assert isinstance(unit, Quarantined)
        assert unit.reason is Reason.MALFORMED_MESSAGE
        assert len(unit.kept) == 256 * 1024
        again = Quarantined(source="gw-a", reason=unit.reason, payload=unit.payload, epoch="x")
        assert unit.digest != again.digest
    odd = Quarantined(source="a", reason=Reason.UNEXPECTED, payload=b"", detail="a\x00b")
    assert odd.printable_detail == "a?b"
