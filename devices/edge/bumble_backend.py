"""A bleak backend on bumble, for tests in one process and for HCI dongles without BlueZ.

bleak takes a backend class in public (`backend=`), but calls the base classes an unstable API:
the project pins bleak below 4, and the fleet test tells when a release breaks this file.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar, cast

from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import (
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)
from bumble.att import ATT_Error
from bumble.core import UUID, AdvertisingData
from bumble.core import TimeoutError as BumbleTimeoutError
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt import Characteristic
from bumble.gatt_client import CharacteristicProxy, ServiceProxy
from bumble.hci import Address

from devices.edge.radio import Backends

PREFERRED_MTU = 247
_UUID_LISTS = (
    AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)


def backends_on(central: Device) -> Backends:
    """Return backends that use `central` (powered on) as their adapter."""
    adapter = {"central": central}
    return Backends(
        scanner=type("BumbleScannerOnDevice", (BumbleScanner,), adapter),
        client=type("BumbleClientOnDevice", (BumbleClient,), adapter),
    )


def full_uuid(uuid: UUID) -> str:
    """Return the 128-bit text form bleak uses."""
    octets = bytes(reversed(uuid.to_bytes(force_128=True))).hex()
    return "-".join((octets[:8], octets[8:12], octets[12:16], octets[16:20], octets[20:]))


def advertised_services(data: AdvertisingData) -> list[str]:
    """Return the service UUIDs of an advertisement."""
    lists = (uuids for kind in _UUID_LISTS for uuids in data.get_all(kind))
    return [full_uuid(uuid) for uuids in lists for uuid in cast("list[UUID]", uuids)]


def advertised_name(data: AdvertisingData) -> str | None:
    """Return the complete or shortened local name of an advertisement."""
    kinds = AdvertisingData.Type
    return data.get(kinds.COMPLETE_LOCAL_NAME) or data.get(kinds.SHORTENED_LOCAL_NAME)


def property_names(characteristic: CharacteristicProxy[bytes]) -> list[CharacteristicPropertyName]:
    """Return the properties as BlueZ and bleak spell them."""
    names = (
        str(flag.name).lower().replace("_", "-")
        for flag in Characteristic.Properties
        if characteristic.properties & flag
    )
    return cast("list[CharacteristicPropertyName]", list(names))


class BumbleScanner(BaseBleakScanner):
    """Scans with a bumble device."""

    central: ClassVar[Device]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str = "active",
        **_: Any,
    ) -> None:
        """Prepare a scan."""
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"

    async def start(self) -> None:
        """Begin to report advertisements."""
        self.seen_devices = {}
        self.central.on("advertisement", self._on_advertisement)
        await _unbroken(self.central.start_scanning(active=self._active, filter_duplicates=False))

    async def stop(self) -> None:
        """Stop reporting."""
        self.central.remove_listener("advertisement", self._on_advertisement)
        await _unbroken(self.central.stop_scanning())

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        services = advertised_services(advertisement.data)
        if not self.is_allowed_uuid(services):
            return
        name = advertised_name(advertisement.data)
        data = AdvertisementData(name, {}, {}, services, None, advertisement.rssi, (advertisement,))
        address = advertisement.address.to_string(False)
        device = self.create_or_update_device(
            address, address, name or "", advertisement.address, data
        )
        self.call_detection_callbacks(device, data)


class BumbleClient(BaseBleakClient):
    """One connection through a bumble device."""

    central: ClassVar[Device]

    def __init__(
        self, address_or_ble_device: BLEDevice | str, services: set[str] | None = None, **more: Any
    ) -> None:
        """Prepare a connection; `services` limits what is discovered."""
        super().__init__(address_or_ble_device, **more)
        self._target, self._name = Address(self.address), self.address
        if isinstance(address_or_ble_device, BLEDevice):
            self._target = address_or_ble_device.details
            self._name = address_or_ble_device.name or self.address
        self._wanted = services
        self._peer: Peer | None = None
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        """The name of the peer, or its address."""
        return self._name

    @property
    def mtu_size(self) -> int:
        """The negotiated ATT MTU in bytes."""
        return 23 if self._peer is None else self._peer.connection.att_mtu

    @property
    def is_connected(self) -> bool:
        """Whether the link is up."""
        return self._peer is not None

    async def connect(self, pair: bool, **_: Any) -> None:
        """Connect, negotiate the MTU and discover."""
        await _unbroken(self._connect(pair))

    async def _connect(self, pair: bool) -> None:
        try:  # bumble's own timeout gives the attempt up cleanly, one around it would not
            connection = await self.central.connect(self._target, timeout=self._timeout)
        except BumbleTimeoutError:
            raise BleakDeviceNotFoundError(self.address, "no answer") from None
        connection.on("disconnection", self._on_disconnection)
        self._peer = Peer(connection)
        if pair:
            await connection.pair()
        await self._peer.request_mtu(PREFERRED_MTU)
        self.services = await self._discover(self._peer)

    async def disconnect(self) -> None:
        """End the link if it is up."""
        if self._peer is not None:
            await _unbroken(self._connection.disconnect())

    async def pair(self, *_: Any, **__: Any) -> None:
        """Pair with the peer."""
        await self._connection.pair()

    async def unpair(self) -> None:
        """Not offered: the virtual devices keep no bond."""
        raise BleakError("bonds are not kept")

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        """Read a characteristic."""
        with _att_errors():
            return bytearray(await _unbroken(self._connected.read_value(characteristic.obj)))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        """Read a descriptor."""
        with _att_errors():
            return bytearray(await _unbroken(self._connected.read_value(descriptor.obj)))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: Any, response: bool
    ) -> None:
        """Write a characteristic."""
        with _att_errors():
            await _unbroken(self._connected.write_value(characteristic.obj, bytes(data), response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: Any) -> None:
        """Write a descriptor."""
        with _att_errors():
            await _unbroken(self._connected.write_value(descriptor.obj, bytes(data), True))

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: Callable[[bytearray], None],
        **_: Any,
    ) -> None:
        """Subscribe to notifications or indications."""

        def subscriber(value: bytes) -> None:
            callback(bytearray(value))

        self._subscribers[characteristic.handle] = subscriber
        with _att_errors():
            await _unbroken(characteristic.obj.subscribe(subscriber))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """End a subscription."""
        with _att_errors():
            subscriber = self._subscribers.pop(characteristic.handle)
            await _unbroken(characteristic.obj.unsubscribe(subscriber))

    @property
    def _connected(self) -> Peer:
        if self._peer is None:
            raise BleakError("not connected")
        return self._peer

    @property
    def _connection(self) -> Connection:
        return self._connected.connection

    def _on_disconnection(self, reason: int) -> None:
        self._peer = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        found = BleakGATTServiceCollection()
        for proxy in await peer.discover_services():
            if self._wanted is None or full_uuid(proxy.uuid) in self._wanted:
                await self._describe(proxy, found)
        return found

    async def _describe(self, proxy: ServiceProxy, found: BleakGATTServiceCollection) -> None:
        service = BleakGATTService(proxy, proxy.handle, full_uuid(proxy.uuid))
        found.add_service(service)
        for remote in await proxy.discover_characteristics():
            characteristic = BleakGATTCharacteristic(
                remote,
                remote.handle,
                full_uuid(remote.uuid),
                property_names(remote),
                lambda: self.mtu_size - 3,
                service,
            )
            found.add_characteristic(characteristic)
            for descriptor in await remote.discover_descriptors():
                found.add_descriptor(
                    BleakGATTDescriptor(
                        descriptor, descriptor.handle, full_uuid(descriptor.type), characteristic
                    )
                )


@contextmanager
def _att_errors() -> Iterator[None]:
    """Raise bleak's own error for an ATT error."""
    try:
        yield
    except ATT_Error as error:
        raise BleakGATTProtocolError(BleakGATTProtocolErrorCode(error.error_code)) from error


T = TypeVar("T")


async def _unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Await `work`; a cancellation waits for its end, because bumble loses its command queue."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise
