"""A subscriber in a process of its own: `naive`, or `no-op`, which receives and does nothing.

Reads what to do as JSON on standard input and ends after so many messages; `no-op` then prints
the seconds from the first to the last.
"""

import json
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from paho.mqtt.client import Client, MQTTMessage

from app.bench.broker import new_client
from app.bench.database import NaiveTable
from core import clock
from core.settings import settings

OnMessage: TypeAlias = Callable[[Client, Any, MQTTMessage], None]


class Counted:
    """Calls something for each message and knows when the last of `expected` was handled."""

    def __init__(self, expected: int, then: Callable[[bytes], None] | None) -> None:
        """`then` is what is done with a payload."""
        self._expected, self._then = expected, then
        self.seen, self.began, self.ended = 0, 0.0, 0.0
        self.done = threading.Event()

    def on_message(self, client: Client, data: Any, message: MQTTMessage) -> None:
        """Handle one message."""
        if self._then is not None:
            self._then(bytes(message.payload))
        if self.seen == 0:
            self.began = clock.monotonic()
        self.seen += 1
        if self.seen == self._expected:
            self.ended = clock.monotonic()
            self.done.set()


def store_each(patients: Mapping[str, int]) -> Callable[[bytes], None]:
    """Return what the naive subscriber does: json.loads, one INSERT, one COMMIT."""
    table = NaiveTable(settings().ingest_dsn)

    def store(payload: bytes) -> None:
        for item in json.loads(payload)["items"]:
            table.add(
                patients[item["device"]],
                item["measured_at"],
                item["value"],
                item["quality"],
                clock.now(),
            )

    return store


def main() -> int:
    """Receive as asked; 0 when every message came."""
    task = json.load(sys.stdin)
    then = store_each(task["patients"]) if task["who"] == "naive" else None
    counted = Counted(task["expected"], then)
    client = new_client(
        settings(), "ingest", settings().mqtt_ingest_password, task["client_id"], clean=False
    )
    client.on_message = counted.on_message
    client.connect(settings().mqtt_host, settings().mqtt_port)
    client.loop_start()
    came = counted.done.wait(task["patience_seconds"])
    client.disconnect()
    client.loop_stop()
    print(json.dumps({"count": counted.seen - 1, "seconds": counted.ended - counted.began}))
    return 0 if came else 1


if __name__ == "__main__":
    sys.exit(main())
