"""A stand-in for bluetoothd: `org.bluez` on a private bus, on top of a virtual radio.

bleak's own BlueZ backend, unmodified, and any other BlueZ client speak to it; so the code that
ships on a small computer in a home is the code that runs in the demonstration.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from bumble.att import ATT_Error
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt_client import CharacteristicProxy, DescriptorProxy, ServiceProxy
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from devices.edge.bumble_backend import (
    PREFERRED_MTU,
    advertised_name,
    advertised_services,
    full_uuid,
    property_names,
)
from devices.virtual import bluez_objects as bluez
from devices.virtual.bluez_objects import NoSuchObjectError, ObjectTree

CONNECT_SECONDS = 10.0
Answer: TypeAlias = tuple[str, list[Any]]
NOTHING: Answer = ("", [])
Method: TypeAlias = Callable[[str, list[Any]], Awaitable[Answer]]
Remote: TypeAlias = CharacteristicProxy[bytes] | DescriptorProxy


class BluezFacade:
    """Answers the calls a BlueZ client makes, with what the virtual radio does."""

    def __init__(self, bus: MessageBus, central: Device) -> None:
        """Play BlueZ on `bus` with `central` (powered on) as its only adapter."""
        self._bus, self._central = bus, central
        self.tree = ObjectTree(bus, central.public_address.to_string(False))
        self._addresses: dict[str, Any] = {}
        self._connections: dict[str, Connection] = {}
        self._remotes: dict[str, tuple[Peer, Remote]] = {}
        self._subscribers: dict[str, Callable[[bytes], None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._methods: dict[str, Method] = {
            f"{bluez.OBJECT_MANAGER}.GetManagedObjects": self._get_managed_objects,
            f"{bluez.PROPERTIES}.GetAll": self._get_all,
            f"{bluez.PROPERTIES}.Get": self._get,
            f"{bluez.PROPERTIES}.Set": self._set,
            f"{bluez.ADAPTER}.SetDiscoveryFilter": self._accept,
            f"{bluez.ADAPTER}.GetDiscoveryFilters": self._get_discovery_filters,
            f"{bluez.ADAPTER}.StartDiscovery": self._start_discovery,
            f"{bluez.ADAPTER}.StopDiscovery": self._stop_discovery,
            f"{bluez.ADAPTER}.RemoveDevice": self._remove_device,
            "org.bluez.AgentManager1.RegisterAgent": self._accept,
            "org.bluez.AgentManager1.RequestDefaultAgent": self._accept,
            "org.bluez.AgentManager1.UnregisterAgent": self._accept,
            f"{bluez.DEVICE}.Connect": self._connect,
            f"{bluez.DEVICE}.Disconnect": self._disconnect,
            f"{bluez.CHARACTERISTIC}.ReadValue": self._read_value,
            f"{bluez.CHARACTERISTIC}.WriteValue": self._write_value,
            f"{bluez.CHARACTERISTIC}.StartNotify": self._start_notify,
            f"{bluez.CHARACTERISTIC}.StopNotify": self._stop_notify,
            f"{bluez.DESCRIPTOR}.ReadValue": self._read_value,
            f"{bluez.DESCRIPTOR}.WriteValue": self._write_value,
        }

    async def serve(self) -> None:
        """Take the name `org.bluez` and begin to answer."""
        self._bus.add_message_handler(self._on_message)
        await self._bus.request_name("org.bluez")

    def _on_message(self, message: Message) -> bool | None:
        path = message.path or ""
        ours = path == "/" or path.startswith("/org/bluez")
        if message.message_type is not MessageType.METHOD_CALL or not ours:
            return None
        self._spawn(self._answer(message))
        return True

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, message: Message) -> None:
        method = self._methods.get(f"{message.interface}.{message.member}")
        if method is None:
            name = "org.freedesktop.DBus.Error.UnknownMethod"
            self._bus.send(Message.new_error(message, name, str(message.member)))
            return
        try:
            signature, body = await method(str(message.path), message.body)
        except NoSuchObjectError as missing:
            name = "org.freedesktop.DBus.Error.UnknownObject"
            self._bus.send(Message.new_error(message, name, str(missing)))
        except ATT_Error as error:
            text = f"Operation failed with ATT error: 0x{error.error_code:02x}"
            self._bus.send(Message.new_error(message, "org.bluez.Error.Failed", text))
        except Exception as fault:
            text = f"{type(fault).__name__}: {fault}"
            self._bus.send(Message.new_error(message, "org.bluez.Error.Failed", text))
        else:
            self._bus.send(Message.new_method_return(message, signature, body))

    # Any object.

    async def _accept(self, path: str, body: list[Any]) -> Answer:
        return NOTHING

    async def _get_managed_objects(self, path: str, body: list[Any]) -> Answer:
        return "a{oa{sa{sv}}}", [self.tree.all()]

    async def _get_all(self, path: str, body: list[Any]) -> Answer:
        return "a{sv}", [self.tree.interface(path, body[0])]

    async def _get(self, path: str, body: list[Any]) -> Answer:
        return "v", [self.tree.interface(path, body[0])[body[1]]]

    async def _set(self, path: str, body: list[Any]) -> Answer:
        self.tree.change(path, body[0], {body[1]: body[2]})
        return NOTHING

    # The adapter.

    async def _get_discovery_filters(self, path: str, body: list[Any]) -> Answer:
        return "as", [["UUIDs", "RSSI", "Transport"]]

    async def _start_discovery(self, path: str, body: list[Any]) -> Answer:
        self._central.on("advertisement", self._on_advertisement)
        await self._central.start_scanning(active=True)
        self.tree.change(path, bluez.ADAPTER, {"Discovering": Variant("b", True)})
        return NOTHING

    async def _stop_discovery(self, path: str, body: list[Any]) -> Answer:
        self._central.remove_listener("advertisement", self._on_advertisement)
        await self._central.stop_scanning()
        self.tree.change(path, bluez.ADAPTER, {"Discovering": Variant("b", False)})
        return NOTHING

    async def _remove_device(self, path: str, body: list[Any]) -> Answer:
        self.tree.remove(body[0])
        return NOTHING

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        address = advertisement.address.to_string(False)
        path = bluez.device_path(address)
        self._addresses[path] = advertisement.address
        seen = {
            "RSSI": Variant("n", advertisement.rssi),
            "UUIDs": Variant("as", advertised_services(advertisement.data)),
        }
        if path in self.tree:
            self.tree.change(path, bluez.DEVICE, seen)
            return
        name = advertised_name(advertisement.data) or address.replace(":", "-")
        public = advertisement.address.is_public
        known = bluez.device_properties(address, public=public, name=name)
        self.tree.add(path, bluez.DEVICE, {**known, **seen})

    # A device.

    async def _connect(self, path: str, body: list[Any]) -> Answer:
        self.tree.interface(path, bluez.DEVICE)
        connection = await self._central.connect(self._addresses[path], timeout=CONNECT_SECONDS)
        self._connections[path] = connection
        connection.on("disconnection", lambda _: self._on_disconnection(path))
        self.tree.change(path, bluez.DEVICE, {"Connected": Variant("b", True)})
        self._spawn(self._resolve(path, connection))
        return NOTHING

    async def _disconnect(self, path: str, body: list[Any]) -> Answer:
        if path in self._connections:
            await self._connections[path].disconnect()
        return NOTHING

    def _on_disconnection(self, path: str) -> None:
        self._connections.pop(path, None)
        for inner in self.tree.below(path):
            self._remotes.pop(inner, None)
            self._subscribers.pop(inner, None)
            self.tree.remove(inner)
        down = Variant("b", False)
        self.tree.change(path, bluez.DEVICE, {"ServicesResolved": down, "Connected": down})

    async def _resolve(self, path: str, connection: Connection) -> None:
        """Discover everything, then say so; a link that breaks meanwhile is reported as broken."""
        try:
            peer = Peer(connection)
            await peer.request_mtu(PREFERRED_MTU)
            for service in await peer.discover_services():
                await self._export(path, peer, service)
        except Exception:
            await connection.disconnect()
            return
        if path in self._connections:
            self.tree.change(path, bluez.DEVICE, {"ServicesResolved": Variant("b", True)})

    async def _export(self, device: str, peer: Peer, service: ServiceProxy) -> None:
        path = f"{device}/service{service.handle:04x}"
        self.tree.add(
            path,
            bluez.SERVICE,
            {
                "UUID": Variant("s", full_uuid(service.uuid)),
                "Primary": Variant("b", True),
                "Device": Variant("o", device),
                "Includes": Variant("ao", []),
            },
        )
        for characteristic in await service.discover_characteristics():
            await self._export_characteristic(path, peer, characteristic)

    async def _export_characteristic(
        self, service: str, peer: Peer, characteristic: CharacteristicProxy[bytes]
    ) -> None:
        # BlueZ names the handle of the declaration, which stands just before the value.
        path = f"{service}/char{characteristic.handle - 1:04x}"
        self._remotes[path] = (peer, characteristic)
        self.tree.add(
            path,
            bluez.CHARACTERISTIC,
            {
                "UUID": Variant("s", full_uuid(characteristic.uuid)),
                "Service": Variant("o", service),
                "Flags": Variant("as", property_names(characteristic)),
                "Value": Variant("ay", b""),
                "Notifying": Variant("b", False),
                "MTU": Variant("q", peer.connection.att_mtu),
            },
        )
        for descriptor in await characteristic.discover_descriptors():
            inner = f"{path}/desc{descriptor.handle:04x}"
            self._remotes[inner] = (peer, descriptor)
            self.tree.add(
                inner,
                bluez.DESCRIPTOR,
                {
                    "UUID": Variant("s", full_uuid(descriptor.type)),
                    "Characteristic": Variant("o", path),
                    "Value": Variant("ay", b""),
                },
            )

    # A characteristic or a descriptor.

    async def _read_value(self, path: str, body: list[Any]) -> Answer:
        peer, remote = self._remotes[path]
        return "ay", [bytes(await peer.read_value(remote))]

    async def _write_value(self, path: str, body: list[Any]) -> Answer:
        peer, remote = self._remotes[path]
        kind = body[1].get("type", Variant("s", "request")).value
        await peer.write_value(remote, bytes(body[0]), with_response=kind != "command")
        return NOTHING

    async def _start_notify(self, path: str, body: list[Any]) -> Answer:
        _, remote = self._remotes[path]
        if path not in self._subscribers and isinstance(remote, CharacteristicProxy):

            def subscriber(value: bytes) -> None:
                new = {"Value": Variant("ay", bytes(value))}
                self.tree.change(path, bluez.CHARACTERISTIC, new)

            self._subscribers[path] = subscriber
            await remote.subscribe(subscriber)
        self.tree.change(path, bluez.CHARACTERISTIC, {"Notifying": Variant("b", True)})
        return NOTHING

    async def _stop_notify(self, path: str, body: list[Any]) -> Answer:
        _, remote = self._remotes[path]
        if isinstance(remote, CharacteristicProxy):
            await remote.unsubscribe(self._subscribers.pop(path))
        self.tree.change(path, bluez.CHARACTERISTIC, {"Notifying": Variant("b", False)})
        return NOTHING
