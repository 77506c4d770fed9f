"""An instance of services of its own, for tests that break them, and a client of its broker."""

import re
import subprocess
import threading
from pathlib import Path

import paho.mqtt.client as mqtt
import psycopg
from paho.mqtt.enums import CallbackAPIVersion

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts/services"
INSTANCE = "services-trial"


def services(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [SCRIPT, *arguments, "--instance", INSTANCE]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=check)


def read_env() -> dict[str, str]:
    lines = (ROOT / ".state" / INSTANCE / "env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def ask(dsn: str, query: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


class Client:
    """A broker client that remembers what it received and whether it was let in."""

    def __init__(self, env: dict[str, str], user: str | None, password: str) -> None:
        self.received: dict[str, bytes] = {}
        self.arrived = threading.Event()
        self.answer = threading.Event()
        self.refused: bool | None = None
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        if user is not None:
            self.client.username_pw_set(user, password)
        self.client.tls_set(env["CHEVET_MQTT_CA"])
        self.client.on_connect = self._connected
        self.client.on_message = self._received
        self.client.on_subscribe = lambda *_: self.answer.set()
        self.client.connect(env["CHEVET_MQTT_HOST"], int(env["CHEVET_MQTT_PORT"]))
        self.client.loop_start()
        assert self.answer.wait(5)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _connected(self, *arguments: object) -> None:
        self.refused = bool(getattr(arguments[3], "is_failure", True))
        self.answer.set()

    def _received(self, client: object, data: object, message: mqtt.MQTTMessage) -> None:
        self.received[message.topic] = message.payload
        if message.payload == b"last":
            self.arrived.set()

    def subscribe(self, topic: str) -> None:
        self.answer.clear()
        self.client.subscribe(topic, qos=1)
        assert self.answer.wait(5)

    def publish(self, topic: str, payload: bytes) -> None:
        self.client.publish(topic, payload, qos=1).wait_for_publish(5)


def gateway_password(name: str) -> str:
    password = services("gateway", name).stdout.strip()
    assert re.fullmatch(r"[0-9a-f]{48}", password)
    return password
