"""Sessions of ingest processes at the broker, which outlive the process and the test."""

import threading

from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from devices.broker_name import private_name
from ingest.edge.slot import Slot


def forget_session(env: dict[str, str], slot: int) -> None:
    """Make the broker forget the session of a place, so that no other test has its readings.

    What one test left unacknowledged is brought first to the ingest of the next: a process that is
    to die at its first COMMIT then dies of that, and of none of its own readings.
    """
    password = env["CHEVET_MQTT_INGEST_PASSWORD"]
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=private_name(Slot(number=slot, handle=-1).client_id, password),
        clean_session=True,
        protocol=MQTTv311,
    )
    client.username_pw_set("ingest", password)
    client.tls_set(ca_certs=env["CHEVET_MQTT_CA"])
    connected = threading.Event()
    client.on_connect = lambda *_: connected.set()
    client.connect(env["CHEVET_MQTT_HOST"], int(env["CHEVET_MQTT_PORT"]))
    client.loop_start()
    assert connected.wait(10)
    client.disconnect()
    client.loop_stop()
