"""What a frame says, for a person at a command line: the fields, what they mean, or the refusal."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from enum import Enum, IntEnum, IntFlag
from typing import TypeAlias

from devices.device_time import DateTime
from devices.gatt import glucose as glucose_service
from devices.gatt.characteristics import BY_CODE
from devices.gatt.engine import Record, Table, decode
from devices.gatt.kinds import Value
from devices.glucose import Unit, concentration_of, quality_of_glucose
from devices.makers.frame import MakerRecord, Protocol, decode_frame
from devices.makers.library import protocols
from devices.malformed import MalformedFrame
from devices.measurement import Spot
from devices.medfloat import Number
from devices.observing import Reception, observe, observe_maker, time_of

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

SHORT_NAMES = {"plx-continuous": 0x2A5F, "plx-spot": 0x2A5E}


def known_names() -> list[str]:
    """Return every name `find` knows besides UUIDs."""
    return [*SHORT_NAMES, *(_slug(table.name) for table in BY_CODE.values()), *protocols()]


def find(name: str) -> Table | Protocol | None:
    """Return what `name` says: a 16-bit UUID in hex, a characteristic, a maker's frame."""
    wanted = name.lower().removeprefix("0x")
    if wanted in protocols():
        return protocols()[wanted]
    by_name = {_slug(table.name): table for table in BY_CODE.values()}
    by_uuid = {f"{code:04x}": table for code, table in BY_CODE.items()}
    by_short = {short: BY_CODE[code] for short, code in SHORT_NAMES.items()}
    return (by_name | by_uuid | by_short | {t.uuid: t for t in by_uuid.values()}).get(wanted)


def explain(kind: Table | Protocol, hex_text: str, reception: Reception) -> dict[str, Json]:
    """Return the frame as JSON, or why it is refused; spaces in `hex_text` do not matter."""
    try:
        frame = bytes.fromhex(hex_text)
    except ValueError:
        return {"refused": "not hexadecimal"}
    if isinstance(kind, Protocol):
        said = decode_frame(kind, frame)
        return _refused(said) if isinstance(said, MalformedFrame) else _maker(said, reception)
    decoded = decode(kind, frame)
    if isinstance(decoded, MalformedFrame):
        return _refused(decoded)
    return _standard(kind, decoded, reception)


def _refused(malformed: MalformedFrame) -> dict[str, Json]:
    return {"refused": malformed.reason, "bytes": malformed.frame.hex()}


def _standard(table: Table, record: Record, reception: Reception) -> dict[str, Json]:
    answer: dict[str, Json] = {
        "characteristic": table.name,
        "fields": _fields(record.values),
    }
    if spots := observe(record, reception):
        answer["observations"] = [_spot(spot) for spot in spots]
        answer["time_from"] = time_of(record, reception).basis.value
    if record.code == glucose_service.MEASUREMENT.code:
        answer["glucose"] = _glucose(record, reception)
    return answer


def _maker(record: MakerRecord, reception: Reception) -> dict[str, Json]:
    return {
        "frame": record.protocol.name,
        "verified": record.protocol.verified,
        "fields": {name: _maker_value(record, name) for name in record.raw},
        "unexplained_bits": record.rest.hex() if any(record.rest) else None,
        "observations": [_spot(spot) for spot in observe_maker(record, reception)],
    }


def _maker_value(record: MakerRecord, name: str) -> Json:
    value = record.value(name)
    return list(value) if isinstance(value, tuple) else value


def _glucose(record: Record, reception: Reception) -> Json:
    concentration = concentration_of(record)
    units = (Unit.G_PER_L, Unit.MG_PER_DL, Unit.MMOL_PER_L)
    return {
        "shown": [] if concentration is None else [concentration.shown("en", u) for u in units],
        "quality": _names(quality_of_glucose(record, reception)),
        "measured_at": time_of(record, reception).at.isoformat(),
    }


def _spot(spot: Spot) -> Json:
    return {
        "vital": spot.vital.name.lower(),
        "value": spot.value,
        "unit": spot.unit,
        "quality": _names(spot.quality),
        "measured_at": spot.measured_at.isoformat(),
        "raw_at": None if spot.raw_at is None else spot.raw_at.isoformat(),
    }


def _fields(values: Mapping[str, Value]) -> Json:
    return {name: _shown(value) for name, value in values.items()}


def _shown(value: Value) -> Json:
    match value:
        case tuple():
            return [_shown(one) for one in value]
        case IntFlag():
            return _names(value)
        case Enum() if not isinstance(value, IntEnum) or value.name:
            return value.name.lower()
        case Number():
            return value.value
        case Decimal():
            return float(value)
        case DateTime():
            return _clock(value)
        case bytes():
            return value.hex()
        case _:
            return value


def _clock(shown: DateTime) -> str:
    """Return a wall clock as ISO 8601 writes it, an unknown part as 0."""
    date = f"{shown.year:04}-{shown.month:02}-{shown.day:02}"
    clock = timedelta(hours=shown.hour, minutes=shown.minute, seconds=shown.second)
    return f"{date}T{str(clock).rjust(8, '0')}"


def _names(flags: IntFlag) -> list[Json]:
    return [str(flag.name).lower() for flag in flags]


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
