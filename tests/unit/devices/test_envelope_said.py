"""What is said on the wire: envelopes, acks, statuses, and the published schema."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vitals import VITALS, Quality, Vital
from devices.envelope import (
    Ack,
    Status,
    encode_ack,
    encode_envelope,
    encode_item,
    encode_status,
    to_item,
    to_observation,
)
from devices.envelope_parse import parse_ack, parse_item, parse_status
from devices.envelope_schema import schema, schema_text
from devices.malformed import Malformed
from devices.measurement import DeviceEvent, EventCode, Observation, Sampled, Spot
from tests.unit.devices.test_envelope import (
    BOOT,
    EVENT,
    NOW,
    SAMPLED,
    SPOT,
    VALIDATOR,
    parsed,
    payload,
)

devices = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=64)
instants = st.integers(0, 4_000_000_000_000_000).map(
    lambda microseconds: NOW + timedelta(microseconds=microseconds - 2_000_000_000_000_000)
)
qualities = st.integers(0, int(sum(Quality))).map(Quality)
finite = st.floats(-1e12, 1e12)
observations: st.SearchStrategy[Observation] = st.one_of(
    st.builds(
        Spot,
        device=devices,
        vital=st.sampled_from(Vital),
        value=finite,
        measured_at=instants,
        raw_at=st.none() | instants,
        quality=qualities,
    ),
    st.builds(
        Sampled,
        device=devices,
        vital=st.sampled_from(Vital),
        start=instants,
        period_ms=st.integers(10, 3_600_000),
        values=st.lists(st.none() | st.integers(-32768, 32767), min_size=1, max_size=30).map(tuple),
        quality=qualities,
    ),
    st.builds(
        DeviceEvent,
        device=devices,
        event=st.sampled_from(EventCode),
        at=instants,
        value=st.none() | finite,
    ),
)


@given(st.lists(observations, max_size=5))
def test_an_envelope_says_what_was_put_in(said: list[Observation]) -> None:
    items = [to_item(observation, n=n) for n, observation in enumerate(said, start=1)]
    data = encode_envelope(boot=BOOT, seq=0, sent_at=NOW, items=[encode_item(i) for i in items])
    envelope = parsed(data)
    assert envelope.bad == ()
    assert [to_observation(item) for item in envelope.items] == said
    VALIDATOR.validate(json.loads(data))


def test_a_detail_too_long_for_the_wire_is_cut() -> None:
    event = DeviceEvent(device="A", event=EventCode.MALFORMED_FRAME, at=NOW, value="x" * 1000)
    data = encode_envelope(boot=BOOT, seq=0, sent_at=NOW, items=[encode_item(to_item(event, n=1))])
    assert parsed(data).bad == ()


def test_recorded_items_have_no_number_of_their_own() -> None:
    line = {k: v for k, v in SPOT.items() if k != "n"}
    item = parse_item(json.dumps(line).encode(), n=12)
    assert not isinstance(item, Malformed)
    assert item.n == 12
    assert isinstance(parse_item(json.dumps(SPOT).encode(), n=12), Malformed)
    assert isinstance(parse_item(b"{}", n=12), Malformed)
    assert isinstance(parse_item(b"nonsense", n=12), Malformed)


def test_acks_and_statuses_survive_the_wire() -> None:
    ack = parse_ack(encode_ack(boot=BOOT, ranges=[(1, 5), (7, 7)]))
    assert ack == Ack(v=1, boot=BOOT, ranges=[(1, 5), (7, 7)])
    status = parse_status(encode_status(online=True, boot=BOOT, at=NOW, spooled=4))
    assert status == Status(v=1, online=True, boot=BOOT, at=NOW, spooled=4)


@pytest.mark.parametrize("ranges", [[[5, 1]], [[1]], [[0, 1]], [[1, 2**63]], "1-5", [[1, 2, 3]]])
def test_an_ack_with_impossible_ranges_is_refused(ranges: object) -> None:
    data = json.dumps({"v": 1, "boot": str(BOOT), "ranges": ranges}).encode()
    assert isinstance(parse_ack(data), Malformed)


def test_the_published_schema_is_the_schema_of_the_types() -> None:
    published = Path(__file__).parents[3] / "docs/reference/envelope-v1.schema.json"
    assert published.read_text() == schema_text(), "run python -m devices.envelope_schema"


def test_the_schema_is_one_and_refuses_an_unknown_field() -> None:
    VALIDATOR.check_schema(schema())
    VALIDATOR.validate(json.loads(payload(SPOT, SAMPLED, EVENT)))
    assert not VALIDATOR.is_valid(json.loads(payload({**SPOT, "sensor": "left"})))


def test_the_examples_of_the_reference_page_are_messages() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/envelope-v1.md").read_text()
    examples = [part.split("```")[0] for part in page.split("```json\n")[1:]]
    assert len(examples) == 3
    envelope = parsed(examples[0].encode())
    assert (len(envelope.items), envelope.bad) == (3, ())
    assert isinstance(parse_ack(examples[1].encode()), Ack)
    assert isinstance(parse_status(examples[2].encode()), Status)


def test_units_and_samples_fit_every_vital() -> None:
    for vital, info in VITALS.items():
        spot = Spot(
            device="A",
            vital=vital,
            value=info.highest,
            measured_at=NOW + timedelta(seconds=1),
            raw_at=None,
            quality=Quality(0),
        )
        assert to_observation(to_item(spot, n=1)) == spot
