"""Published frames of standard characteristics, decoded as stated and written again."""

from decimal import Decimal

import pytest

from devices.device_time import DateTime
from devices.gatt.blood_pressure import CuffStatus
from devices.gatt.characteristics import BY_CODE
from devices.gatt.engine import Record, decode, encode
from devices.gatt.glucose import MeterStatus, SampleLocation, SampleType
from devices.gatt.kinds import Value
from devices.gatt.oximeter import MeasurementStatus, SensorStatus, SupportedFeatures
from devices.gatt.stored_records import Filter, OpCode, Operator, Outcome
from devices.malformed import MalformedFrame
from devices.medfloat import NotANumber, Number

SPEZI = "StanfordSpezi/SpeziBluetooth, PLXTests.swift (MIT)"
NORDIC = "NordicSemiconductor/Android-BLE-Common-Library, its tests (BSD-3)"
CAPTURED = "ChoiceMMed oximeter in nRF Connect, Stack Overflow 71264072 (facts)"
MEDISANA = "Medisana PM100 (ChoiceMMed MD300C208S) captured, PM100DeviceTests.swift (facts)"
SIG = "RonanB96/bluetooth-sig-python, integer-only tests (MIT), re-checked"
BEURER = "Beurer FT95: the frame of its documentation, quoted in BleConnector (facts)"
OURS = "written from the specification"

Fields = dict[str, Value]
ONGOING, LOW = MeasurementStatus.MEASUREMENT_ONGOING, SensorStatus.LOW_PERFUSION
CONTACT: Fields = {"rate_in_two_bytes": False, "contact": True, "contact_supported": True}

GLUCOSE: Fields = {
    "unit": "kg/L",
    "context_follows": True,
    "sequence_number": 1,
    "timestamp": DateTime(2024, 5, 20, 10, 30, 0),
    "time_offset_minutes": -1,
    "concentration": Number(105, -5),
    "type_and_location": (SampleType.CAPILLARY_WHOLE_BLOOD, SampleLocation.FINGER),
    "measurement_status": MeterStatus.RESULT_ABOVE_RANGE | MeterStatus.TEMPERATURE_TOO_LOW,
}
VECTORS: list[tuple[str, int, str, Fields]] = [
    (SPEZI, 0x2A5F, "00e8f384f3",
     {"spo2_percent": Number(1000, -1), "pulse_per_minute": Number(900, -1)}),
    (SPEZI, 0x2A5E, "0facf3bef5e8070b1d170839204022000066e3",
     {"clock_not_set": False, "spo2_percent": Number(940, -1),
      "pulse_per_minute": Number(1470, -1), "timestamp": DateTime(2024, 11, 29, 23, 8, 57),
      "measurement_status": ONGOING | MeasurementStatus.QUESTIONABLE_MEASUREMENT,
      "sensor_status": SensorStatus.EQUIPMENT_MALFUNCTION | LOW,
      "pulse_amplitude_index_percent": Number(870, -2)}),
    (SPEZI, 0x2A60, "a3004010800100",
     {"supported": SupportedFeatures(163), "status_support": MeasurementStatus(4160),
      "sensor_support": SensorStatus(384)}),
    (NORDIC, 0x2A35, "1e8a00580078000000041114293b3c00012700",
     {"unit": "mm[Hg]", "systolic": Number(138), "diastolic": Number(88),
      "mean_arterial": Number(120), "timestamp": DateTime(0, 4, 17, 20, 41, 59),
      "pulse_per_minute": Number(60), "user_id": 1,
      "measurement_status": CuffStatus.BODY_MOVEMENT | CuffStatus.CUFF_TOO_LOOSE
      | CuffStatus.IRREGULAR_PULSE | CuffStatus.IMPROPER_POSITION}),
    (NORDIC, 0x2A35, "00bdf00b009ff0",
     {"unit": "mm[Hg]", "systolic": Number(189, -1), "diastolic": Number(11),
      "mean_arterial": Number(159, -1)}),
    (NORDIC, 0x2A37, "04ff", {"rate_in_two_bytes": False, "contact": False,
     "contact_supported": True, "heart_rate_per_minute": 255}),
    (NORDIC, 0x2A37, "1e5532002100",
     {**CONTACT, "heart_rate_per_minute": 85, "energy_expended_kj": 50,
      "rr_intervals_1024": (33,)}),
    (NORDIC, 0x2A08, "00000000121a20", {"timestamp": DateTime(0, 0, 0, 18, 26, 32)}),
    (CAPTURED, 0x2A5E, "1761006000e10701010122132000200000",
     {"clock_not_set": True, "spo2_percent": Number(97), "pulse_per_minute": Number(96),
      "timestamp": DateTime(2017, 1, 1, 1, 34, 19), "measurement_status": ONGOING,
      "sensor_status": LOW}),
    (MEDISANA, 0x2A5F, "1c6200400020002000 0022f0",
     {"spo2_percent": Number(98), "pulse_per_minute": Number(64), "measurement_status": ONGOING,
      "sensor_status": LOW, "pulse_amplitude_index_percent": Number(34, -1)}),
    (MEDISANA, 0x2A5F, "1c0000000000002008 0000f0",
     {"spo2_percent": Number(0), "pulse_per_minute": Number(0),
      "measurement_status": MeasurementStatus(0),
      "sensor_status": LOW | SensorStatus.SENSOR_UNCONNECTED_TO_USER,
      "pulse_amplitude_index_percent": Number(0, -1)}),
    (SIG, 0x2A9D, "02b036e7070c190e1e2d",
     {"unit": "kg", "weight": Decimal("70.000"), "timestamp": DateTime(2023, 12, 25, 14, 30, 45)}),
    (SIG, 0x2A9D, "0cb03605f500d606",
     {"unit": "kg", "weight": Decimal("70.000"), "user_id": 5,
      "body_mass_index": Decimal("24.5"), "height": Decimal("1.750")}),
    (SIG, 0x2A9D, "08b036f500d606",
     {"unit": "kg", "weight": Decimal("70.000"), "body_mass_index": Decimal("24.5"),
      "height": Decimal("1.750")}),
    (SIG, 0x2A37, "01c800", {"rate_in_two_bytes": True, "contact": False,
     "contact_supported": False, "heart_rate_per_minute": 200}),
    (SIG, 0x2A37, "0e4b8000",
     {**CONTACT, "heart_rate_per_minute": 75, "energy_expended_kj": 128}),
    (BEURER, 0x2A1C, "07100300ffe107040d0e0700ff",
     {"unit": "[degF]", "temperature": Number(784, -1),
      "timestamp": DateTime(2017, 4, 13, 14, 7, 0), "type": 255}),
    (OURS, 0x2A9D, "01ffff", {"unit": "[lb_av]", "weight": NotANumber.NAN}),
    (OURS, 0x2A1C, "07d70300ffe8070105080000 06",
     {"unit": "[degF]", "temperature": Number(983, -1),
      "timestamp": DateTime(2024, 1, 5, 8, 0, 0), "type": 6}),
    (OURS, 0x2A18, "1b0100e80705140a1e00ffff69b0112001", GLUCOSE),
    (OURS, 0x2A19, "57", {"battery_percent": 87}),
    (OURS, 0x2A2B, "ea070b1d0c1e00078001",
     {"timestamp": DateTime(2026, 11, 29, 12, 30, 0), "day_of_week": 7, "fractions_256": 128,
      "adjust_reason": 1}),
    (OURS, 0x2A29, "436f6e746563", {"text": "Contec"}),
    (OURS, 0x2A52, "0101", {"op_code": OpCode.REPORT, "operator": Operator.ALL}),
    (OURS, 0x2A52, "010301 0700",
     {"op_code": OpCode.REPORT, "operator": Operator.FROM, "filter": Filter.SEQUENCE_NUMBER,
      "least_number": 7}),
    (OURS, 0x2A52, "06000106",
     {"op_code": OpCode.RESPONSE, "operator": Operator.NONE, "request": OpCode.REPORT,
      "outcome": Outcome.NO_RECORDS_FOUND}),
    (OURS, 0x2A52, "05000300",
     {"op_code": OpCode.NUMBER_RESPONSE, "operator": Operator.NONE, "count": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "code", "text", "fields"), VECTORS)
def test_a_frame_says_what_is_stated_and_is_written_again(
    source: str, code: int, text: str, fields: Fields
) -> None:
    frame = bytes.fromhex(text)
    assert decode(BY_CODE[code], frame) == Record(code, fields), source
    assert encode(BY_CODE[code], fields) == frame, source


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        # the first four: Nordic's tests (BSD-3)
        (0x2A1C, "06b00e00fedc070c050b321b", "type: 1 bytes wanted, 0 left"),
        (0x2A35, "03020304050607", "year: 2 bytes wanted, 0 left"),
        (0x2A08, "e20704110f33", "second: 1 bytes wanted, 0 left"),
        (0x2A5F, "", "flags: 1 bytes wanted, 0 left"),
        (0x2A5F, "006100", "pulse_per_minute: 2 bytes wanted, 0 left"),
        (0x2A5F, "0061006000ff", "1 bytes after the last field"),
        (0x2A5F, "0861006000ffff", "sensor_status: 3 bytes wanted, 2 left"),
        (0x2A5E, "0161006000e1070d01012213", "month 13 outside 0-12"),
        (0x2A5E, "0161006000e1070101182213", "hour 24 outside 0-23"),
        (0x2A5E, "016100600001000101012213", "year 1 outside 1582-9999"),
        (0x2A19, "65", "battery_percent: outside 0 to 100"),
        (0x2A29, "ff", "text: not UTF-8"),
        (0x2A37, "1055", "rr_intervals_1024: 2 bytes wanted, 0 left"),
        (0x2A37, "1055210022", "rr_intervals_1024: 2 bytes wanted, 1 left"),
        (0x2A52, "0102", "filter: 1 bytes wanted, 0 left"),
        (0x2A52, "010101", "1 bytes after the last field"),
        (0x2A0F, "3900", "time_zone_quarters: outside -48 to 56"),
        (0x2A29, "41" * 513, "longer than 512 bytes"),
    ],
)
def test_a_malformed_frame_is_refused_with_the_reason_and_the_bytes(
    code: int, text: str, reason: str
) -> None:
    frame = bytes.fromhex(text)
    assert decode(BY_CODE[code], frame) == MalformedFrame(reason=reason, frame=frame)


def test_a_refusal_is_never_printed_with_its_bytes() -> None:
    frame = bytes.fromhex("0061006000ff")
    printed = repr(decode(BY_CODE[0x2A5F], frame))
    assert "after the last field" in printed
    assert repr(frame) not in printed
    assert frame.hex() not in printed


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        (0x2A5F, {"spo2_percent": Number(97)}, "pulse_per_minute does not go with the rest"),
        (0x2A9D, {"weight": Decimal(70), "height": Decimal("1.7")}, "body_mass_index does not"),
        (0x2A9D, {"weight": Decimal("70.001")}, "not one this field can hold"),
        (0x2A9D, {"weight": Decimal("327.675")}, "not one this field can hold"),
        (0x2A9D, {"weight": Decimal(70), "unit": "st"}, "unit is kg or"),
        (0x2A9D, {"weight": Decimal(70), "girth": 3}, "has no girth"),
        (0x2A19, {"battery_percent": 101}, "not one this field can hold"),
        (0x2A19, {"battery_percent": NotANumber.NAN}, "not one this field can hold"),
        (0x2A5F, {"spo2_percent": 97, "pulse_per_minute": 60}, "a SFLOAT is wanted"),
        (0x2A52, {"op_code": 1, "operator": 1, "count": 3}, "count does not go"),
        (0x2A38, {"location": 256}, "1 bytes cannot hold"),
        (0x2A29, {"text": "a" * 513}, "longer than 512"),
        (0x2A37, {"heart_rate_per_minute": 60, "rr_intervals_1024": ()}, "at least one"),
        (0x2A60, {"supported": 1 << 16}, "2 bytes of flags"),
    ],
)
def test_what_no_frame_can_say_is_not_written(code: int, values: Fields, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        encode(BY_CODE[code], values)


def test_reserved_bits_are_carried_and_say_nothing() -> None:
    frame = bytes.fromhex("e061006000")
    decoded = decode(BY_CODE[0x2A5F], frame)
    assert isinstance(decoded, Record)
    assert decoded.values["reserved_flags"] == 0xE0
    assert encode(BY_CODE[0x2A5F], decoded.values) == frame
