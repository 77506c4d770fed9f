"""A private D-Bus daemon that plays the system bus, so that no real one is needed or touched."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""


@asynccontextmanager
async def private_bus(socket: Path) -> AsyncIterator[str]:
    """Run a daemon on `socket` and yield its address; it ends with the block."""
    program = shutil.which("dbus-daemon")
    if program is None:
        raise SystemExit("dbus-daemon is not installed")
    configuration = socket.with_name(socket.name + ".conf")
    configuration.write_text(_CONFIGURATION.format(socket=socket))
    socket.unlink(missing_ok=True)
    daemon = await asyncio.create_subprocess_exec(
        program,
        f"--config-file={configuration}",
        "--nofork",
        "--print-address",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        if daemon.stdout is None or not await daemon.stdout.readline():
            raise SystemExit("dbus-daemon did not start")
        yield f"unix:path={socket}"
    finally:
        if daemon.returncode is None:
            daemon.terminate()
        await daemon.wait()
        socket.unlink(missing_ok=True)
        configuration.unlink(missing_ok=True)
