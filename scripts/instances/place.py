"""Where an instance keeps its things: folders, ports, passwords and the file of addresses."""

import contextlib
import fcntl
import os
import random
import re
import secrets
import shutil
import socket
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
STATE = REPOSITORY / ".state"
SERVICES = ("postgres", "mosquitto", "valkey")
DATABASE = "chevet"
ROLES = ("owner", "app", "worker", "ingest", "gate")
# Below Linux's default range for outgoing connections (32768-60999), so that a service
# which restarts does not find its port taken by somebody's client.
PORTS = range(20000, 32000)


class ServicesError(Exception):
    """The services cannot be had here; the text says why and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One named set of services and the folder that holds what belongs to it."""

    name: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", self.name) or self.name == "sandbox":
            raise ServicesError(f"not a name for an instance: {self.name!r}")

    @property
    def folder(self) -> Path:
        return STATE / self.name

    @property
    def env_file(self) -> Path:
        return self.folder / "env"

    @property
    def certificates(self) -> Path:
        return self.folder / "tls"

    def log(self, service: str) -> Path:
        return self.folder / "log" / f"{service}.log"

    def pid_file(self, service: str) -> Path:
        return self.folder / "pids" / service

    def make_folders(self) -> None:
        for folder in (self.folder / "log", self.folder / "pids"):
            folder.mkdir(parents=True, exist_ok=True)
            give_to_caller(folder)
        give_to_caller(STATE)
        self.folder.chmod(0o700)
        give_to_caller(self.folder)


def known_instances() -> list[Instance]:
    """Every instance that has left a folder, running or not."""
    if not STATE.is_dir():
        return []
    names = (path.name for path in STATE.iterdir() if (path / "pids").is_dir())
    return [Instance(name=name) for name in sorted(names)]


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the lock of that name: one process at a time, freed when the holder dies."""
    STATE.mkdir(exist_ok=True)
    handle = os.open(STATE / f".{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def give_to_caller(path: Path) -> None:
    """Under sudo, hand the path to the person who called, who must read it afterwards."""
    if "SUDO_UID" in os.environ and os.geteuid() == 0:
        os.chown(path, int(os.environ["SUDO_UID"]), int(os.environ["SUDO_GID"]))


def write_private(path: Path, text: str) -> None:
    """Replace the file at once by a new one that only its owner may read."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    give_to_caller(partial)
    partial.replace(path)


def read_values(path: Path) -> dict[str, str]:
    """The KEY=VALUE lines of the file; nothing when there is no file."""
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {key: value for key, _, value in pairs}


def write_values(path: Path, values: dict[str, str]) -> None:
    """Write KEY=VALUE lines, which a shell can source because no value needs quoting."""
    for key, value in values.items():
        if not re.fullmatch(r"[A-Za-z0-9_./:@+,%=-]*", value):
            raise ServicesError(f"{key} holds a character that a shell would interpret: {value!r}")
    write_private(path, "".join(f"{key}={value}\n" for key, value in values.items()))


def load_or_make_values(instance: Instance, running: Collection[str]) -> dict[str, str]:
    """The instance's passwords and ports, made once and kept as long as its folder.

    A service that is not running gets another port when somebody has taken its own meanwhile.
    """
    path = instance.folder / "secrets"
    values = read_values(path)
    for port in (f"{service}_port" for service in SERVICES if service not in running):
        if port in values and not port_is_free(int(values[port])):
            del values[port]
    for role in ("superuser", *ROLES, "broker", "valkey"):
        values.setdefault(f"{role}_password", secrets.token_hex(24))
    missing = [f"{name}_port" for name in SERVICES if f"{name}_port" not in values]
    values.update(zip(missing, choose_ports(len(missing)), strict=True))
    write_values(path, values)
    return values


def choose_ports(count: int) -> list[str]:
    """Free loopback ports that no other instance has reserved. Call under the ports lock."""
    reserved = {
        value
        for other in known_instances()
        for key, value in read_values(other.folder / "secrets").items()
        if key.endswith("_port")
    }
    chosen: list[str] = []
    for port in random.sample(PORTS, len(PORTS)):
        if len(chosen) == count:
            break
        if str(port) not in reserved and port_is_free(port):
            chosen.append(str(port))
    return chosen


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def addresses(instance: Instance, values: dict[str, str]) -> dict[str, str]:
    """What the product needs to reach these services, as its settings name it."""
    at_database = f"127.0.0.1:{values['postgres_port']}/{DATABASE}"
    dsns = {
        f"CHEVET_{role.upper()}_DSN": (
            f"postgresql://chevet_{role}:{values[f'{role}_password']}@{at_database}"
        )
        for role in ROLES
    }
    superuser = f"postgresql://postgres:{values['superuser_password']}@{at_database}"
    return {
        "CHEVET_INSTANCE": instance.name,
        "CHEVET_STATE_DIR": str(instance.folder),
        **dsns,
        "CHEVET_SUPERUSER_DSN": superuser,
        "CHEVET_MQTT_HOST": "127.0.0.1",
        "CHEVET_MQTT_PORT": values["mosquitto_port"],
        "CHEVET_MQTT_CA": str(instance.certificates / "ca.crt"),
        "CHEVET_MQTT_INGEST_PASSWORD": values["broker_password"],
        "CHEVET_REDIS_URL": f"redis://:{values['valkey_password']}@127.0.0.1:{values['valkey_port']}/0",
    }


def remove_folder(instance: Instance) -> None:
    """Forget the instance: passwords, ports, logs, certificates."""
    shutil.rmtree(instance.folder, ignore_errors=True)
