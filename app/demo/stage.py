"""Sets the stage of the demonstration: database, people, processes, oximeters, a mailbox."""

import base64
import json
import os
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from app.broker_user import make_gateway_password
from app.demo.children import Children
from app.demo.history import history
from app.demo.mailbox import Mailbox, open_mailbox
from app.demo.territory import (
    HISTORY_GATEWAY,
    LIVE_GATEWAY,
    PATIENTS,
    WITH_OXIMETER,
    Territory,
    load_territory,
    oximeter_address,
)
from app.recording import to_item
from core import clock
from core.doors import close_doors
from core.errors import ConfigurationError
from core.migrate import migrate
from core.settings import settings
from questionnaires.library_service import install_library

Say = Callable[[str, str], None]
_START_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that runs: who is there, where the pages are, how to make somebody worse."""

    territory: Territory
    mailbox: Mailbox
    children: Children
    air: subprocess.Popen[bytes]
    web_url: str
    console_url: str

    def deteriorate(self, place: int, *, spo2: int, pulse: int, over_seconds: int) -> None:
        """Move a patient with an oximeter, by his place in the list, to these vitals."""
        command = {
            "do": "deteriorate",
            "address": oximeter_address(place),
            "spo2_percent": spo2,
            "pulse_per_minute": pulse,
            "over_seconds": over_seconds,
        }
        if self.air.stdin is None:
            raise ConfigurationError("the virtual air takes no commands")
        self.air.stdin.write(json.dumps(command).encode() + b"\n")
        self.air.stdin.flush()


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def set_stage(say: Say) -> Iterator[Stage]:
    """Bring everything up around the block, and down after it; services run already."""
    web, console, smtp = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="chevet-demo-") as name:
        folder = Path(name)
        os.environ.update(
            CHEVET_PROFILE="demo",
            CHEVET_SEALING_KEY=base64.urlsafe_b64encode(os.urandom(32)).decode(),
            CHEVET_STATE_DIR=str(folder / "state"),
            CHEVET_BASE_URL=f"http://localhost:{web}",
            CHEVET_CONSOLE_URL=f"http://localhost:{console}",
            CHEVET_COOKIE_SECURE="false",
            CHEVET_SMTP_HOST="127.0.0.1",
            CHEVET_SMTP_PORT=str(smtp),
            CHEVET_OPERATOR_MAIL="operator@demo.invalid",
        )
        settings.cache_clear()
        migrate(settings().owner_dsn, install_library)
        territory = load_territory(clock.now())
        say("people", f"{len(PATIENTS)} patients, 1 nurse, {len(territory.gps)} GPs loaded")
        mailbox, server = open_mailbox(smtp)
        try:
            with Children(folder / "logs", {}) as children:
                air = _start(children, folder, web, console, say)
                yield Stage(
                    territory=territory,
                    mailbox=mailbox,
                    children=children,
                    air=air,
                    web_url=f"http://localhost:{web}",
                    console_url=f"http://localhost:{console}",
                )
        finally:
            server.stop()
            close_doors()


def _start(
    children: Children, folder: Path, web: int, console: int, say: Say
) -> subprocess.Popen[bytes]:
    for process in ("ingest", "sentinel", "auditor", "worker", "beat"):
        children.start(process, ["app.cli", process])
    children.start("web", ["app.cli", "web", "--port", str(web)])
    children.start("console", ["app.cli", "console", "--port", str(console)])
    air = _start_air(children, folder)
    _play_history(children, folder)
    say("history", "24 h of hand-held measurements acknowledged as stored")
    for port in (web, console):
        _wait_for_page(children, f"http://127.0.0.1:{port}/healthz")
    say("processes", "ingest, sentinel, auditor, worker, beat, web, console answer")
    _start_gateway(children, folder)
    say("devices", f"{WITH_OXIMETER} virtual oximeters speak Bluetooth to gateway {LIVE_GATEWAY}")
    return air


def _start_air(children: Children, folder: Path) -> subprocess.Popen[bytes]:
    patients = [
        {
            "address": oximeter_address(place),
            "name": f"Oximeter {place + 1:04d}",
            "serial_number": f"SN-{place + 1:04d}",
            "spo2_percent": person.spo2,
            "pulse_per_minute": person.pulse,
            "noise": 0.4,
            "seed": place,
        }
        for place, person in enumerate(PATIENTS[:WITH_OXIMETER])
    ]
    listed = folder / "patients.json"
    listed.write_text(json.dumps({"patients": patients}), encoding="utf-8")
    air = children.start(
        "oximeters",
        ["devices.virtual", "--bus", str(folder / "bus"), "--patients", str(listed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    if air.stdout is None or air.stdout.readline().strip() != b"ready":
        raise ConfigurationError(f"no virtual oximeters: {children.log_tail('oximeters')}")
    return air


def _gateway_env(folder: Path, gateway: str) -> dict[str, str]:
    return {
        "CHEVET_GATEWAY_ID": gateway,
        "CHEVET_GATEWAY_PASSWORD": make_gateway_password(gateway),
        "CHEVET_GATEWAY_SPOOL": str(folder / f"{gateway}.spool"),
        "CHEVET_GATEWAY_DEVICES": "any",
    }


def _start_gateway(children: Children, folder: Path) -> None:
    bus = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder / 'bus'}"}
    children.start(
        "gateway", ["devices.gateway_main"], env={**_gateway_env(folder, LIVE_GATEWAY), **bus}
    )


def _play_history(children: Children, folder: Path) -> None:
    recording = folder / "history.jsonl"
    rows = history(clock.now())
    lines = [json.dumps(to_item(value, f"history-{place + 1:02d}")) for place, value in rows]
    recording.write_text("\n".join(lines) + "\n", encoding="utf-8")
    child = children.start(
        "history",
        ["devices.gateway_main", "--replay", str(recording)],
        env=_gateway_env(folder, HISTORY_GATEWAY),
    )
    if child.wait(_START_SECONDS) != 0:
        raise ConfigurationError(f"the history was not stored: {children.log_tail('history')}")


def _wait_for_page(children: Children, url: str) -> None:
    deadline = clock.monotonic() + _START_SECONDS
    while clock.monotonic() < deadline:
        for name in set(children.dead()) - {"history"}:
            raise ConfigurationError(f"{name} ended: {children.log_tail(name)}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            sleep(0.2)
    raise ConfigurationError(f"{url} does not answer")
