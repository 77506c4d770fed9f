"""The process that holds the virtual air: `python -m devices.virtual --bus SOCKET --patients FILE`.

It runs a private D-Bus daemon on SOCKET and prints `ready` when a BlueZ client that is given
DBUS_SYSTEM_BUS_ADDRESS=unix:path=SOCKET finds an adapter there. Commands come on stdin, one JSON
object a line (`devices.virtual.script`), and each is answered by one JSON line on stdout.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from dbus_fast.aio import MessageBus

from devices.malformed import Malformed
from devices.virtual.bluez_facade import BluezFacade
from devices.virtual.bus import private_bus
from devices.virtual.radio import Air
from devices.virtual.script import PatientsFile, parse_command, parse_patients
from devices.virtual.ward import Ward


def main() -> None:
    """Run until SIGTERM, SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m devices.virtual", description=__doc__)
    parser.add_argument("--bus", type=Path, required=True, help="socket of the private bus")
    parser.add_argument("--patients", type=Path, required=True, help="JSON file")
    options = parser.parse_args()
    script = parse_patients(options.patients.read_bytes())
    if isinstance(script, Malformed):
        raise SystemExit(f"{options.patients}: {script.reason}")
    asyncio.run(_run(options.bus, script))


async def _run(socket: Path, script: PatientsFile) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    air = Air()
    zone = ZoneInfo(os.environ.get("CHEVET_TIME_ZONE", "Europe/Paris"))
    ward = Ward(air, script.patients, zone=zone)
    async with private_bus(socket) as address:
        bus = await MessageBus(bus_address=address).connect()
        await BluezFacade(bus, await air.central()).serve()
        await ward.switch_on()
        tasks = {
            asyncio.create_task(ward.run(script.period_seconds)),
            asyncio.create_task(stopping.wait()),
        }
        obeying = asyncio.create_task(_obey_stdin(ward))
        print("ready", flush=True)
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in (*tasks, obeying):
            task.cancel()
        await asyncio.gather(*tasks, obeying, return_exceptions=True)
        bus.disconnect()
        for task in done:
            task.result()


async def _obey_stdin(ward: Ward) -> None:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while line := await reader.readline():
        command = parse_command(line)
        if isinstance(command, Malformed):
            answer = {"refused": command.reason}
        elif await ward.obey(command):
            answer = {"done": line.decode().strip()}
        else:
            answer = {"refused": f"nobody at {command.address}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
