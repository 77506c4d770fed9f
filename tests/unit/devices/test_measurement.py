"""What a frame means: times, and what is held against a value."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.vitals import Quality, Vital
from devices.gatt.date_time import DateTime
from devices.gatt.plx import Continuous, MeasurementStatus, Pair, SensorStatus, SpotCheck
from devices.gatt.sfloat import NotANumber, Number, Sfloat
from devices.measurement import from_continuous, from_spot_check, status_quality

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FINE = Pair(spo2_percent=Number.of(96), pulse_per_minute=Number.of(72))


def spot_check(
    local: datetime | None,
    *,
    status: MeasurementStatus | None = None,
    clock_not_set: bool = False,
) -> SpotCheck:
    return SpotCheck(
        normal=FINE,
        timestamp=None if local is None else DateTime.of(local),
        status=status,
        clock_not_set=clock_not_set,
    )


def test_a_continuous_frame_is_two_values_measured_on_reception() -> None:
    spo2, pulse = from_continuous(Continuous(normal=FINE), device="A", received_at=NOW)
    assert (spo2.vital, spo2.value, spo2.unit) == (Vital.SPO2, 96.0, "%")
    assert (pulse.vital, pulse.value, pulse.unit) == (Vital.PULSE, 72.0, "/min")
    assert spo2.measured_at == pulse.measured_at == NOW
    assert spo2.raw_at is None
    assert spo2.quality == 0


@pytest.mark.parametrize("special", list(NotANumber))
def test_what_is_no_number_reaches_the_domain_as_an_invalid_value(special: Sfloat) -> None:
    frame = Continuous(normal=Pair(spo2_percent=special, pulse_per_minute=Number.of(72)))
    spo2, pulse = from_continuous(frame, device="A", received_at=NOW)
    assert (spo2.value, spo2.quality) == (None, Quality.INVALID)
    assert (pulse.value, pulse.quality) == (72.0, Quality(0))


def test_a_value_no_living_person_shows_is_kept_and_marked() -> None:
    frame = Continuous(normal=Pair(spo2_percent=Number.of(4), pulse_per_minute=Number.of(400)))
    spo2, pulse = from_continuous(frame, device="A", received_at=NOW)
    assert (spo2.value, spo2.quality) == (4.0, Quality.IMPLAUSIBLE)
    assert (pulse.value, pulse.quality) == (400.0, Quality.IMPLAUSIBLE)


@pytest.mark.parametrize(
    ("status", "sensor", "quality"),
    [
        (MeasurementStatus.VALIDATED_DATA, None, Quality(0)),
        (MeasurementStatus.INVALID_MEASUREMENT, None, Quality.INVALID),
        (MeasurementStatus.MEASUREMENT_UNAVAILABLE, None, Quality.INVALID),
        (MeasurementStatus.QUESTIONABLE_MEASUREMENT, None, Quality.QUESTIONABLE),
        (MeasurementStatus.EARLY_ESTIMATED_DATA, None, Quality.EARLY_ESTIMATE),
        (MeasurementStatus.DATA_FOR_TESTING, None, Quality.DEMONSTRATION),
        (None, SensorStatus.LOW_PERFUSION, Quality.LOW_PERFUSION),
        (None, SensorStatus.ERRATIC_SIGNAL, Quality.QUESTIONABLE),
        (
            None,
            SensorStatus.SENSOR_DISCONNECTED,
            Quality.QUESTIONABLE | Quality.LOW_PERFUSION | Quality.INVALID,
        ),
    ],
)
def test_status_words_are_held_against_the_value(
    status: MeasurementStatus | None, sensor: SensorStatus | None, quality: Quality
) -> None:
    assert status_quality(status, sensor) == quality


def test_a_set_clock_is_read_in_the_zone_of_the_home() -> None:
    frame = spot_check(datetime(2026, 11, 22, 8, 15, tzinfo=PARIS))
    spo2, _ = from_spot_check(frame, device="A", received_at=NOW, zone=PARIS)
    assert spo2.measured_at == spo2.raw_at == datetime(2026, 11, 22, 7, 15, tzinfo=UTC)
    assert spo2.quality == 0


def test_a_clock_a_little_ahead_is_believed_but_never_dates_into_the_future() -> None:
    frame = spot_check(datetime(2026, 11, 22, 10, 33, tzinfo=PARIS))
    spo2, _ = from_spot_check(frame, device="A", received_at=NOW, zone=PARIS)
    assert spo2.measured_at == NOW
    assert spo2.raw_at == NOW + timedelta(minutes=3)
    assert spo2.quality == 0


@pytest.mark.parametrize(
    "frame",
    [
        spot_check(datetime(2099, 1, 1, tzinfo=PARIS)),
        spot_check(datetime(2017, 1, 1, 1, 34, 19, tzinfo=PARIS), clock_not_set=True),
        spot_check(None, status=MeasurementStatus.DATA_FROM_MEASUREMENT_STORAGE),
    ],
    ids=["ahead", "never set", "stored without a time"],
)
def test_a_time_that_cannot_be_trusted_is_replaced_and_marked(frame: SpotCheck) -> None:
    spo2, _ = from_spot_check(frame, device="A", received_at=NOW, zone=PARIS)
    assert spo2.measured_at == NOW
    assert spo2.quality == Quality.TIME_FAULT


def test_a_live_spot_check_without_a_clock_is_simply_now() -> None:
    spo2, _ = from_spot_check(spot_check(None), device="A", received_at=NOW, zone=PARIS)
    assert (spo2.measured_at, spo2.quality) == (NOW, Quality(0))
