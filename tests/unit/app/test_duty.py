"""The loops of the sentinel: a pause is no work, and whoever makes work wakes who does it."""

import threading

import pytest

from app.duty import LONGEST_PAUSE_SECONDS, STUCK_SECONDS, Duty, Loop, pause_after
from app.sentinel import DUTIES
from core import clock


@pytest.mark.parametrize("pause", [1.0, STUCK_SECONDS * 10])
def test_a_duty_that_pauses_for_long_is_not_stuck(pause: float) -> None:
    loop = Loop(Duty(name="d", pause_seconds=pause, pass_once=lambda: False), threading.Event(), {})
    assert not loop.is_stuck(loop.seen + pause + STUCK_SECONDS - 1)
    assert loop.is_stuck(loop.seen + pause + STUCK_SECONDS + 6)


def test_a_pass_that_found_work_wakes_who_goes_on_with_it() -> None:
    stop, woken = threading.Event(), threading.Event()
    passes: list[float] = []
    found = iter([True])

    def finds() -> bool:
        return next(found, False)

    def goes_on() -> bool:
        passes.append(clock.monotonic())
        if len(passes) == 2:
            woken.set()
        return False

    loops: dict[str, Loop] = {}
    second = Duty(name="second", pause_seconds=3_600, pass_once=goes_on)
    first = Duty(name="first", pause_seconds=3_600, pass_once=finds, wakes=("second", "absent"))
    for duty in (second, first):
        loops[duty.name] = Loop(duty, stop, loops)
    loops["second"].start()
    while not passes:
        woken.wait(0.01)
    loops["first"].start()
    assert woken.wait(30)
    stop.set()
    for loop in loops.values():
        loop.wake()
        loop.join(30)
        assert not loop.is_alive()


def test_every_duty_wakes_one_that_there_is() -> None:
    names = {duty.name for duty in DUTIES}
    assert len(names) == len(DUTIES)
    assert {name for duty in DUTIES for name in duty.wakes} <= names


def test_a_duty_may_fail_for_days() -> None:
    """A thousand doublings are beyond a float, and the thread that met it was gone."""
    assert pause_after(1, 0.5) == 1.0
    assert pause_after(2, 0.5) == 2.0
    assert pause_after(2_000, 0.5) == LONGEST_PAUSE_SECONDS
