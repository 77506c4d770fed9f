"""The pulse oximeter codecs, against published frames, a real capture, and generated values."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.gatt.date_time import DateTime
from devices.gatt.plx import (
    Continuous,
    Features,
    MeasurementStatus,
    Pair,
    SensorStatus,
    SpotCheck,
    SupportedFeatures,
)
from devices.gatt.sfloat import NotANumber, Number, Sfloat, decode_sfloat, encode_sfloat
from devices.malformed import Malformed

# Frames: StanfordSpezi/SpeziBluetooth PLXTests.swift (MIT), and a ChoiceMMed oximeter captured in
# nRF Connect (Stack Overflow question 71264072; facts only). SFLOAT words: IEEE 11073-20601.
CHOICEMMED = bytes.fromhex("1761006000e10701010122132000200000")


def pair(spo2: Sfloat, pulse: Sfloat) -> Pair:
    return Pair(spo2_percent=spo2, pulse_per_minute=pulse)


def number(mantissa: int, exponent: int = 0) -> Number:
    return Number(mantissa=mantissa, exponent=exponent)


@pytest.mark.parametrize(
    ("word", "value"), [(0xF16C, 36.4), (0x016C, 364.0), (0xF3E8, 100.0), (0xFFFF, -0.1)]
)
def test_sfloat_numbers(word: int, value: float) -> None:
    decoded = decode_sfloat(word)
    assert isinstance(decoded, Number)
    assert decoded.value == value


@pytest.mark.parametrize(
    ("word", "special"),
    [
        (0x07FE, NotANumber.POSITIVE_INFINITY),
        (0x07FF, NotANumber.NAN),
        (0x0800, NotANumber.NOT_AT_THIS_RESOLUTION),
        (0x0801, NotANumber.RESERVED),
        (0x0802, NotANumber.NEGATIVE_INFINITY),
    ],
)
def test_sfloat_special_words_stay_apart(word: int, special: NotANumber) -> None:
    assert decode_sfloat(word) is special


def test_every_sfloat_word_survives_the_round_trip() -> None:
    assert [encode_sfloat(decode_sfloat(word)) for word in range(0x10000)] == list(range(0x10000))


@pytest.mark.parametrize("value", [2047, 3000, -5000])
def test_a_number_that_does_not_fit_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"special word|does not fit"):
        Number.of(value)


def test_exponents_are_bounded_and_decimals_kept() -> None:
    assert Number.of(3.41, decimals=2) == number(341, -2)
    with pytest.raises(ValueError, match="4 bits"):
        number(1, 8)


def test_continuous_with_an_exponent() -> None:
    decoded = Continuous.from_bytes(bytes.fromhex("00e8f384f3"))
    assert decoded == Continuous(normal=pair(number(1000, -1), number(900, -1)))


def test_spot_check_with_every_field() -> None:
    decoded = SpotCheck.from_bytes(bytes.fromhex("0facf3bef5e8070b1d170839204022000066e3"))
    assert isinstance(decoded, SpotCheck)
    assert isinstance(decoded.normal.spo2_percent, Number)
    assert decoded.normal.spo2_percent.value == 94.0
    assert isinstance(decoded.normal.pulse_per_minute, Number)
    assert decoded.normal.pulse_per_minute.value == 147.0
    assert decoded.timestamp is not None
    assert decoded.timestamp.instant(UTC) == datetime(2024, 11, 29, 23, 8, 57, tzinfo=UTC)
    assert decoded.status == (
        MeasurementStatus.MEASUREMENT_ONGOING | MeasurementStatus.QUESTIONABLE_MEASUREMENT
    )
    assert decoded.sensor == SensorStatus.EQUIPMENT_MALFUNCTION | SensorStatus.LOW_PERFUSION
    assert isinstance(decoded.amplitude_percent, Number)
    assert decoded.amplitude_percent.value == 8.7
    assert not decoded.clock_not_set


def test_a_captured_oximeter_whose_clock_was_never_set() -> None:
    decoded = SpotCheck.from_bytes(CHOICEMMED)
    assert decoded == SpotCheck(
        normal=pair(number(97), number(96)),
        timestamp=DateTime(year=2017, month=1, day=1, hour=1, minute=34, second=19),
        status=MeasurementStatus.MEASUREMENT_ONGOING,
        sensor=SensorStatus.LOW_PERFUSION,
        clock_not_set=True,
    )


def test_features() -> None:
    decoded = Features.from_bytes(bytes.fromhex("a3004010800100"))
    assert decoded == Features(
        supported=SupportedFeatures(0xA3),
        status_support=MeasurementStatus(0x1040),
        sensor_support=SensorStatus(0x180),
    )


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("", "flags: 1 bytes wanted, 0 left"),
        ("006100", "normal pulse rate: 2 bytes wanted, 0 left"),
        ("0061006000ff", "1 bytes after the last field"),
        ("0461006000", "measurement status: 2 bytes wanted, 0 left"),
        ("0861006000ffff", "device and sensor status: 3 bytes wanted, 2 left"),
        ("01610060006100", "fast pulse rate: 2 bytes wanted, 0 left"),
    ],
)
def test_a_continuous_frame_of_the_wrong_length_is_refused(frame: str, reason: str) -> None:
    assert Continuous.from_bytes(bytes.fromhex(frame)) == Malformed(reason=reason)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("0161006000e1070d01012213", "month 13 outside 0-12"),
        ("0161006000e1070101182213", "hour 24 outside 0-23"),
        ("016100600001000101012213", "year 1 outside 1582-9999"),
        ("0161006000e10701010122", "second: 1 bytes wanted, 0 left"),
    ],
)
def test_a_spot_check_with_an_impossible_date_is_refused(frame: str, reason: str) -> None:
    assert SpotCheck.from_bytes(bytes.fromhex(frame)) == Malformed(reason=reason)


def test_a_date_with_unknown_parts_is_kept_but_names_no_instant() -> None:
    frame = bytes.fromhex("01610060000000000012" + "1a20")
    decoded = SpotCheck.from_bytes(frame)
    assert isinstance(decoded, SpotCheck)
    assert decoded.timestamp is not None
    assert decoded.timestamp.instant(UTC) is None
    assert bytes(decoded) == frame


sfloats = st.integers(0, 0xFFFF).map(decode_sfloat)
pairs = st.builds(pair, sfloats, sfloats)
statuses = st.none() | st.integers(0, 0xFFFF).map(MeasurementStatus)
sensors = st.none() | st.integers(0, 0xFFFFFF).map(SensorStatus)
timestamps = st.none() | st.builds(
    DateTime,
    year=st.just(0) | st.integers(1582, 9999),
    month=st.integers(0, 12),
    day=st.integers(0, 31),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    second=st.integers(0, 59),
)
continuous = st.builds(
    Continuous,
    normal=pairs,
    fast=st.none() | pairs,
    slow=st.none() | pairs,
    status=statuses,
    sensor=sensors,
    amplitude_percent=st.none() | sfloats,
)
spot_checks = st.builds(
    SpotCheck,
    normal=pairs,
    timestamp=timestamps,
    status=statuses,
    sensor=sensors,
    amplitude_percent=st.none() | sfloats,
    clock_not_set=st.booleans(),
)


@given(continuous)
def test_continuous_decodes_what_it_encodes(frame: Continuous) -> None:
    assert Continuous.from_bytes(bytes(frame)) == frame


@given(spot_checks)
def test_spot_check_decodes_what_it_encodes(frame: SpotCheck) -> None:
    assert SpotCheck.from_bytes(bytes(frame)) == frame


@given(statuses, sensors, st.integers(0, 0xFFFF).map(SupportedFeatures))
def test_features_decode_what_they_encode(
    status: MeasurementStatus | None, sensor: SensorStatus | None, supported: SupportedFeatures
) -> None:
    features = Features(supported=supported, status_support=status, sensor_support=sensor)
    decoded = Features.from_bytes(bytes(features))
    assert isinstance(decoded, Features)
    assert (decoded.status_support, decoded.sensor_support) == (status, sensor)
    assert Features.from_bytes(bytes(decoded)) == decoded


@given(st.binary(max_size=24))
def test_any_bytes_end_as_a_value_and_every_accepted_frame_is_whole(frame: bytes) -> None:
    for kind in (Continuous, SpotCheck, Features):
        decoded = kind.from_bytes(frame)
        if isinstance(decoded, Malformed):
            assert decoded.reason.isascii()
        else:
            assert len(bytes(decoded)) == len(frame)


@given(spot_checks, st.data())
def test_no_truncated_frame_is_accepted(frame: SpotCheck, data: st.DataObject) -> None:
    whole = bytes(frame)
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert isinstance(SpotCheck.from_bytes(whole[:cut]), Malformed)
