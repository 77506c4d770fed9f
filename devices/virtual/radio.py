"""The virtual air: any number of Bluetooth controllers that hear each other in one process."""

import asyncio
from collections.abc import Callable

from bumble import hci
from bumble.controller import Controller
from bumble.device import Device, DeviceConfiguration
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

CENTRAL_ADDRESS = "C0:C1:C2:C3:C4:C5"


class SimController(Controller):
    """A software controller that, as real ones do, reports a cancelled connection as failed.

    bumble 0.0.236 answers the cancel with success and nothing else: a connect to an absent
    device would never return, and no later connect would be allowed.
    """

    def on_hci_le_create_connection_cancel_command(
        self, command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Answer, then report the pending connection as ended (Core spec, vol 4 part E, 7.8.13)."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is not None:
            failed = hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
            asyncio.get_running_loop().call_soon(self.send_hci_packet, failed)
        return super().on_hci_le_create_connection_cancel_command(command)


class Air:
    """One place where virtual devices are within reach of each other."""

    def __init__(self) -> None:
        """Make an empty place."""
        new_link: Callable[[], LocalLink] = LocalLink
        self._link = new_link()

    def device(self, *, name: str, address: str) -> Device:
        """Return a host with a controller of its own on this air, not powered on yet."""
        controller = SimController(name, link=self._link, public_address=address)
        configuration = DeviceConfiguration(name=name, address=Address(address))
        return Device(config=configuration, host=Host(controller, AsyncPipeSink(controller)))

    async def central(self) -> Device:
        """Return the powered radio of the gateway."""
        device = self.device(name="gateway", address=CENTRAL_ADDRESS)
        await device.power_on()
        return device
