"""The wire: what is well formed comes through unchanged, everything else ends as a value."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vitals import Quality, Vital
from devices.envelope import MAX_ENVELOPE_BYTES, MAX_ITEMS, MAX_NUMBER, to_observation
from devices.envelope_parse import Envelope, parse_ack, parse_envelope, parse_status
from devices.envelope_schema import schema
from devices.malformed import Malformed
from devices.measurement import DeviceEvent, EventCode, Sampled, Spot

BOOT = UUID("0b7d6c9e-4c0e-4f5a-9a53-1f0f5a0b1c2d")
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
VALIDATOR = jsonschema.Draft202012Validator(schema())
SPOT: dict[str, Any] = {
    "kind": "spot",
    "n": 7,
    "device": "F0:F1:F2:F3:F4:01",
    "vital": "spo2",
    "value": 96,
    "unit": "%",
    "measured_at": "2026-11-22T08:00:00Z",
    "raw_at": None,
    "quality": 0,
}
SAMPLED: dict[str, Any] = {
    "kind": "sampled",
    "n": 8,
    "device": "F0:F1:F2:F3:F4:01",
    "vital": "pulse",
    "unit": "/min",
    "start": "2026-11-22T08:00:00Z",
    "period_ms": 1000,
    "values": [72, None, 74],
    "quality": 2,
}
EVENT: dict[str, Any] = {
    "kind": "event",
    "n": 9,
    "device": "F0:F1:F2:F3:F4:01",
    "event": "battery",
    "at": "2026-11-22T08:00:00Z",
    "value": 87,
}


def payload(*items: object, **changes: object) -> bytes:
    frame = {"v": 1, "boot": str(BOOT), "seq": 3, "sent_at": "2026-11-22T08:00:01Z"}
    return json.dumps({**frame, "items": items, **changes}).encode()


def parsed(data: bytes) -> Envelope:
    envelope = parse_envelope(data)
    assert isinstance(envelope, Envelope), envelope
    return envelope


def test_good_items_are_typed_and_keep_their_order() -> None:
    envelope = parsed(payload(SPOT, SAMPLED, EVENT))
    assert (envelope.boot, envelope.seq) == (BOOT, 3)
    assert envelope.sent_at == datetime(2026, 11, 22, 8, 0, 1, tzinfo=UTC)
    assert [item.n for item in envelope.items] == [7, 8, 9]
    assert envelope.bad == ()
    assert [to_observation(item) for item in envelope.items] == [
        Spot(
            device="F0:F1:F2:F3:F4:01",
            vital=Vital.SPO2,
            value=96.0,
            measured_at=NOW,
            raw_at=None,
            quality=Quality(0),
        ),
        Sampled(
            device="F0:F1:F2:F3:F4:01",
            vital=Vital.PULSE,
            start=NOW,
            period_ms=1000,
            values=(72, None, 74),
            quality=Quality.INVALID,
        ),
        DeviceEvent(device="F0:F1:F2:F3:F4:01", event=EventCode.BATTERY, at=NOW, value=87.0),
    ]


BAD_SPOTS: list[tuple[dict[str, object], str]] = [
    ({"unit": "percent"}, "unit of spo2 is not %"),
    ({"unit": "/min"}, "unit of spo2 is not %"),
    ({"vital": "spo3"}, "unknown vital"),
    ({"value": None}, "value is null but quality does not say invalid"),
    ({"value": "96"}, "value"),
    ({"value": True}, "value"),
    ({"value": 1e300}, "value"),
    ({"value": 10**30}, "value"),
    ({"value": [[[96]]]}, "value"),
    ({"measured_at": "2026-11-22T08:00:00"}, "measured_at"),
    ({"measured_at": "2026-11-22T08:00:00+01:00"}, "measured_at is not in UTC"),
    ({"raw_at": "2026-11-22T08:00:00+01:00"}, "raw_at is not in UTC"),
    ({"measured_at": "yesterday"}, "measured_at"),
    ({"quality": 128}, "quality"),
    ({"quality": -1}, "quality"),
    ({"quality": 1.5}, "quality"),
    ({"device": ""}, "device"),
    ({"device": "x" * 65}, "device"),
    ({"device": "a\x00b"}, "device"),
    ({"device": "\ud800"}, "device"),
    ({"kind": "spots"}, "kind"),
    ({"sensor": "left"}, "sensor"),
    ({"n": 0}, "n"),
    ({"n": True}, "n"),
    ({"n": "7"}, "n"),
    ({"n": MAX_NUMBER + 1}, "n"),
    ({"n": 2**70}, "n"),
]


@pytest.mark.parametrize(("change", "reason"), BAD_SPOTS, ids=lambda value: str(value)[:40])
def test_a_bad_item_is_set_aside_with_its_reason(change: dict[str, object], reason: str) -> None:
    envelope = parsed(payload({**SPOT, **change}, SAMPLED))
    assert [item.n for item in envelope.items] == [8]
    (bad,) = envelope.bad
    assert reason in bad.reason
    assert bad.reason.isascii()
    assert json.loads(bad.raw) == {**SPOT, **change}
    assert bad.n == (None if "n" in change else 7)


@pytest.mark.parametrize("missing", sorted(SPOT))
def test_no_field_has_a_default(missing: str) -> None:
    envelope = parsed(payload({k: v for k, v in SPOT.items() if k != missing}))
    assert len(envelope.bad) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"values": []},
        {"values": [96.5]},
        {"values": [40000]},
        {"values": [1] * 3601},
        {"values": "9"},
        {"period_ms": 0},
        {"start": "9999-12-31T23:59:59Z"},
    ],
    ids=lambda change: str(change)[:30],
)
def test_a_bad_stretch_is_set_aside(change: dict[str, object]) -> None:
    assert len(parsed(payload({**SAMPLED, **change})).bad) == 1


@pytest.mark.parametrize("item", [1, None, "x", [], [[]], 1.5])
def test_what_is_not_even_an_object_is_set_aside(item: object) -> None:
    envelope = parsed(payload(item, SPOT))
    assert [bad.n for bad in envelope.bad] == [None]
    assert len(envelope.items) == 1


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"value": 96', '"value": NaN', "NaN is not JSON"),
        ('"value": 96', '"value": -Infinity', "-Infinity is not JSON"),
        ('"value": 96', '"value": 1e999', "value"),
        ('"value": 96', '"value": 96, "value": 97', "a name is used twice"),
        ('"n": 7', '"n": 7, "n": 8', "a name is used twice"),
    ],
)
def test_json_that_is_not_strict_spoils_only_its_item(old: str, new: str, reason: str) -> None:
    text = payload(SPOT, EVENT).decode().replace(old, new)
    envelope = parsed(text.encode())
    assert [item.n for item in envelope.items] == [9]
    assert reason in envelope.bad[0].reason


@pytest.mark.parametrize("text", ["\ud800", "a\udfff"])
@pytest.mark.parametrize("field", sorted(SPOT))
def test_half_a_character_spoils_only_its_item(field: str, text: str) -> None:
    for change in ({field: text}, {text: 1}):
        envelope = parsed(payload({**SPOT, **change}, SAMPLED))
        assert (len(envelope.items), len(envelope.bad)) == (1, 1)


@pytest.mark.parametrize("field", ["v", "boot", "seq", "sent_at", "items"])
def test_half_a_character_in_the_frame_refuses_it(field: str) -> None:
    assert isinstance(parse_envelope(payload(SPOT, **{field: "\ud800"})), Malformed)


@pytest.mark.parametrize("depth", [1, 30, 300, 480, 900, 2000])
@pytest.mark.parametrize("opening", ['{"a":1,"a":', "[", '{"a":'])
def test_depth_ends_as_a_value_whatever_is_nested(opening: str, depth: int) -> None:
    nested = opening * depth + "1" + ("]" if opening == "[" else "}") * depth
    text = payload(SAMPLED, {**SPOT, "value": "@"}).decode().replace('"@"', nested)
    envelope = parse_envelope(text.encode())
    if isinstance(envelope, Envelope):
        assert (len(envelope.items), len(envelope.bad)) == (1, 1)
    else:
        assert envelope.reason == "nested too deep"


def test_a_number_used_twice_is_kept_once() -> None:
    envelope = parsed(payload(SPOT, {**SPOT, "value": 80}))
    assert [item.n for item in envelope.items] == [7]
    assert envelope.bad[0].reason == "number used twice in one envelope"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "first byte"),
        (b"[]", "first byte"),
        (b"\xa1\x61v\x01", "first byte"),
        (b"{", "Expecting"),
        (b"{}", "missing required field"),
        (b'{"v":1}x', "Extra data"),
        (b'{"a":"\xff"}', "not UTF-8"),
        (b'{"v":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
        (b'{"v":' + b"9" * 5000 + b"}", "digits"),
        (b'{"v":1,"v":1}', "a name is used twice"),
        (b'{"v":NaN}', "v"),
        (b"{" + b" " * MAX_ENVELOPE_BYTES + b"}", "more than"),
        (payload(v=2), "unknown version"),
        (payload(v=True), "v"),
        (payload(boot="abc"), "boot"),
        (payload(seq=-1), "seq"),
        (payload(seq=2**63), "seq"),
        (payload(sent_at="2026-11-22T08:00:00"), "sent_at"),
        (payload(sent_at="2026-11-22T09:00:00+01:00"), "sent_at is not in UTC"),
        (payload(items={}), "items"),
        (payload(extra=1), "extra"),
        (payload(*[1] * (MAX_ITEMS + 1)), "more than 1000 items"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_payload_that_is_no_envelope_is_refused(data: bytes, reason: str) -> None:
    refusal = parse_envelope(data)
    assert isinstance(refusal, Malformed)
    assert reason in refusal.reason


@pytest.mark.promise("R12")
@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda tail: b"{" + tail))
def test_any_bytes_end_as_a_value(data: bytes) -> None:
    for parse in (parse_envelope, parse_ack, parse_status):
        assert isinstance(parse(data), Malformed)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([SPOT, SAMPLED, EVENT]), st.data(), anything)
def test_any_change_of_an_item_ends_as_a_value(
    item: dict[str, Any], data: st.DataObject, value: object
) -> None:
    field = data.draw(st.sampled_from(sorted(item)))
    envelope = parsed(payload({**item, field: value}))
    assert len(envelope.items) + len(envelope.bad) == 1
