"""One life of the connection to the broker: MQTT 3.1.1 over TLS, acknowledged by hand.

A connection is never mended. Messages that were not acknowledged come again only on a new one
(MQTT-4.4.0-1), and a packet id means nothing on another: so the inbox lives and dies with it.
No exception leaves a callback, because paho's network thread would end in silence.
"""

import threading
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode
from structlog import get_logger

from core import clock
from core.settings import Settings
from devices.broker_name import private_name
from devices.envelope import MAX_ACK_RANGES, encode_ack
from ingest.edge.inbox import Arrival, Inbox
from ingest.message import Message, ack_topic, parse_topic, share_filters
from ingest.rows import Acknowledged

KEEPALIVE_SECONDS: Final = 20
CONNECT_SECONDS: Final = 5.0
CLOSE_SECONDS: Final = 2.0
QOS: Final = 1
USER: Final = "ingest"

log = get_logger()


class ConnectionEndedError(Exception):
    """The connection to the broker is over; the message says why."""


class Connection:
    """A connection that subscribes by itself once it is open."""

    def __init__(self, client_id: str, settings: Settings) -> None:
        """Connect and start the network thread; OSError when nobody answers."""
        self._inbox = Inbox()
        self._unsubscribed = threading.Event()
        self._filters = share_filters(settings.mqtt_ingest_password)
        self._client = self._new_client(client_id, settings)
        self._client.connect(settings.mqtt_host, settings.mqtt_port, keepalive=KEEPALIVE_SECONDS)
        before = set(threading.enumerate())
        self._client.loop_start()
        self._threads = [t for t in threading.enumerate() if t not in before and t.daemon]

    def take(self, timeout_seconds: float) -> list[Arrival]:
        """Return the next batch; ConnectionEndedError when there can be none any more."""
        batch = self._inbox.take(timeout_seconds)
        if not batch and not any(thread.is_alive() for thread in self._threads):
            self._inbox.close("network thread ended")
        if self._inbox.ended is not None:
            raise ConnectionEndedError(self._inbox.ended)
        return batch

    def acknowledge(self, arrivals: Iterable[Arrival]) -> None:
        """Tell the broker that it may forget these messages: they are committed."""
        for arrival in arrivals:
            self._client.ack(arrival.mid, arrival.qos)

    def answer(self, acknowledged: Iterable[Acknowledged]) -> None:
        """Tell gateways what is kept for good; an answer that is lost costs one repetition."""
        for known in acknowledged:
            spans = list(known.numbers.spans)
            for start in range(0, len(spans), MAX_ACK_RANGES):
                payload = encode_ack(
                    boot=UUID(known.key.epoch), ranges=spans[start : start + MAX_ACK_RANGES]
                )
                self._client.publish(ack_topic(known.key.source), payload, qos=0)

    def give_up_share(self) -> None:
        """Ask the broker to hand this process's share of the readings to the others."""
        self._client.unsubscribe(list(self._filters))
        self._unsubscribed.wait(CLOSE_SECONDS)

    def close(self) -> None:
        """End the connection; the broker keeps the session and what is not acknowledged."""
        self._inbox.close("closed")
        socket = self._client.socket()
        self._client.disconnect()
        if not self._ended_within(CLOSE_SECONDS) and socket is not None:
            socket.close()
            self._ended_within(CLOSE_SECONDS)

    def _ended_within(self, seconds: float) -> bool:
        for thread in self._threads:
            thread.join(seconds)
        return not any(thread.is_alive() for thread in self._threads)

    def _new_client(self, client_id: str, settings: Settings) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=private_name(client_id, settings.mqtt_ingest_password),
            clean_session=False,
            protocol=MQTTv311,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_SECONDS
        client.username_pw_set(USER, settings.mqtt_ingest_password)
        client.tls_set(ca_certs=str(settings.mqtt_ca) if settings.mqtt_ca else None)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_unsubscribe = lambda *_: self._unsubscribed.set()
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    # The network thread.

    def _on_connect(
        self, client: Client, data: Any, flags: ConnectFlags, code: ReasonCode, more: Any
    ) -> None:
        if code.is_failure:
            self._inbox.close(f"refused: {code}")
        else:
            client.subscribe([(name, QOS) for name in self._filters])

    def _on_subscribe(
        self, client: Client, data: Any, mid: int, codes: Sequence[ReasonCode], more: Any
    ) -> None:
        if any(code.is_failure for code in codes):
            self._inbox.close("subscription refused")
        else:
            log.info("ingest_subscribed")

    def _on_disconnect(
        self, client: Client, data: Any, flags: DisconnectFlags, code: ReasonCode, more: Any
    ) -> None:
        self._inbox.close(f"lost: {code}")

    def _on_message(self, client: Client, data: Any, raw: MQTTMessage) -> None:
        try:
            self._receive(raw)
        except Exception as fault:
            self._inbox.close(f"fault on arrival: {type(fault).__name__}")

    def _receive(self, raw: MQTTMessage) -> None:
        address = parse_topic(raw.topic)
        if address is None:
            self._client.ack(raw.mid, raw.qos)
            return
        gateway, kind = address
        message = Message(
            gateway=gateway, kind=kind, payload=bytes(raw.payload), retained=raw.retain
        )
        self._inbox.put(Arrival(mid=raw.mid, qos=raw.qos, message=message, at=clock.monotonic()))
