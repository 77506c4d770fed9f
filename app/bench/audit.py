"""Reading records with sixteen clients at once, with and without the event of each access.

What is left out for the baseline is taken away here, from outside: the product knows no way to
read a record without its event.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from random import Random

from app.bench.population import Region
from app.bench.region import inhabited
from app.bench.verdict import Goal, ratio_goal
from coordination import service as coordination
from core import clock, doors
from core.access import Permission
from core.care import open_record
from core.doors import CareContext
from identity.service import patient_traits

CLIENTS = 16
LEAST = 0.80
ROW = "{:<10} {:>16} {:>16} {:>7}"
Say = Callable[[str], None]


def run_audit(
    say: Say, region: Region | None = None, *, repetitions: int = 5, seconds: float = 6
) -> list[Goal]:
    """Measure both in turn; print a table; return the goal."""
    region = region or Region()
    ratios = []
    with inhabited(region):
        _rate(region, seconds / 3, 0)
        say(ROW.format("repetition", "audited per s", "bare per s", "ratio"))
        for number in range(1, repetitions + 1):
            turns = (False, True) if number % 2 else (True, False)
            rates = {bare: _measure(region, seconds, number, bare=bare) for bare in turns}
            ratios.append(rates[False] / rates[True])
            say(
                ROW.format(number, f"{rates[False]:.0f}", f"{rates[True]:.0f}", f"{ratios[-1]:.2f}")
            )
    words = f"reading records with {CLIENTS} clients keeps {LEAST:.2f} of the unaudited rate"
    return [ratio_goal(words, ratios, LEAST)]


def _measure(region: Region, seconds: float, seed: int, *, bare: bool) -> float:
    with _unaudited() if bare else nullcontext():
        return _rate(region, seconds, seed)


@contextmanager
def _unaudited() -> Iterator[None]:
    """Leave out the insert of each event; nothing else changes."""
    kept = doors.note_access
    doors.note_access = lambda *_, **__: None
    try:
        yield
    finally:
        doors.note_access = kept


def _rate(region: Region, seconds: float, seed: int) -> float:
    """Return how many records a second all clients read together."""
    end = clock.monotonic() + seconds
    with ThreadPoolExecutor(CLIENTS) as clients:
        done = sum(clients.map(lambda n: _read(region, end, Random(f"{seed} {n}")), range(CLIENTS)))
    return done / seconds


def _read(region: Region, end: float, random: Random) -> int:
    """Read identity and circle of one record after the other until the end; return how many."""
    actor, done = region.professional(3), 0
    while clock.monotonic() < end:
        patient = region.patient(5 * random.randint(1, region.of_a_centre - 1))
        for permission, read in (
            (Permission.IDENTITY_READ, patient_traits),
            (Permission.CIRCLE_READ, coordination.members),
        ):
            opened = open_record(actor, patient, permission)
            assert isinstance(opened, CareContext)
            assert read(opened)
        done += 1
    return done
