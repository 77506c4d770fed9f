"""The one home of the time of day.

Processes read `now()`; pure code receives it as an argument. In the test profile a file named by
CHEVET_CLOCK_FILE shifts the clock by the number of seconds it holds, so that a test can move all
processes at once without waiting. `refuse_test_clock` keeps such a file out of real service.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    instant = datetime.now(UTC)
    path = os.environ.get("CHEVET_CLOCK_FILE")
    return instant + timedelta(seconds=_offset_seconds(path)) if path else instant


def monotonic() -> float:
    """Return seconds of a clock that never goes back, for measuring spans."""
    return time.monotonic()


def _offset_seconds(path: str) -> float:
    try:
        return float(Path(path).read_text() or "0")
    except FileNotFoundError:
        return 0.0


def refuse_test_clock(profile: str) -> None:
    """Stop the process if a test clock is set outside the test profile."""
    if os.environ.get("CHEVET_CLOCK_FILE") and profile != "test":
        raise SystemExit("CHEVET_CLOCK_FILE is only for the test profile: unset it to start.")
