"""`chevet-gateway`: the process in the home, set by its environment or command line.

CHEVET_GATEWAY_ID, CHEVET_GATEWAY_PASSWORD (environment only), CHEVET_MQTT_HOST, CHEVET_MQTT_PORT,
CHEVET_MQTT_CA, CHEVET_GATEWAY_SPOOL, CHEVET_GATEWAY_DEVICES (addresses between commas, or `any`).
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from core.clock import refuse_test_clock
from core.failpoint import refuse_failpoints
from devices.edge.journal import stderr_journal
from devices.edge.radio import RadioSettings
from devices.edge.recording import Recording
from devices.edge.spool import DEFAULT_MAX_BYTES, SpoolHeldError
from devices.edge.uplink import Broker
from devices.gateway import GatewaySettings, run_radio, run_recording


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT, or until a recording is delivered; return the exit status."""
    options = _parser().parse_args(arguments)
    profile = os.environ.get("CHEVET_PROFILE", "production")
    refuse_test_clock(profile)
    refuse_failpoints(profile)
    settings = _settings(options)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        _run(options, settings, stopping)
    except SpoolHeldError as held:
        print(held, file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace, settings: GatewaySettings, stopping: threading.Event) -> None:
    if options.replay is None:
        radio = RadioSettings(
            devices=_devices(options.devices),
            zone=ZoneInfo(os.environ.get("CHEVET_TIME_ZONE", "Europe/Paris")),
            silence_seconds=options.silence_seconds,
        )
        run_radio(settings, radio, journal=stderr_journal, stopping=stopping)
        return
    name = options.recording_name or options.replay
    if options.replay == "-":
        recording = Recording(name=name, stream=sys.stdin.buffer)
        run_recording(settings, recording, journal=stderr_journal, stopping=stopping)
        return
    with Path(options.replay).open("rb", buffering=0) as stream:
        recording = Recording(name=name, stream=stream)
        run_recording(settings, recording, journal=stderr_journal, stopping=stopping)


def _parser() -> argparse.ArgumentParser:
    environment = os.environ.get
    parser = argparse.ArgumentParser(prog="chevet-gateway", description="Gateway of one home.")
    parser.add_argument("--gateway", default=environment("CHEVET_GATEWAY_ID"))
    parser.add_argument("--host", default=environment("CHEVET_MQTT_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=environment("CHEVET_MQTT_PORT", "8883"))
    parser.add_argument("--ca", type=Path, default=environment("CHEVET_MQTT_CA"))
    parser.add_argument("--spool", type=Path, default=environment("CHEVET_GATEWAY_SPOOL"))
    parser.add_argument("--spool-max-bytes", type=int, default=DEFAULT_MAX_BYTES)
    parser.add_argument(
        "--devices",
        default=environment("CHEVET_GATEWAY_DEVICES"),
        help="addresses of the oximeters of this home between commas, or `any`",
    )
    parser.add_argument("--silence-seconds", type=float, default=15.0)
    parser.add_argument(
        "--replay", metavar="FILE", help="play items from FILE (- for stdin) instead of a radio"
    )
    parser.add_argument(
        "--recording-name", help="name under which progress is kept (default: FILE)"
    )
    return parser


def _devices(text: str | None) -> frozenset[str] | None:
    """Return the addresses to listen to; None for any, which a flat of two homes must not use."""
    if not text:
        raise SystemExit("CHEVET_GATEWAY_DEVICES is not set (addresses, or `any`)")
    if text == "any":
        return None
    return frozenset(address.strip().upper() for address in text.split(","))


def _settings(options: argparse.Namespace) -> GatewaySettings:
    password = os.environ.get("CHEVET_GATEWAY_PASSWORD")
    for value, name in (
        (options.gateway, "CHEVET_GATEWAY_ID"),
        (password, "CHEVET_GATEWAY_PASSWORD"),
        (options.spool, "CHEVET_GATEWAY_SPOOL"),
    ):
        if not value:
            raise SystemExit(f"{name} is not set")
    return GatewaySettings(
        gateway=options.gateway,
        password=password or "",
        broker=Broker(host=options.host, port=options.port, ca_path=options.ca),
        spool_path=options.spool,
        spool_max_bytes=options.spool_max_bytes,
    )


if __name__ == "__main__":
    raise SystemExit(main())
