"""The objects BlueZ would export: paths, interfaces, properties, and the news of their changes."""

from typing import Any, TypeAlias

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
DESCRIPTOR = "org.bluez.GattDescriptor1"
ADAPTER_PATH = "/org/bluez/hci0"

Properties: TypeAlias = dict[str, Variant]
Interfaces: TypeAlias = dict[str, Properties]


class NoSuchObjectError(Exception):
    """A call named a path that is not exported."""


class ObjectTree:
    """Exported objects by path; every change is signalled on the bus."""

    def __init__(self, bus: MessageBus, adapter_address: str) -> None:
        """Begin with an adapter that is switched on."""
        self._bus = bus
        self._objects: dict[str, Interfaces] = {
            "/org/bluez": {"org.bluez.AgentManager1": {}, "org.bluez.ProfileManager1": {}},
            ADAPTER_PATH: {ADAPTER: _adapter(adapter_address)},
        }

    def all(self) -> dict[str, Interfaces]:
        """Return every object, as GetManagedObjects does."""
        return self._objects

    def __contains__(self, path: str) -> bool:
        """Say whether `path` is exported."""
        return path in self._objects

    def below(self, path: str) -> list[str]:
        """Return the paths below `path`, deepest first."""
        inside = (other for other in self._objects if other.startswith(path + "/"))
        return sorted(inside, key=len, reverse=True)

    def interface(self, path: str, interface: str) -> Properties:
        """Return the properties of one interface; NoSuchObjectError if it is not there."""
        try:
            return self._objects[path][interface]
        except KeyError:
            raise NoSuchObjectError(f"{path} has no {interface}") from None

    def add(self, path: str, interface: str, properties: Properties) -> None:
        """Export an object."""
        self._objects[path] = {interface: properties}
        body = [path, {interface: properties}]
        self._signal("/", OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", body)

    def change(self, path: str, interface: str, properties: Properties) -> None:
        """Change properties of an exported object."""
        self.interface(path, interface).update(properties)
        body = [interface, properties, []]
        self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", body)

    def remove(self, path: str) -> None:
        """Withdraw an object, if it is there."""
        interfaces = self._objects.pop(path, None)
        if interfaces is not None:
            body = [path, list(interfaces)]
            self._signal("/", OBJECT_MANAGER, "InterfacesRemoved", "oas", body)

    def _signal(
        self, path: str, interface: str, member: str, signature: str, body: list[Any]
    ) -> None:
        self._bus.send(
            Message(
                message_type=MessageType.SIGNAL,
                path=path,
                interface=interface,
                member=member,
                signature=signature,
                body=body,
            )
        )


def device_path(address: str) -> str:
    """Return the path BlueZ gives a device."""
    return f"{ADAPTER_PATH}/dev_{address.replace(':', '_')}"


def device_properties(address: str, *, public: bool, name: str) -> Properties:
    """Return what BlueZ says of a device it has just seen."""
    switches = ("Paired", "Bonded", "Trusted", "Blocked", "LegacyPairing", "Connected")
    return {
        "Address": Variant("s", address),
        "AddressType": Variant("s", "public" if public else "random"),
        "Name": Variant("s", name),
        "Alias": Variant("s", name),
        "Adapter": Variant("o", ADAPTER_PATH),
        "ServicesResolved": Variant("b", False),
        **{switch: Variant("b", False) for switch in switches},
    }


def _adapter(address: str) -> Properties:
    return {
        "Address": Variant("s", address),
        "AddressType": Variant("s", "public"),
        "Name": Variant("s", "virtual"),
        "Alias": Variant("s", "virtual"),
        "Class": Variant("u", 0),
        "Powered": Variant("b", True),
        "PowerState": Variant("s", "on"),
        "Discoverable": Variant("b", False),
        "DiscoverableTimeout": Variant("u", 180),
        "Pairable": Variant("b", True),
        "PairableTimeout": Variant("u", 0),
        "Discovering": Variant("b", False),
        "UUIDs": Variant("as", []),
        "Modalias": Variant("s", "usb:v1D6Bp0246d0542"),
        "Roles": Variant("as", ["central", "peripheral"]),
    }
