"""From the spool to the platform: MQTT 3.1.1 over TLS, QoS 1, and an answer from end to end.

The broker's own acknowledgement settles nothing (a broker loses what it acknowledged when it is
killed): an item leaves the spool only when the platform says on `.../ack` that it is committed.
Callbacks of paho only put a signal in a queue, because an exception in one of them would end
paho's network thread in silence; everything else happens in one thread that outlives any error.
"""

import queue
import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, assert_never

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from core import clock
from core.failpoint import failpoint
from devices.broker_name import private_name
from devices.edge.journal import Journal
from devices.edge.spool import Batch, Full, Spool
from devices.envelope import MAX_NUMBER, encode_envelope, encode_status
from devices.envelope_parse import parse_ack
from devices.flight import Flight, after_ack, may_depart, overdue
from devices.malformed import Malformed

KEEPALIVE_SECONDS = 20
HEARTBEAT_SECONDS = 60.0
TICK_SECONDS = 0.2
FAULT_PAUSE_SECONDS = 1.0
STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the broker listens (TLS) and who signs its certificate (None: the system's list)."""

    host: str
    port: int
    ca_path: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The broker accepted us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The connection was refused or ended."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A message came on our `ack` topic."""

    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The broker answered a publish with an error."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """Something was appended to the spool, or it is time to stop."""


Signal: TypeAlias = Connected | Lost | Answered | Refused | Woken


class Uplink:
    """Sends what the spool holds, live readings first, until the platform has answered."""

    def __init__(
        self,
        *,
        gateway: str,
        password: str,
        broker: Broker,
        spool: Spool,
        journal: Journal,
        in_order: bool = False,
    ) -> None:
        """Prepare; nothing happens before `start`. `in_order`: the oldest first, whatever comes."""
        self._topic = f"chevet/v1/gw/{gateway}"
        self._spool, self._journal, self._broker = spool, journal, broker
        self._signals: queue.SimpleQueue[Signal] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)
        self._flights: tuple[Flight, ...] = ()
        self._connected = False
        self._failures = self._seq = 0
        self._live_floor = MAX_NUMBER if in_order else 0
        self._next_heartbeat = 0.0
        self._client = self._new_client(gateway, password)

    def start(self) -> None:
        """Begin to connect and to send; returns at once."""
        self._client.connect_async(
            self._broker.host, self._broker.port, keepalive=KEEPALIVE_SECONDS
        )
        self._client.loop_start()
        self._thread.start()

    def wake(self) -> None:
        """Say that the spool has something new."""
        self._signals.put(Woken())

    def stop(self) -> None:
        """Say good-bye to the broker and end; what is not settled stays in the spool."""
        self._stopping.set()
        self.wake()
        self._thread.join(STOP_SECONDS)
        if self._connected:
            self._publish_status(online=False).wait_for_publish(STOP_SECONDS)
        self._client.disconnect()
        self._client.loop_stop()

    def _new_client(self, gateway: str, password: str) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=private_name(gateway, password),
            clean_session=False,
            protocol=MQTTv311,
        )
        client.username_pw_set(gateway, password)
        client.tls_set(ca_certs=None if self._broker.ca_path is None else str(self._broker.ca_path))
        client.will_set(f"{self._topic}/status", self._status(online=False), qos=1, retain=True)
        client.reconnect_delay_set(min_delay=1, max_delay=30)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        return client

    # paho's thread: signals only.

    def _on_connect(
        self, client: Client, data: Any, flags: ConnectFlags, code: ReasonCode, more: Any
    ) -> None:
        self._signals.put(Lost(reason=str(code)) if code.is_failure else Connected())

    def _on_connect_fail(self, client: Client, data: Any) -> None:
        self._signals.put(Lost(reason="no connection"))

    def _on_disconnect(
        self, client: Client, data: Any, flags: DisconnectFlags, code: ReasonCode, more: Any
    ) -> None:
        self._signals.put(Lost(reason=str(code)))

    def _on_message(self, client: Client, data: Any, message: MQTTMessage) -> None:
        self._signals.put(Answered(payload=bytes(message.payload)))

    def _on_publish(
        self, client: Client, data: Any, mid: int, code: ReasonCode, more: Properties | None
    ) -> None:
        if code.is_failure:
            self._signals.put(Refused(reason=str(code)))

    # Our thread.

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                for signal in self._take_signals():
                    self._handle(signal)
                self._resend_overdue()
                self._send()
                self._beat()
            except Exception as fault:
                self._journal("uplink_fault", fault=type(fault).__name__, detail=str(fault))
                self._stopping.wait(FAULT_PAUSE_SECONDS)

    def _take_signals(self) -> list[Signal]:
        signals: list[Signal] = []
        try:
            signals.append(self._signals.get(timeout=TICK_SECONDS))
            while True:
                signals.append(self._signals.get_nowait())
        except queue.Empty:
            return signals

    def _handle(self, signal: Signal) -> None:
        match signal:
            case Connected():
                self._connected, self._failures = True, 0
                self._client.subscribe(f"{self._topic}/ack", qos=1)
                self._next_heartbeat = clock.monotonic()
                self._send_again(self._flights)
                self._call_backlog(self._spool.last_number)
                self._journal("uplink_connected", spooled=self._spool.waiting)
            case Lost(reason=reason):
                self._connected = False
                self._journal("uplink_lost", reason=reason)
            case Answered(payload=payload):
                self._settle(payload)
            case Refused(reason=reason):
                self._journal("uplink_refused", reason=reason)
            case Woken():
                pass
            case _:
                assert_never(signal)

    def _settle(self, payload: bytes) -> None:
        ack = parse_ack(payload)
        if isinstance(ack, Malformed):
            self._journal("ack_malformed", reason=ack.reason)
            return
        failpoint("gateway.acked")
        settled = self._spool.settle(ack.boot, ack.ranges)
        if isinstance(settled, Full):
            self._journal("ack_not_noted", reason=settled.reason)
            return
        self._flights = after_ack(self._flights, ack)
        self._failures = 0

    def _resend_overdue(self) -> None:
        now = clock.monotonic()
        late = [f for f in self._flights if overdue(f, failures=self._failures, now=now)]
        if late and self._connected:
            self._failures += 1
            self._journal("uplink_unanswered", batches=len(late), rounds=self._failures)
            self._send_again(late)

    def _send_again(self, flights: Sequence[Flight]) -> None:
        """Return these to the spool, to be sent beside what comes next."""
        for flight in flights:
            self._spool.take_back(flight.boot, sorted(flight.numbers))
            if flight.boot == self._spool.boot:
                self._call_backlog(max(flight.numbers))
        self._flights = tuple(flight for flight in self._flights if flight not in flights)

    def _call_backlog(self, number: int) -> None:
        """What this boot has up to `number` goes after what is newer."""
        self._live_floor = max(self._live_floor, number)

    def _send(self) -> None:
        while self._connected:
            live = may_depart(self._flights, live=True)
            batch = self._spool.lend_live(floor=self._live_floor) if live else None
            if batch is not None:
                self._publish(batch, live=True)
                continue
            backlog = may_depart(self._flights, live=False)
            batch = self._spool.lend_backlog(floor=self._live_floor) if backlog else None
            if batch is None:
                return
            self._publish(batch, live=False)

    def _publish(self, batch: Batch, *, live: bool) -> None:
        self._seq += 1
        flight = Flight(
            boot=batch.boot,
            numbers=frozenset(batch.numbers),
            sent_at=clock.monotonic(),
            jitter=random.uniform(0.8, 1.2),
            live=live,
        )
        self._flights = (*self._flights, flight)
        payload = encode_envelope(
            boot=batch.boot, seq=self._seq, sent_at=clock.now(), items=batch.bodies
        )
        self._client.publish(f"{self._topic}/up", payload, qos=1)
        failpoint("gateway.published")

    def _beat(self) -> None:
        if self._connected and clock.monotonic() >= self._next_heartbeat:
            self._publish_status(online=True)
            self._next_heartbeat = clock.monotonic() + HEARTBEAT_SECONDS

    def _publish_status(self, *, online: bool) -> Any:
        status = self._status(online=online)
        return self._client.publish(f"{self._topic}/status", status, qos=1, retain=True)

    def _status(self, *, online: bool) -> bytes:
        return encode_status(
            online=online, boot=self._spool.boot, at=clock.now(), spooled=self._spool.waiting
        )
