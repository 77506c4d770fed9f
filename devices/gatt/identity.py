"""Battery (0x180F) and Device Information (0x180A) Services."""

from enum import IntEnum
from typing import Final

from devices.gatt.engine import Field, Table, decode
from devices.gatt.kinds import Code, Opaque, Text, Whole
from devices.malformed import MalformedFrame

BATTERY_LEVEL: Final = Table(
    code=0x2A19,
    name="Battery Level",
    fields=(Field("battery_percent", Whole(1, lowest=0, highest=100), unit="%"),),
)


class VendorSource(IntEnum):
    """Who gave the vendor its number."""

    BLUETOOTH_SIG = 1
    USB_FORUM = 2


_TEXTS: Final = {
    0x2A24: "Model Number String",
    0x2A25: "Serial Number String",
    0x2A26: "Firmware Revision String",
    0x2A27: "Hardware Revision String",
    0x2A28: "Software Revision String",
    0x2A29: "Manufacturer Name String",
}
TABLES: Final = (
    BATTERY_LEVEL,
    *(
        Table(code=code, name=name, fields=(Field("text", Text()),))
        for code, name in _TEXTS.items()
    ),
    Table(
        code=0x2A23,
        name="System ID",
        fields=(Field("manufacturer", Whole(5)), Field("organisation", Whole(3))),
    ),
    Table(
        code=0x2A2A,
        name="IEEE 11073-20601 Regulatory Certification Data List",
        fields=(Field("data", Opaque()),),
    ),
    Table(
        code=0x2A50,
        name="PnP ID",
        fields=(
            Field("vendor_source", Code(VendorSource)),
            Field("vendor", Whole(2)),
            Field("product", Whole(2)),
            Field("version", Whole(2)),
        ),
    ),
)


def battery_percent(frame: bytes) -> float | None:
    """Return the charge a Battery Level says, None when it says nothing that can be."""
    decoded = decode(BATTERY_LEVEL, frame)
    if isinstance(decoded, MalformedFrame):
        return None
    percent = decoded.values["battery_percent"]
    return float(percent) if isinstance(percent, int) else None
