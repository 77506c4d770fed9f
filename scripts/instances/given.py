"""Services that somebody else runs: their addresses stand in the environment."""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from instances.place import Instance, ServicesError, read_values, remove_folder, write_values
from instances.probe import port_answers

NEEDED = (
    *("CHEVET_OWNER_DSN", "CHEVET_APP_DSN", "CHEVET_WORKER_DSN", "CHEVET_INGEST_DSN"),
    *("CHEVET_GATE_DSN", "CHEVET_MQTT_HOST", "CHEVET_MQTT_PORT", "CHEVET_MQTT_CA"),
    *("CHEVET_MQTT_INGEST_PASSWORD", "CHEVET_REDIS_URL"),
)


def addresses_are_given() -> bool:
    """Did the caller give addresses of his own? Those of an instance of ours do not count."""
    return "CHEVET_OWNER_DSN" in os.environ and "CHEVET_INSTANCE" not in os.environ


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Services we can use and look at, but neither start nor break."""

    instance: Instance

    def up(self) -> None:
        """Check that every address is there and answers, and note them for later commands."""
        missing = [name for name in NEEDED if name not in os.environ]
        if missing:
            raise ServicesError(f"CHEVET_OWNER_DSN is given, so these must be too: {missing}")
        silent = [row for row in self.status() if row[2] != "answers"]
        if silent:
            raise ServicesError(f"no answer from {silent}")
        self.instance.make_folders()
        optional = [name for name in ("CHEVET_SUPERUSER_DSN",) if name in os.environ]
        given = {name: os.environ[name] for name in (*NEEDED, *optional)}
        own = {"CHEVET_INSTANCE": self.instance.name, "CHEVET_STATE_DIR": str(self.instance.folder)}
        write_values(self.instance.env_file, {**own, **given})

    def status(self) -> list[tuple[str, str, str]]:
        given = os.environ if addresses_are_given() else read_values(self.instance.env_file)
        database, queue = urlsplit(given["CHEVET_OWNER_DSN"]), urlsplit(given["CHEVET_REDIS_URL"])
        places = {
            "postgres": (database.hostname or "localhost", database.port or 5432),
            "mosquitto": (given["CHEVET_MQTT_HOST"], int(given["CHEVET_MQTT_PORT"])),
            "valkey": (queue.hostname or "localhost", queue.port or 6379),
        }
        return [
            (name, f"{host}:{port}", "answers" if port_answers(host, port) else "down")
            for name, (host, port) in places.items()
        ]

    def down(self) -> None:
        """Leave them running: they are not ours."""

    def remove(self) -> None:
        remove_folder(self.instance)

    def start(self, service: str) -> None:
        raise ServicesError(f"{service} is not ours to start: its address was given")

    stop = kill = start

    def gateway(self, name: str) -> str:
        raise ServicesError(f"the credential of {name} must be made at the broker that was given")
