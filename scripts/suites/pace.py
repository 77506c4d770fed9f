"""How fast this machine is at this moment, beside the one on which the budgets were set.

A budget is there to tell a suite that became slow from one that did not; on a shared machine that
is three times slower some hours than others, seconds alone tell the hour of the day.
"""

import subprocess
import sys

REFERENCE_S = 0.09
"""What the work below takes where the budgets mean what they say, in seconds.

Not measured there, but led back to it: `check` took 83 s where the budgets were set, and 125 s of
the same commit where ten times these steps took 3.2 s outside a function, in which they take 2.37
times as long as within (measured, processor seconds): 3.2 / 10 / 2.37 x 83 / 125. That the 3.2 s
were taken outside a function is supposed: within one it would be 0.21, more than twice as strict.
A whole `check` of 252 processor seconds, beside which the work took 0.116, points to 0.076 at
most. Of the two that agree, the stricter.
"""
MOST = 3.0
"""No budget is stretched further: what takes longer than that hangs, or has become slow."""
CORES = 2
"""As many as the budgets are counted for; where there is one, it does the work of both."""
WORK = """
import time
def work():
    total = 0
    for each in range(2_000_000):
        total += each
def seconds():
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
print(sorted(seconds() for _ in range(7))[3])
"""
"""The middle of several: one hiccup is no slowness, and what others take most of the time is.
About a second in all."""


def slowness() -> float:
    """Return how many times slower than the reference both cores are at this moment."""
    workers = [
        subprocess.Popen([sys.executable, "-c", WORK], stdout=subprocess.PIPE, text=True)
        for _ in range(CORES)
    ]
    return slowness_of([float(worker.communicate()[0]) for worker in workers])


def slowness_of(seconds: list[float]) -> float:
    """Return what the work's seconds on each core come to, as a multiple of the reference."""
    return sum(seconds) / len(seconds) / REFERENCE_S


def stretch(before: float, after: float) -> float:
    """Return by what a suite's budget is multiplied, of the slowness on both sides of it."""
    return min(MOST, max(1.0, (before + after) / 2))
