"""Builders of what gateways send, and a gateway of the tests' own that sends anything at all."""

import json
import queue
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from paho.mqtt.client import Client, MQTTMessage, MQTTMessageInfo, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from devices.broker_name import private_name
from devices.envelope import Ack
from devices.envelope_parse import parse_ack


def stamp(at: datetime) -> str:
    """Write an instant as the wire wants it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def spot(n: int, at: datetime, *, device: str = "oximeter-1", **changes: Any) -> dict[str, Any]:
    """Return a SpO2 reading of 96 % as item `n`."""
    return {
        "n": n,
        "kind": "spot",
        "device": device,
        "vital": "spo2",
        "value": 96.0,
        "unit": "%",
        "measured_at": stamp(at),
        "raw_at": None,
        "quality": 0,
        **changes,
    }


def sampled(
    n: int, start: datetime, values: Sequence[int | None], **changes: Any
) -> dict[str, Any]:
    """Return a stretch of SpO2, one value a second, as item `n`."""
    return {
        "n": n,
        "kind": "sampled",
        "device": "oximeter-1",
        "vital": "spo2",
        "unit": "%",
        "start": stamp(start),
        "period_ms": 1000,
        "values": list(values),
        "quality": 0,
        **changes,
    }


def event(n: int, at: datetime, **changes: Any) -> dict[str, Any]:
    """Return word of a low battery as item `n`."""
    return {
        "n": n,
        "kind": "event",
        "device": "oximeter-1",
        "event": "battery",
        "at": stamp(at),
        "value": 12.0,
        **changes,
    }


def envelope(boot: UUID, items: Sequence[object], at: datetime, seq: int = 1) -> bytes:
    """Return an envelope around items."""
    frame = {"v": 1, "boot": str(boot), "seq": seq, "sent_at": stamp(at), "items": list(items)}
    return json.dumps(frame).encode()


def every_second(start: datetime, count: int) -> list[datetime]:
    """Return `count` instants, a second apart."""
    return [start + timedelta(seconds=index) for index in range(count)]


class TestGateway:
    """A client with a gateway's credential that publishes whatever bytes it is given."""

    __test__ = False

    def __init__(self, gateway: str, password: str, env: dict[str, str]) -> None:
        """Connect, and listen to the answers; returns when the broker has accepted both."""
        self.gateway = gateway
        self.acks: queue.SimpleQueue[Ack] = queue.SimpleQueue()
        self._ready = threading.Event()
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=private_name(gateway, password),
            clean_session=True,
            protocol=MQTTv311,
        )
        self._client.username_pw_set(gateway, password)
        self._client.tls_set(ca_certs=env["CHEVET_MQTT_CA"])
        self._client.on_connect = lambda client, *_: client.subscribe(self.topic("ack"), qos=1)
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._on_message
        self._client.connect(env["CHEVET_MQTT_HOST"], int(env["CHEVET_MQTT_PORT"]))
        self._client.loop_start()
        assert self._ready.wait(10)

    def topic(self, kind: str) -> str:
        """Return one of the gateway's topics."""
        return f"chevet/v1/gw/{self.gateway}/{kind}"

    def publish(self, payload: bytes, kind: str = "up", *, retain: bool = False) -> MQTTMessageInfo:
        """Publish and wait until the broker has it."""
        info = self._client.publish(self.topic(kind), payload, qos=1, retain=retain)
        info.wait_for_publish(20)
        assert info.is_published()
        return info

    def send(self, payload: bytes, kind: str = "up") -> None:
        """Publish without waiting."""
        self._client.publish(self.topic(kind), payload, qos=1)

    def acknowledged(self, boot: UUID, numbers: set[int], patience_s: float = 15) -> None:
        """Wait until the platform has acknowledged all these numbers of a boot."""
        missing = set(numbers)
        while missing:
            ack = self.acks.get(timeout=patience_s)
            if ack.boot == boot:
                for first, last in ack.ranges:
                    missing -= set(range(first, last + 1))

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, client: Client, data: Any, message: MQTTMessage) -> None:
        ack = parse_ack(bytes(message.payload))
        assert isinstance(ack, Ack)
        self.acks.put(ack)
