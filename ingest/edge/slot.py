"""A place for this process among the ingest processes of its host.

The broker keeps a session per client id. A name that changed at each start would leave sessions
behind that go on receiving their share of the readings; so a process takes the first free slot.
"""

import fcntl
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import ConfigurationError

MOST_PROCESSES: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A held place; the lock on `handle` is freed when the process ends, however it ends."""

    number: int
    handle: int

    @property
    def client_id(self) -> str:
        """What the broker's name of this process's session is made from, and its signs of life."""
        return f"chevet-ingest-{socket.gethostname()}-{self.number}"

    @property
    def comes_back(self) -> bool:
        """Whether a process is sure to take this place again: the first one always is.

        Any other, ended on purpose, must leave its share of the readings to those that remain.
        """
        return self.number == 0


def hold_slot(folder: Path) -> Slot:
    """Take the first free slot, noted by locks in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(MOST_PROCESSES):
        handle = os.open(folder / f"ingest-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
        else:
            return Slot(number=number, handle=handle)
    raise ConfigurationError(f"{MOST_PROCESSES} ingest processes hold every slot in {folder}")


def free_slot(slot: Slot) -> None:
    """Leave the place to the next process."""
    os.close(slot.handle)
