"""What the command line says of a frame."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from devices.decode import explain, find, known_names
from devices.observing import Reception

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HEARD = Reception(device="-", received_at=NOW, zone=ZoneInfo("Europe/Paris"))


def said(name: str, text: str) -> dict[str, object]:
    kind = find(name)
    assert kind is not None
    return dict(explain(kind, text, HEARD))


def test_a_continuous_frame() -> None:
    at = NOW.isoformat()
    assert said("plx-continuous", "00 e8f3 84f3") == {
        "characteristic": "PLX Continuous Measurement",
        "fields": {"spo2_percent": 100.0, "pulse_per_minute": 90.0},
        "observations": [
            {"vital": "spo2", "value": 100.0, "unit": "%", "quality": [],
             "measured_at": at, "raw_at": None},
            {"vital": "pulse", "value": 90.0, "unit": "/min", "quality": [],
             "measured_at": at, "raw_at": None},
        ],
        "time_from": "reception",
    }  # fmt: skip


def test_a_special_word_and_a_clock_without_its_year_are_named() -> None:
    answer = said("2A35", "06ff0758007800000004111429 3b3c00".replace(" ", ""))
    assert answer["fields"] == {
        "unit": "mm[Hg]",
        "systolic": "nan",
        "diastolic": 88.0,
        "mean_arterial": 120.0,
        "timestamp": "0000-04-17T20:41:59",
        "pulse_per_minute": 60.0,
    }


def test_glucose_is_said_with_its_units_and_its_quality() -> None:
    answer = said("glucose-measurement", "1b0100e80705140a1e00ffff69b0112001")
    assert answer["glucose"] == {
        "shown": ["1.05\u00a0g/L", "105\u00a0mg/dL", "5.8\u00a0mmol/L"],
        "quality": ["questionable"],
        "measured_at": "2024-05-20T08:29:00+00:00",
    }
    assert said("2A18", "000100e80705140a1e00")["glucose"] == {
        "shown": [],
        "quality": ["invalid"],
        "measured_at": "2024-05-20T08:30:00+00:00",
    }


def test_a_makers_frame_says_whether_anybody_verified_it() -> None:
    answer = said("emay-ff12", "eb0105ff627f0051")
    assert answer["verified"] is True
    assert answer["fields"] == {"pulse_per_minute": None, "spo2_percent": 98}
    assert answer["unexplained_bits"] is None
    assert said("viatom-pc60fw", "aa550f0801603e005000c008")["unexplained_bits"] is not None
    assert said("viatom-pc60fw-waveform", "aa550f07023b3835322fbd")["fields"] == {
        "waveform": [59, 56, 53, 50, 47]
    }


@pytest.mark.parametrize("name", ["plx-spot", "plx-continuous", "2A37"])
def test_refusals_tell_the_reason_and_the_bytes(name: str) -> None:
    assert said(name, "zz") == {"refused": "not hexadecimal"}
    answer = said(name, "00")
    assert answer["bytes"] == "00"
    assert "2 bytes wanted" in str(answer["refused"]) or "1 bytes wanted" in str(answer["refused"])


def test_a_frame_is_found_by_uuid_by_name_and_by_maker() -> None:
    same = ("2a5f", "0x2A5F", "plx-continuous", "PLX-Continuous-Measurement")
    found = {id(find(name)) for name in (*same, "00002a5f-0000-1000-8000-00805f9b34fb")}
    assert len(found) == 1
    assert find("2aff") is None
    assert all(find(name) is not None for name in known_names())
