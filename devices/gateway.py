"""The gateway in the home: what it is made of, and how it runs until it is told to stop."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from devices.edge.journal import Journal
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
    spool = Spool(settings.spool_path, max_bytes=settings.spool_max_bytes)
    uplink = _uplink(settings, spool, journal)
    uplink.start()
    try:
        play(recording, spool=spool, uplink=uplink, journal=journal, stopping=stopping)
        while spool.waiting and not stopping.wait(DRAIN_POLL_SECONDS):
            pass
    finally:
        uplink.stop()
        journal("gateway_stopped", spooled=spool.waiting)
        spool.close()


def _uplink(settings: GatewaySettings, spool: Spool, journal: Journal) -> Uplink:
    journal("gateway_started", boot=str(spool.boot), spooled=spool.waiting)
    return Uplink(
        gateway=settings.gateway,
        password=settings.password,
        broker=settings.broker,
        spool=spool,
        journal=journal,
    )
