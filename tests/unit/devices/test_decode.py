"""What the command line says of a frame."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from devices.decode import FrameKind, decode_frame

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def decode(kind: FrameKind, text: str) -> dict[str, object]:
    return dict(decode_frame(kind, text, received_at=NOW, zone=PARIS))


def test_a_continuous_frame() -> None:
    assert decode("plx-continuous", "00 e8f3 84f3") == {
        "characteristic": "PLX Continuous Measurement",
        "spo2_percent": 100.0,
        "spo2_quality": [],
        "pulse_per_minute": 90.0,
        "pulse_quality": [],
        "measurement_status": [],
        "sensor_status": [],
        "pulse_amplitude_index_percent": None,
    }


def test_a_spot_check_whose_clock_was_never_set() -> None:
    answer = decode("plx-spot", "1761006000e10701010122132000200000")
    assert answer["spo2_percent"] == 97.0
    assert answer["spo2_quality"] == ["low_perfusion", "time_fault"]
    assert answer["measured_at"] == NOW.isoformat()
    assert answer["raw_at"] == "2017-01-01T00:34:19+00:00"
    assert answer["clock_not_set"] is True


def test_a_special_word_is_named() -> None:
    answer = decode("plx-continuous", "10ff076000ff07")
    assert (answer["spo2_percent"], answer["spo2_quality"]) == (None, ["invalid"])
    assert answer["pulse_amplitude_index_percent"] == "nan"


@pytest.mark.parametrize("kind", ["plx-continuous", "plx-spot"])
def test_refusals(kind: FrameKind) -> None:
    assert decode(kind, "zz") == {"refused": "not hexadecimal"}
    assert decode(kind, "00") == {"refused": "normal SpO2: 2 bytes wanted, 0 left"}
