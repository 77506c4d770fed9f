"""From the record of a frame to observations: values in their UCUM unit, times, quality.

Nothing is left out for being doubtful: what the device holds against a value goes with it, and a
word that is no number becomes an invalid value. Measurements that are not finished (Intermediate
Cuff Pressure, Intermediate Temperature) are no observations. Glucose has no vital sign in the
tables of vitals yet: `devices.glucose` reads it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import Context, Decimal
from typing import Final

from core.vitals import Quality, Vital, quality_of
from devices.device_time import Coincident, Corrected, DateTime, Stamp, correct_time
from devices.gatt import blood_pressure, heart_rate, oximeter, thermometer, weight
from devices.gatt.engine import Record
from devices.gatt.glucose import TIME_OFFSET_UNKNOWN
from devices.gatt.kinds import Value
from devices.gatt.oximeter import MeasurementStatus
from devices.makers.frame import MakerRecord
from devices.measurement import Spot
from devices.medfloat import Number
from devices.quality import quality_said

MEASURES: Final[dict[int, tuple[tuple[str, Vital], ...]]] = {
    oximeter.SPOT_CHECK.code: (("spo2_percent", Vital.SPO2), ("pulse_per_minute", Vital.PULSE)),
    oximeter.CONTINUOUS.code: (("spo2_percent", Vital.SPO2), ("pulse_per_minute", Vital.PULSE)),
    thermometer.MEASUREMENT.code: (("temperature", Vital.TEMPERATURE),),
    blood_pressure.MEASUREMENT.code: (
        ("systolic", Vital.SYSTOLIC),
        ("diastolic", Vital.DIASTOLIC),
        ("pulse_per_minute", Vital.PULSE),
    ),
    heart_rate.MEASUREMENT.code: (("heart_rate_per_minute", Vital.PULSE),),
    weight.MEASUREMENT.code: (("weight", Vital.WEIGHT),),
}
MAKER_MEASURES: Final = {"spo2_percent": Vital.SPO2, "pulse_per_minute": Vital.PULSE}

# UCUM 2.1: [degF] = (Cel x 9/5) + 32; [lb_av] = 0.45359237 kg; m[Hg] = 133.3220 kPa.
_CONVERSIONS: Final[dict[str, tuple[Decimal, Decimal]]] = {
    "[degF]": (Decimal(32), Decimal(5) / 9),
    "[lb_av]": (Decimal(0), Decimal("0.45359237")),
    "kPa": (Decimal(0), 1000 / Decimal("133.3220")),
}
"""What is taken away first, and what the rest is multiplied by."""
_CONVERTED: Final = {Vital.TEMPERATURE, Vital.WEIGHT, Vital.SYSTOLIC, Vital.DIASTOLIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Who was heard and when; `zone` is where wall clocks hang; `coincident` as far as known."""

    device: str
    received_at: datetime
    zone: tzinfo
    coincident: Coincident | None = None


def observe(record: Record, reception: Reception) -> tuple[Spot, ...]:
    """Return one value for each vital sign that the record carries."""
    time = time_of(record, reception)
    return tuple(
        _spot(record, name, vital, time, reception)
        for name, vital in MEASURES.get(record.code, ())
        if name in record.values
    )


def time_of(record: Record, reception: Reception) -> Corrected:
    """Decide when the record was measured."""
    return correct_time(
        _stamp(record),
        received_at=reception.received_at,
        zone=reception.zone,
        coincident=reception.coincident,
    )


def _stamp(record: Record) -> Stamp:
    values = record.values
    shown, status = values.get("timestamp"), values.get("measurement_status")
    minutes = values.get("time_offset_minutes", 0)
    return Stamp(
        shown=shown if isinstance(shown, DateTime) else None,
        clock_not_set=bool(values.get("clock_not_set")),
        stored=isinstance(status, MeasurementStatus)
        and MeasurementStatus.DATA_FROM_MEASUREMENT_STORAGE in status,
        offset=timedelta(minutes=minutes)
        if isinstance(minutes, int) and minutes not in TIME_OFFSET_UNKNOWN
        else None,
    )


def _spot(record: Record, name: str, vital: Vital, time: Corrected, reception: Reception) -> Spot:
    quality = quality_said(record, vital)
    if time.fault:
        quality |= Quality.TIME_FAULT
    exact = exact_value(record.values[name])
    if exact is not None and vital in _CONVERTED:
        exact = _in_ucum(exact, str(record.values["unit"]))
    value = None if exact is None else float(exact)
    return Spot(
        device=reception.device,
        vital=vital,
        value=value,
        measured_at=time.at,
        raw_at=time.raw_at,
        quality=_judged(vital, value, quality),
    )


def observe_maker(record: MakerRecord, reception: Reception) -> tuple[Spot, ...]:
    """Return the values of a maker's frame; one from memory comes without its time."""
    stamp = Stamp(stored=record.protocol.stored)
    time = correct_time(stamp, received_at=reception.received_at, zone=reception.zone)
    held = record.quality | (Quality.TIME_FAULT if time.fault else Quality(0))
    spots = []
    for name in record.raw:
        if (vital := MAKER_MEASURES.get(name.rstrip("_23"))) is not None:
            measured = record.measured(name)
            value = None if measured is None else float(measured)
            spots.append(
                Spot(
                    device=reception.device,
                    vital=vital,
                    value=value,
                    measured_at=time.at,
                    raw_at=None,
                    quality=_judged(vital, value, held),
                )
            )
    return tuple(spots)


def _judged(vital: Vital, value: float | None, held: Quality) -> Quality:
    return held | Quality.INVALID if value is None else quality_of(vital, value, held)


def exact_value(value: Value) -> Decimal | None:
    """Return a field's number; None where it is no number."""
    if isinstance(value, Number):
        return value.exact
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _in_ucum(value: Decimal, unit: str) -> Decimal:
    """Return `value` in the unit of the vital sign, to 24 digits where a factor has no end."""
    taken_away, factor = _CONVERSIONS.get(unit, (Decimal(0), Decimal(1)))
    return ((value - taken_away) * factor).normalize(Context(prec=24))
