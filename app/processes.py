"""The processes Chevet is made of: how each is started and what it cannot do without.

`docker-compose.yml` starts the same ones; a test holds the two equal.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Need(StrEnum):
    """A service a process needs to start."""

    POSTGRESQL = "postgresql"
    MQTT = "mqtt"
    VALKEY = "valkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """How a process is started, and what it needs."""

    command: tuple[str, ...]
    needs: frozenset[Need]
    about: str


def _process(about: str, *command: str, needs: tuple[Need, ...]) -> Process:
    return Process(command=command, needs=frozenset(needs), about=about)


PROCESSES: Final[dict[str, Process]] = {
    "web": _process("pages and HTTP API", "chevet", "web", needs=(Need.POSTGRESQL,)),
    "console": _process("the nurse's console", "chevet", "console", needs=(Need.POSTGRESQL,)),
    "ingest": _process(
        "stores what gateways send", "chevet", "ingest", needs=(Need.POSTGRESQL, Need.MQTT)
    ),
    "sentinel": _process(
        "reviews, sends, escalates, seals", "chevet", "sentinel", needs=(Need.POSTGRESQL,)
    ),
    "auditor": _process(
        "watches over the watch, pings outside", "chevet", "auditor", needs=(Need.POSTGRESQL,)
    ),
    "worker": _process(
        "the same work on many machines",
        "chevet",
        "worker",
        needs=(Need.POSTGRESQL, Need.VALKEY),
    ),
    "beat": _process("wakes the workers", "chevet", "beat", needs=(Need.POSTGRESQL, Need.VALKEY)),
    "gateway": _process("radio to broker, in the home", "chevet-gateway", needs=(Need.MQTT,)),
}
