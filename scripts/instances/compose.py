"""Services in containers, for machines with a Docker engine."""

import base64
import functools
import os
import secrets
import subprocess
from dataclasses import dataclass

from instances import broker
from instances.certificates import make_certificates
from instances.place import (
    REPOSITORY,
    ROLES,
    Instance,
    ServicesError,
    addresses,
    load_or_make_values,
    locked,
    read_values,
    remove_folder,
    write_private,
    write_values,
)
from instances.probe import broker_accepts
from instances.process import run, wait_for

CONTAINERS = {"postgres": "timescaledb", "mosquitto": "mosquitto", "valkey": "valkey"}


@functools.cache
def compose_answers() -> bool:
    """Is there an engine behind the client, and the plug-in? A client alone is common."""
    for command in (["docker", "info"], ["docker", "compose", "version"]):
        try:
            code = subprocess.run(command, capture_output=True, timeout=5, check=False).returncode
        except (OSError, subprocess.TimeoutExpired):
            return False
        if code != 0:
            return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Compose:
    """The services of one instance as a Compose project of its own."""

    instance: Instance

    def up(self) -> None:
        """Start the three containers and wait for their health checks."""
        self.instance.make_folders()
        with locked("ports"):
            values = load_or_make_values(self.instance, CONTAINERS)
        make_certificates(self.instance.certificates)
        # The broker's container runs under another uid; the instance's own folder is private.
        (self.instance.certificates / "server.key").chmod(0o644)
        self._store_password(values, "ingest", values["broker_password"])
        write_values(self.instance.folder / "compose.env", variables(self.instance, values))
        self._compose("up", "--detach", "--wait", *CONTAINERS.values())
        write_values(self.instance.env_file, addresses(self.instance, values))

    def start(self, service: str) -> None:
        self._compose("up", "--detach", "--wait", CONTAINERS[service])

    def stop(self, service: str) -> None:
        self._compose("stop", CONTAINERS[service])

    def kill(self, service: str) -> None:
        self._compose("kill", "--signal", "KILL", CONTAINERS[service])

    def down(self) -> None:
        self._compose("stop", *reversed(CONTAINERS.values()))

    def remove(self) -> None:
        self._compose("down", "--volumes")
        remove_folder(self.instance)

    def status(self) -> list[tuple[str, str, str]]:
        values = read_values(self.instance.folder / "secrets")
        form = ("--format", "{{.Service}} {{.Health}}")
        lines = [line.split() for line in self._compose("ps", *form).splitlines()]
        health = {line[0]: line[-1] for line in lines if line}
        rows = []
        for service, container in CONTAINERS.items():
            state = "answers" if health.get(container) == "healthy" else "down"
            rows.append((service, f"127.0.0.1:{values[f'{service}_port']}", state))
        return rows

    def gateway(self, name: str) -> str:
        """Make or renew the broker's credential of one gateway; returns the password."""
        values = read_values(self.instance.folder / "secrets")
        password = broker.new_password(name)
        self._store_password(values, name, password)
        self._compose("kill", "--signal", "HUP", "mosquitto")
        ca, port = self.instance.certificates / "ca.crt", int(values["mosquitto_port"])
        if not wait_for(lambda: broker_accepts("127.0.0.1", port, ca, name, password), 10):
            raise ServicesError(f"the broker does not take the new password of {name}")
        return password

    def _store_password(self, values: dict[str, str], user: str, password: str) -> None:
        path = self.instance.certificates / "passwords"
        before = path.read_text() if path.is_file() else ""
        write_private(path, broker.with_password(before, user, password))
        path.chmod(0o644)

    def _compose(self, *arguments: str) -> str:
        project = ["--project-name", f"chevet-{self.instance.name}"]
        files = ["--env-file", str(self.instance.folder / "compose.env")]
        environment = {key: os.environ[key] for key in os.environ if not key.startswith("CHEVET_")}
        command = ["docker", "compose", *project, *files, *arguments]
        return run(command, cwd=REPOSITORY, env=environment)


def variables(instance: Instance, values: dict[str, str]) -> dict[str, str]:
    """What docker-compose.yml requires of the environment."""
    passwords = {
        f"CHEVET_{role.upper()}_PASSWORD": values[f"{role}_password"]
        for role in ("superuser", *ROLES)
    }
    return {
        **passwords,
        "CHEVET_MQTT_INGEST_PASSWORD": values["broker_password"],
        "CHEVET_VALKEY_PASSWORD": values["valkey_password"],
        "CHEVET_POSTGRES_PORT": values["postgres_port"],
        "CHEVET_MQTT_PORT": values["mosquitto_port"],
        "CHEVET_VALKEY_PORT": values["valkey_port"],
        "CHEVET_BROKER_FOLDER": str(instance.certificates),
        "CHEVET_BASE_URL": "http://127.0.0.1:8000",
        "CHEVET_MAIL_FROM": "chevet@localhost",
        "CHEVET_SITE_NAME": instance.name,
        "CHEVET_HELP_PHONE": "01 99 00 00 00",
        "CHEVET_HELP_MAIL": "chevet@localhost",
        "CHEVET_SEALING_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
