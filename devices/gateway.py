"""The gateway in the home: what it is made of, and how it runs until it is told to stop."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devices.edge.intake import Intake
from devices.edge.journal import Journal
from devices.edge.radio import Radio, RadioSettings
from devices.edge.recording import Recording, play
from devices.edge.spool import DEFAULT_MAX_BYTES, Spool
from devices.edge.uplink import Broker, Uplink

DRAIN_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Who the gateway is, where it sends, and where it keeps what is not settled."""

    gateway: str
    password: str = field(repr=False)
    broker: Broker
    spool_path: Path
    spool_max_bytes: int = DEFAULT_MAX_BYTES


def run_recording(
    settings: GatewaySettings, recording: Recording, *, journal: Journal, stopping: threading.Event
) -> None:
    """Play a recording through spool and uplink; return when every item is settled."""
    with _spool_and_uplink(settings, journal, in_order=True) as (spool, uplink):
        play(recording, spool=spool, uplink=uplink, journal=journal, stopping=stopping)
        while spool.waiting and not stopping.wait(DRAIN_POLL_SECONDS):
            pass


def run_radio(
    settings: GatewaySettings, radio: RadioSettings, *, journal: Journal, stopping: threading.Event
) -> None:
    """Listen to oximeters until `stopping` is set; what is not settled stays in the spool."""
    with _spool_and_uplink(settings, journal) as (spool, uplink):
        asyncio.run(_listen(radio, Intake(spool, uplink, journal), journal, stopping))


async def _listen(
    settings: RadioSettings, intake: Intake, journal: Journal, stopping: threading.Event
) -> None:
    radio = Radio(settings, sink=intake.offer, journal=journal)
    listening = asyncio.create_task(radio.run())
    writing = asyncio.create_task(intake.run())
    stopped = asyncio.create_task(asyncio.to_thread(stopping.wait))
    try:
        done, _ = await asyncio.wait(
            (listening, writing, stopped), return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            task.result()
    finally:
        stopping.set()
        for task in (listening, writing):
            task.cancel()
            await asyncio.wait((task,))
        await intake.flush()


@contextmanager
def _spool_and_uplink(
    settings: GatewaySettings, journal: Journal, *, in_order: bool = False
) -> Iterator[tuple[Spool, Uplink]]:
    spool = Spool(settings.spool_path, max_bytes=settings.spool_max_bytes)
    journal("gateway_started", boot=str(spool.boot), spooled=spool.waiting)
    uplink = Uplink(
        gateway=settings.gateway,
        password=settings.password,
        broker=settings.broker,
        spool=spool,
        journal=journal,
        in_order=in_order,
    )
    uplink.start()
    try:
        yield spool, uplink
    finally:
        uplink.stop()
        journal("gateway_stopped", spooled=spool.waiting)
        spool.close()
