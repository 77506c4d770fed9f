"""A gateway with its own credential and every name it can guess: it gets nothing of others."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from prometheus_client import REGISTRY

from ingest.edge.slot import Slot
from tests.conftest import Database
from tests.envelopes import TestGateway, envelope, spot

pytestmark = [pytest.mark.usefixtures("ingesting"), pytest.mark.promise("S11")]
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
Credential = tuple[str, str]


class Thief:
    """A client under a gateway's credential, with whatever client id he likes."""

    def __init__(self, env: dict[str, str], credential: Credential, client_id: str) -> None:
        self.seen: list[str] = []
        self._ready = threading.Event()
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=True,
            protocol=MQTTv311,
            reconnect_on_failure=False,
        )
        self._client.username_pw_set(*credential)
        self._client.tls_set(ca_certs=env["CHEVET_MQTT_CA"])
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = lambda *given: self.seen.append(given[2].topic)
        self._client.connect(env["CHEVET_MQTT_HOST"], int(env["CHEVET_MQTT_PORT"]))
        self._client.loop_start()
        assert self._ready.wait(10)

    def _on_connect(self, client: Client, *more: object) -> None:
        guesses = ("#", "+/+/+/+/+", "$SYS/#", "$share/ingest/chevet/v1/gw/+/up", "$share/ingest/#")
        client.subscribe([(guess, 1) for guess in guesses])

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def thief(env: dict[str, str], credential: Credential, client_id: str) -> Iterator[Thief]:
    one = Thief(env, credential, client_id)
    try:
        yield one
    finally:
        one.leave()


def test_no_guess_of_a_gateway_takes_a_session_or_a_share_of_the_readings(
    database: Database, gateway: TestGateway, credentials: Iterator[Credential]
) -> None:
    credential = next(credentials)
    names = (Slot(number=0, handle=-1).client_id, gateway.gateway, uuid4().hex)
    boot, before = uuid4(), connections_lost()
    gateway.publish(envelope(boot, [spot(1, START)], START))
    gateway.acknowledged(boot, {1})
    for turn, name in enumerate(names, 1):
        with thief(database.env, credential, name) as one:
            numbers = range(20 * turn, 20 * turn + 20)
            for n in numbers:
                at = START + timedelta(seconds=n)
                gateway.publish(envelope(boot, [spot(n, at)], START))
            gateway.acknowledged(boot, set(numbers), patience_s=5)
            assert one.seen == []
    assert connections_lost() == before


def connections_lost() -> float:
    """Return how often the broker has cut ingest off."""
    labels = {"cause": "broker"}
    return REGISTRY.get_sample_value("chevet_ingest_connections_lost_total", labels) or 0.0
