"""Frames of makers: published bytes, streams that lose their step, and data that cannot be."""

from datetime import UTC, datetime

import pytest

from core.vitals import Quality, Vital
from devices.makers.frame import (
    MakerRecord,
    Raw,
    crc8_maxim,
    decode_frame,
    encode_frame,
    frames_in,
)
from devices.makers.library import parse_protocols, protocols
from devices.malformed import MalformedFrame
from devices.observing import Reception, observe_maker

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HEARD = Reception(device="A", received_at=NOW, zone=UTC)
LIVE, STORED, BERRY = "contec-cms50-live", "contec-cms50-stored", "berrymed-bci"
NOBODY = Quality.QUESTIONABLE | Quality.LOW_PERFUSION | Quality.INVALID

# Sources: `source` of each protocol in frames.toml.
VECTORS: list[tuple[str, str, dict[str, Raw | None]]] = [
    (LIVE, "8000000000", {"signal_strength": 0, "pulse_per_minute": 0, "spo2_percent": 0}),
    (LIVE, "8f00000000", {"signal_strength": 15}),
    (LIVE, "9000000000", {"finger_out": 1}),
    (LIVE, "80000f0000", {"bargraph": 15}),
    (LIVE, "8000100000", {"probe_error": 1}),
    (LIVE, "8000200000", {"searching": 1}),
    (LIVE, "8000007f00", {"pulse_per_minute": 127}),
    (LIVE, "8000400000", {"pulse_per_minute": 128}),
    (LIVE, "8000000062", {"spo2_percent": 98}),
    (STORED, "f08000", {"pulse_per_minute": 0, "spo2_percent": 0}),
    (STORED, "f1ff62", {"pulse_per_minute": 255, "spo2_percent": 98}),
    ("contec-cms50f-stored", "0f80dec2dec2dec2",
     {"spo2_percent": 94, "pulse_per_minute": 66, "spo2_percent_3": 94, "pulse_per_minute_3": 66}),
    ("contec-ff12-waveform", "eb00433c0771", {"waveform": 60, "bargraph": 7, "beat": 1}),
    (BERRY, "8700457f7f", {"pulse_per_minute": None, "spo2_percent": None}),
    (BERRY, "8732054862", {"signal_strength": 7, "waveform": 50, "pulse_per_minute": 72,
                           "spo2_percent": 98}),
    ("emay-ff12", "eb01053e627f0010", {"pulse_per_minute": 62, "spo2_percent": 98}),
    ("emay-ff12", "eb0105ff627f0051", {"pulse_per_minute": None, "spo2_percent": 98}),
    ("emay-ff12", "eb01053eff7f002d", {"pulse_per_minute": 62, "spo2_percent": None}),
    ("emay-ff12", "eb01051e627f0070", {"pulse_per_minute": 30, "spo2_percent": 98}),
    ("viatom-pc60fw", "aa550f0801603e005000c008",
     {"spo2_percent": 96, "pulse_per_minute": 62, "perfusion_index_raw": 80}),
    ("viatom-pc60fw-waveform", "aa550f07023b3835322fbd", {"waveform": (59, 56, 53, 50, 47)}),
]  # fmt: skip


def record(name: str, text: str) -> MakerRecord:
    decoded = decode_frame(protocols()[name], bytes.fromhex(text))
    assert isinstance(decoded, MakerRecord)
    return decoded


@pytest.mark.parametrize(("name", "text", "said"), VECTORS)
def test_a_frame_says_what_is_stated_and_is_written_again(
    name: str, text: str, said: dict[str, Raw | None]
) -> None:
    decoded = record(name, text)
    assert {part: decoded.value(part) for part in said} == said
    assert encode_frame(decoded).hex() == text


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (LIVE, "80000000", "5 bytes wanted, 4 there"),
        (LIVE, "0000800000", "byte 1: not the mark of this frame"),
        (LIVE, "8000800000", "byte 3: not the mark of this frame"),
        (BERRY, "0732054862", "byte 1: not the mark of this frame"),
        (BERRY, "87b2054862", "byte 2: not the mark of this frame"),
        ("emay-ff12", "eb01053e627f00ff", "checksum does not match"),
        ("viatom-pc60fw", "aa550f0801603e005000c009", "checksum does not match"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason_and_the_bytes(
    name: str, text: str, reason: str
) -> None:
    frame = bytes.fromhex(text)
    assert decode_frame(protocols()[name], frame) == MalformedFrame(reason=reason, frame=frame)


def test_the_checksum_is_the_published_one() -> None:
    assert crc8_maxim(b"123456789") == 0xA1  # catalogue of CRCs, CRC-8/MAXIM-DOW


def test_what_does_not_fit_is_not_written() -> None:
    good = record(LIVE, "8000000062")
    raw = {**good.raw, "spo2_percent": 128}
    with pytest.raises(ValueError, match="does not fit"):
        encode_frame(MakerRecord(good.protocol, raw, good.rest))
    with pytest.raises(ValueError, match="5 bytes are wanted"):
        encode_frame(MakerRecord(good.protocol, good.raw, b""))


def test_frames_are_found_again_after_bytes_that_are_none() -> None:
    stream = bytes.fromhex("010203" + "8732054862" + "8828044b61" + "8732")
    found = list(frames_in([protocols()[BERRY]], stream))
    assert [place for _, place in found] == [3, 8, 13]
    assert found[0][0] == MalformedFrame(reason="no frame begins here", frame=b"\x01\x02\x03")
    later = [one.value("pulse_per_minute") for one, _ in found if isinstance(one, MakerRecord)]
    assert later == [72, 75]


def test_kinds_of_frames_are_told_apart_in_one_stream() -> None:
    kinds = [protocols()[name] for name in ("contec-ff12-waveform", "emay-ff12")]
    stream = bytes.fromhex("eb00433c0771" + "eb01053e627f0010")
    found = [one.protocol.id for one, _ in frames_in(kinds, stream) if isinstance(one, MakerRecord)]
    assert found == ["contec-ff12-waveform", "emay-ff12"]


@pytest.mark.parametrize(
    ("name", "text", "spo2", "held"),
    [
        (BERRY, "8732054862", 98.0, Quality(0)),
        (BERRY, "8732154862", 98.0, NOBODY),
        (BERRY, "a732054862", 98.0, NOBODY),
        (BERRY, "9732054862", 98.0, Quality.QUESTIONABLE | Quality.INVALID),
        (BERRY, "8732254862", 98.0, Quality.QUESTIONABLE),
        (BERRY, "8700457f7f", None, Quality.INVALID),
        (LIVE, "8000007f00", None, Quality.INVALID),
        (LIVE, "9000004862", 98.0, NOBODY),
        (LIVE, "8000004810", 16.0, Quality.IMPLAUSIBLE),
        (STORED, "f0c862", 98.0, Quality.TIME_FAULT),
    ],
)
def test_what_the_device_holds_against_itself_reaches_the_domain(
    name: str, text: str, spo2: float | None, held: Quality
) -> None:
    spots = {spot.vital: spot for spot in observe_maker(record(name, text), HEARD)}
    assert (spots[Vital.SPO2].value, spots[Vital.SPO2].quality) == (spo2, held)
    assert spots[Vital.PULSE].measured_at == NOW


def test_three_records_in_one_frame_are_three_values_of_each() -> None:
    said = observe_maker(record("contec-cms50f-stored", "0f80dec2dec2dec2"), HEARD)
    assert [spot.vital for spot in said] == [Vital.SPO2, Vital.PULSE] * 3
    assert all(spot.quality == Quality.TIME_FAULT for spot in said)


PROTOCOL = """
[[protocol]]
id = "a"
name = "A"
length = 2
verified = false
source = "nobody"
marks = [[0, 0x80, 0x80]]
part = [{ name = "one", bits = [[1, 0x7f]] }]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[1, 0x7f]", "[0, 0xff]", "two meanings"),
        ("[1, 0x7f]", "[2, 0x7f]", "is outside"),
        ("[1, 0x7f]", "[1, 0x05]", "one run of ones"),
        ("[1, 0x7f]", "", "one run of ones"),
        ('name = "A"', 'name = "A"\nchecksum = "sum7"', "is outside"),
        ('name = "A"', 'name = "A"\ncolour = "red"', "unknown field"),
    ],
)
def test_a_description_that_cannot_be_is_refused(old: str, new: str, said: str) -> None:
    assert set(parse_protocols(PROTOCOL.encode())) == {"a"}
    with pytest.raises(ValueError, match=said):
        parse_protocols(PROTOCOL.replace(old, new).encode())
    with pytest.raises(ValueError, match="twice"):
        parse_protocols((PROTOCOL * 2).encode())
