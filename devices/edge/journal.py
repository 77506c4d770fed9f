"""One JSON line per thing that happened, on stderr; ids and counts, never a health value."""

import json
import sys
from typing import Protocol, TypeAlias

from core import clock

Field: TypeAlias = str | int | float | bool | None


class Journal(Protocol):
    """Where a part of the gateway says what happened to it."""

    def __call__(self, event: str, **fields: Field) -> None:
        """Write `event` with its ids and counts."""


def stderr_journal(event: str, **fields: Field) -> None:
    """Write one line to stderr."""
    line = {"at": clock.now().isoformat(), "event": event, **fields}
    print(json.dumps(line), file=sys.stderr, flush=True)
