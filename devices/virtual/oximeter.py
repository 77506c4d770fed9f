"""A virtual pulse oximeter: PLX continuous and spot-check, features, identity, battery."""

from datetime import datetime

from bumble import data_types
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, Service

from devices.device_time import DateTime
from devices.gatt import oximeter
from devices.gatt.clock import CURRENT_TIME
from devices.gatt.engine import encode
from devices.gatt.kinds import Value
from devices.gatt.oximeter import MeasurementStatus, SensorStatus, SupportedFeatures
from devices.medfloat import NotANumber, Number
from devices.virtual.trace import Vitals

BATTERY_SERVICE, BATTERY_LEVEL = UUID.from_16_bits(0x180F), UUID.from_16_bits(0x2A19)
CURRENT_TIME_SERVICE = UUID.from_16_bits(0x1805)
DEVICE_INFORMATION_SERVICE = UUID.from_16_bits(0x180A)
IDENTITY = {0x2A29: b"Chevet (virtual)", 0x2A24: b"VO-1", 0x2A26: b"1.0"}
SERIAL_NUMBER = UUID.from_16_bits(0x2A25)
ADVERTISING_INTERVAL_MS = 100
FEATURES = encode(
    oximeter.FEATURES,
    {
        "supported": SupportedFeatures.SPOT_CHECK_TIMESTAMP
        | SupportedFeatures.PULSE_AMPLITUDE_INDEX,
        "status_support": MeasurementStatus.VALIDATED_DATA
        | MeasurementStatus.INVALID_MEASUREMENT
        | MeasurementStatus.QUESTIONABLE_MEASUREMENT,
    },
)


class VirtualOximeter:
    """One oximeter on the air; it sends what it is told to send, as bytes of the service."""

    def __init__(
        self,
        device: Device,
        *,
        serial_number: str,
        battery_percent: int = 87,
        shows: DateTime | None = None,
    ) -> None:
        """Lay out the services on `device`; with `shows` it tells what its clock shows."""
        self.device = device
        self._continuous = _characteristic(
            oximeter.CONTINUOUS.uuid, Characteristic.Properties.NOTIFY
        )
        self._spot_check = _characteristic(
            oximeter.SPOT_CHECK.uuid, Characteristic.Properties.INDICATE
        )
        features = _readable(UUID(oximeter.FEATURES.uuid), FEATURES)
        battery = _readable(BATTERY_LEVEL, bytes([battery_percent]))
        identity = [_readable(UUID.from_16_bits(code), text) for code, text in IDENTITY.items()]
        identity.append(_readable(SERIAL_NUMBER, serial_number.encode()))
        if shows is not None:
            device.add_service(Service(CURRENT_TIME_SERVICE, [_clock(shows)]))
        device.add_services(
            [
                Service(
                    UUID(oximeter.SERVICE_UUID), [self._continuous, self._spot_check, features]
                ),
                Service(BATTERY_SERVICE, [battery]),
                Service(DEVICE_INFORMATION_SERVICE, identity),
            ]
        )
        device.advertising_data = _advertising(device.name)

    async def switch_on(self) -> None:
        """Power on and advertise, again after each disconnection."""
        await self.device.power_on()
        await self.device.start_advertising(
            auto_restart=True,
            advertising_interval_min=ADVERTISING_INTERVAL_MS,
            advertising_interval_max=ADVERTISING_INTERVAL_MS,
        )

    async def drop_connections(self) -> None:
        """End every connection from this side, and stay discoverable."""
        for connection in self.connections:
            await connection.disconnect()

    @property
    def connections(self) -> list[Connection]:
        """Who is connected."""
        return list(self.device.connections.values())

    async def send_continuous(self, frame: bytes) -> None:
        """Notify subscribers of 0x2A5F with these bytes, whatever they are."""
        await self.device.notify_subscribers(self._continuous, frame)

    async def send_spot_check(self, frame: bytes) -> None:
        """Indicate these bytes to subscribers of 0x2A5E; returns when they are confirmed."""
        await self.device.indicate_subscribers(self._spot_check, frame)


def continuous_frame(vitals: Vitals | None) -> bytes:
    """Return the notification an oximeter sends for `vitals`; None: a sensor without a finger."""
    if vitals is None:
        return encode(
            oximeter.CONTINUOUS,
            {
                "spo2_percent": NotANumber.NAN,
                "pulse_per_minute": NotANumber.NAN,
                "measurement_status": MeasurementStatus.INVALID_MEASUREMENT,
                "sensor_status": SensorStatus.SENSOR_UNCONNECTED_TO_USER,
            },
        )
    return encode(
        oximeter.CONTINUOUS,
        {**_pair(vitals), "measurement_status": MeasurementStatus.VALIDATED_DATA},
    )


def spot_check_frame(vitals: Vitals, local: datetime) -> bytes:
    """Return the indication of a spot check taken at wall-clock time `local`."""
    return encode(
        oximeter.SPOT_CHECK,
        {
            **_pair(vitals),
            "timestamp": DateTime.of(local),
            "measurement_status": MeasurementStatus.FULLY_QUALIFIED_DATA,
        },
    )


def _pair(vitals: Vitals) -> dict[str, Number]:
    return {
        "spo2_percent": Number.of(round(vitals.spo2_percent)),
        "pulse_per_minute": Number.of(round(vitals.pulse_per_minute)),
    }


def _advertising(name: str) -> bytes:
    return bytes(
        AdvertisingData(
            [
                data_types.Flags(
                    AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE
                    | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
                ),
                data_types.CompleteLocalName(name),
                data_types.CompleteListOf16BitServiceUUIDs([UUID.from_16_bits(0x1822)]),
            ]
        )
    )


def _clock(shows: DateTime) -> Characteristic[bytes]:
    values: dict[str, Value] = {
        "timestamp": shows,
        "day_of_week": 0,
        "fractions_256": 0,
        "adjust_reason": 0,
    }
    return _readable(UUID(CURRENT_TIME.uuid), encode(CURRENT_TIME, values))


def _characteristic(uuid: str, properties: Characteristic.Properties) -> Characteristic[bytes]:
    return Characteristic(UUID(uuid), properties, Characteristic.Permissions(0))


def _readable(uuid: UUID, value: bytes) -> Characteristic[bytes]:
    return Characteristic(
        uuid, Characteristic.Properties.READ, Characteristic.Permissions.READABLE, value
    )
