"""A message as the broker hands it over: who sent it is said by the topic, never the payload."""

from dataclasses import dataclass
from typing import Literal

from devices.broker_name import private_name

Kind = Literal["up", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A payload of one gateway; the broker lets a gateway write to its own topics alone."""

    gateway: str
    kind: Kind
    payload: bytes
    retained: bool = False


def share_filters(password: str) -> tuple[str, str]:
    """Return the filters of `up` and `status`, in the group of whoever has ingest's password.

    A gateway that joined the group would be handed its share of everybody's readings, and the
    broker would drop them because it may not read them.
    """
    group = f"$share/{private_name('ingest', password)}"
    return f"{group}/chevet/v1/gw/+/up", f"{group}/chevet/v1/gw/+/status"


def parse_topic(topic: str) -> tuple[str, Kind] | None:
    """Return gateway and kind of `chevet/v1/gw/<gateway>/up|status`; None for any other topic."""
    match topic.split("/"):
        case ["chevet", "v1", "gw", gateway, "up"]:
            return gateway, "up"
        case ["chevet", "v1", "gw", gateway, "status"]:
            return gateway, "status"
        case _:
            return None


def ack_topic(gateway: str) -> str:
    """Return the topic on which a gateway hears what is stored."""
    return f"chevet/v1/gw/{gateway}/ack"
