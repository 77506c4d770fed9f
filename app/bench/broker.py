"""The broker's side of a run: a backlog kept for a subscriber who is not there yet."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import zip_longest

from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from app.bench.backlog import Backlog
from core.errors import ConfigurationError
from core.settings import Settings

PATIENCE_SECONDS = 60.0
IN_FLIGHT = 500


def up_topic(gateway: str) -> str:
    """Return the topic a gateway writes to; `+` for all gateways."""
    return f"chevet/v1/gw/{gateway}/up"


def new_client(
    settings: Settings, user: str, password: str, client_id: str, *, clean: bool
) -> Client:
    """Return a client as ingest's: MQTT 3.1.1 over TLS; not connected yet."""
    client = Client(
        CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=clean, protocol=MQTTv311
    )
    client.username_pw_set(user, password)
    client.tls_set(ca_certs=str(settings.mqtt_ca) if settings.mqtt_ca else None)
    return client


@contextmanager
def kept_session(settings: Settings, client_id: str, filters: Sequence[str]) -> Iterator[None]:
    """Have the broker keep what matches `filters` for an absent subscriber; forget him after."""
    _visit(settings, client_id, filters, clean=False)
    try:
        yield
    finally:
        _visit(settings, client_id, (), clean=True)


def _visit(settings: Settings, client_id: str, filters: Sequence[str], *, clean: bool) -> None:
    client = new_client(settings, "ingest", settings.mqtt_ingest_password, client_id, clean=clean)
    done = threading.Event()

    def on_connect(*_: object) -> None:
        if filters:
            client.subscribe([(name, 1) for name in filters])
        else:
            done.set()

    client.on_connect = on_connect
    client.on_subscribe = lambda *_: done.set()
    client.connect(settings.mqtt_host, settings.mqtt_port)
    client.loop_start()
    known = done.wait(PATIENCE_SECONDS)
    client.disconnect()
    client.loop_stop()
    if not known:
        raise ConfigurationError(f"the broker did not answer {client_id}")


def publish(settings: Settings, backlog: Backlog, passwords: Sequence[str]) -> None:
    """Publish a backlog, homes in turn, each under its own credential; the broker has it then."""
    with ExitStack() as stack:
        clients = [
            stack.enter_context(_publishing(settings, gateway, password))
            for gateway, password in zip(backlog.gateways, passwords, strict=True)
        ]
        homes = [backlog.messages(place) for place in range(len(clients))]
        sent = [
            clients[place].publish(up_topic(backlog.gateways[place]), message, qos=1)
            for turn in zip_longest(*homes)
            for place, message in enumerate(turn)
            if message is not None
        ]
        for info in sent:
            info.wait_for_publish(PATIENCE_SECONDS)
            if not info.is_published():
                raise ConfigurationError("the broker did not take the whole backlog")


@contextmanager
def _publishing(settings: Settings, gateway: str, password: str) -> Iterator[Client]:
    client = new_client(settings, gateway, password, gateway, clean=True)
    client.max_inflight_messages_set(IN_FLIGHT)
    client.connect(settings.mqtt_host, settings.mqtt_port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()
