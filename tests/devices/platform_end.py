"""The platform's end of the wire, for tests of the gateway: it collects and acknowledges."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from paho.mqtt.client import Client, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from devices.edge.uplink import Broker
from devices.envelope import EventItem, SampledItem, SpotItem, Status, encode_ack
from devices.envelope_parse import Envelope, parse_envelope, parse_status

Item = SpotItem | SampledItem | EventItem


class PlatformEnd:
    """Subscribes to one gateway as user `ingest`; `answering` decides whether it acknowledges."""

    def __init__(self, broker: Broker, password: str, gateway: str) -> None:
        self.items: dict[tuple[UUID, int], Item] = {}
        self.received: list[Envelope] = []
        self.statuses: list[Status] = []
        self.answering = threading.Event()
        self.changed = threading.Condition()
        self._broker, self._topic = broker, f"chevet/v1/gw/{gateway}"
        self._ready = threading.Event()
        self.client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"platform-end-{gateway}",
            clean_session=True,
            protocol=MQTTv311,
        )
        self.client.username_pw_set("ingest", password)
        self.client.tls_set(ca_certs=str(broker.ca_path))
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = lambda client, *_: client.subscribe(f"{self._topic}/#", qos=1)
        self.client.on_subscribe = lambda *_: self._ready.set()
        self.client.on_message = self._on_message

    def _on_message(self, client: Client, data: object, message: MQTTMessage) -> None:
        with self.changed:
            if message.topic.endswith("/status"):
                status = parse_status(bytes(message.payload))
                assert isinstance(status, Status), status
                self.statuses.append(status)
            elif message.topic.endswith("/up"):
                self._receive(bytes(message.payload))
            self.changed.notify_all()

    def _receive(self, payload: bytes) -> None:
        envelope = parse_envelope(payload)
        assert isinstance(envelope, Envelope), envelope
        assert not envelope.bad, envelope.bad
        self.received.append(envelope)
        if self.answering.is_set():
            for item in envelope.items:
                self.items[envelope.boot, item.n] = item
            ranges = [(item.n, item.n) for item in envelope.items]
            self.client.publish(f"{self._topic}/ack", encode_ack(boot=envelope.boot, ranges=ranges))

    def wait_for(self, condition: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait until `condition()` holds, looking at each message."""
        with self.changed:
            assert self.changed.wait_for(condition, seconds), "the platform waited in vain"

    @contextmanager
    def listening(self) -> Iterator["PlatformEnd"]:
        """Be connected and subscribed."""
        self.client.connect(self._broker.host, self._broker.port)
        self.client.loop_start()
        try:
            assert self._ready.wait(10)
            yield self
        finally:
            self.client.disconnect()
            self.client.loop_stop()
