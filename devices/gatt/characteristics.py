"""Every characteristic Chevet reads and writes, by its 16-bit UUID."""

from typing import Final

from devices.gatt import (
    blood_pressure,
    clock,
    glucose,
    heart_rate,
    identity,
    oximeter,
    stored_records,
    thermometer,
    weight,
)
from devices.gatt.engine import Table

SERVICES: Final = {
    0x1822: ("Pulse Oximeter", oximeter.TABLES),
    0x1809: ("Health Thermometer", thermometer.TABLES),
    0x1810: ("Blood Pressure", blood_pressure.TABLES),
    0x180D: ("Heart Rate", heart_rate.TABLES),
    0x181D: ("Weight Scale", weight.TABLES),
    0x1808: ("Glucose", glucose.TABLES),
    0x1805: ("Current Time", clock.TABLES),
    0x180A: ("Battery (0x180F) and Device Information", identity.TABLES),
    0: ("Stored records, of the Pulse Oximeter and Glucose Services", stored_records.TABLES),
}
"""Services by their 16-bit UUID (0: what several share), with their tables."""

BY_CODE: Final[dict[int, Table]] = {
    table.code: table for _, tables in SERVICES.values() for table in tables
}
