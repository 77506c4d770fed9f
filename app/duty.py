"""One kind of work that a process does again and again, each in a thread of its own."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from alerts.setback import place_of
from core import clock

_log = structlog.get_logger("sentinel")

LONGEST_PAUSE_SECONDS: Final = 5.0
"""After failures in a row a loop pauses no longer: the outage may end at any moment."""
MOST_DOUBLINGS: Final = 8
"""Of the pause, failure by failure: after a thousand the number would be too great for a float."""
STUCK_SECONDS: Final = 120.0
"""A loop whose one pass takes longer is stuck: no pass has work for half of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One kind of work: `pass_once` returns whether there may be more; else it pauses.

    `wakes` names the duties for which a pass that found work has made some.
    """

    name: str
    pause_seconds: float
    pass_once: Callable[[], bool]
    wakes: tuple[str, ...] = ()


def pause_after(failures: int, pause_seconds: float) -> float:
    """Return how many seconds a duty pauses after so many failures in a row, however many."""
    return min(LONGEST_PAUSE_SECONDS, pause_seconds * 2.0 ** min(failures, MOST_DOUBLINGS))


class Loop(threading.Thread):
    """Does one duty again and again until `stop`; `seen` is when its last pass ended."""

    def __init__(self, duty: Duty, stop: threading.Event, others: "Mapping[str, Loop]") -> None:
        """Prepare the thread; it does not keep the process alive. `others`: whom it may wake."""
        super().__init__(name=duty.name, daemon=True)
        self.seen = clock.monotonic()
        self._duty = duty
        self._stop_asked = stop
        self._woken = threading.Event()
        self._others = others

    def wake(self) -> None:
        """End the pause, now or the next one."""
        self._woken.set()

    def is_stuck(self, now: float, after: float = STUCK_SECONDS) -> bool:
        """Say whether a pass has taken too long by `now` (seconds of the monotonic clock).

        The last pass ended before a pause, and a pause is no work: it counts besides.
        """
        return now - self.seen > after + max(self._duty.pause_seconds, LONGEST_PAUSE_SECONDS)

    def run(self) -> None:
        """Do the duty; a failure pauses a little longer each time."""
        failures = 0
        while not self._stop_asked.is_set():
            self._woken.clear()
            try:
                more = self._duty.pass_once()
            except Exception as error:
                failures += 1
                _log.error("duty_failed", duty=self.name, failures=failures, **place_of(error))
                self._pause(
                    min(
                        LONGEST_PAUSE_SECONDS,
                        self._duty.pause_seconds * 2.0 ** min(failures, MOST_DOUBLINGS),
                    )
                )
                continue
            failures = 0
            if more:
                for other in filter(None, map(self._others.get, self._duty.wakes)):
                    other.wake()
            self._pause(0.0 if more else self._duty.pause_seconds)

    def _pause(self, seconds: float) -> None:
        self.seen = clock.monotonic()
        if not self._stop_asked.is_set():
            self._woken.wait(seconds)
