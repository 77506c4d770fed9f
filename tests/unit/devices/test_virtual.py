"""Virtual patients: traces are functions of time, scripts are checked."""

import pytest

from devices.malformed import Malformed
from devices.virtual.script import Deteriorate, PatientsFile, parse_command, parse_patients
from devices.virtual.trace import Trace, Vitals, deteriorating, dropping_out, vitals_at

CALM = Trace(baseline=Vitals(spo2_percent=97, pulse_per_minute=72), noise=0.5, seed=3)


def spo2(trace: Trace, seconds: float) -> float:
    vitals = vitals_at(trace, seconds)
    assert isinstance(vitals, Vitals)
    return vitals.spo2_percent


def test_a_trace_repeats_itself_and_its_noise_is_bounded() -> None:
    first = [spo2(CALM, second) for second in range(300)]
    assert first == [spo2(CALM, second) for second in range(300)]
    assert all(96.5 <= value <= 97.5 for value in first)
    assert len(set(first)) > 100


def test_a_patient_deteriorates_and_stays_there() -> None:
    ill = deteriorating(CALM, at_seconds=10, over_seconds=20, spo2_percent=87, pulse_per_minute=120)
    assert spo2(ill, 9) == spo2(CALM, 9)
    assert spo2(ill, 20) == pytest.approx(92, abs=0.5)
    assert spo2(ill, 1000) == pytest.approx(87, abs=0.5)


def test_a_sudden_fall_takes_no_time() -> None:
    ill = deteriorating(CALM, at_seconds=10, over_seconds=0, spo2_percent=80, pulse_per_minute=99)
    assert spo2(ill, 10) == pytest.approx(80, abs=0.5)


def test_a_sensor_off_the_finger_shows_nothing_for_a_while() -> None:
    off = dropping_out(CALM, at_seconds=5, for_seconds=5, kind="not_a_number")
    gone = dropping_out(CALM, at_seconds=5, for_seconds=5, kind="silence")
    assert [vitals_at(off, second) is None for second in (4, 5, 9, 10)] == [
        False,
        True,
        True,
        False,
    ]
    assert vitals_at(gone, 7) == "silence"


def test_a_patients_file_becomes_traces() -> None:
    script = parse_patients(
        b'{"patients": [{"address": "F0:F1:F2:F3:F4:01", "name": "O", "serial_number": "1",'
        b' "drifts": [{"start_seconds": 5, "over_seconds": 1, "spo2_percent": 88,'
        b' "pulse_per_minute": 110}], "dropouts": [{"start_seconds": 50, "for_seconds": 2}]}]}'
    )
    assert isinstance(script, PatientsFile)
    (patient,) = script.patients
    assert spo2(patient.trace(), 7) == pytest.approx(88, abs=0.6)
    assert vitals_at(patient.trace(), 51) is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b'{"patients": [{"address": "here", "name": "O", "serial_number": "1"}]}',
        b'{"patients": [{"address": "F0:F1:F2:F3:F4:01", "name": "O"}]}',
        b'{"patients": [{"address": "F0:F1:F2:F3:F4:01", "name": "O", "serial_number": "1"},'
        b'{"address": "F0:F1:F2:F3:F4:01", "name": "P", "serial_number": "2"}]}',
    ],
)
def test_a_wrong_patients_file_is_refused(text: bytes) -> None:
    assert isinstance(parse_patients(text), Malformed)


def test_commands() -> None:
    command = parse_command(
        b'{"do": "deteriorate", "address": "F0:F1:F2:F3:F4:01", "spo2_percent": 88,'
        b' "pulse_per_minute": 118, "over_seconds": 30}'
    )
    assert command == Deteriorate(
        address="F0:F1:F2:F3:F4:01", spo2_percent=88, pulse_per_minute=118, over_seconds=30
    )
    assert isinstance(parse_command(b'{"do": "dance"}'), Malformed)
