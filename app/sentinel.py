"""The sentinel: reviews, sends, escalates and seals, with PostgreSQL and the SMTP relay alone.

Celery may do the same work faster; this process is the guarantee (docs/decisions/0020). Each kind
of work has a thread of its own, so that a relay that hangs delays no review and no escalation.
A loop outlives any exception; a thread that ends, or makes no progress, ends the whole process,
for a supervisor restarts what is dead and never sees what is half alive.
"""

import gc
import os
import threading
from typing import Final

import structlog

from alerts import call_back_service
from alerts import service as alerts
from alerts.handing_on_service import hand_on
from alerts.repeat_service import raise_overdue
from alerts.silence_service import find_silent
from app.duty import STUCK_SECONDS, Duty, Loop
from app.keeping import KEEPING
from core import clock, i18n
from core.doors import close_doors
from core.settings import settings
from messages import service as messages
from questionnaires.reminders import service as reminders

_log = structlog.get_logger("sentinel")

END_SECONDS: Final = 20.0
"""How long the threads have to finish their pass when the process is told to stop."""
EXIT_HALF_ALIVE: Final = 70
"""EX_SOFTWARE of sysexits.h."""


def _review() -> bool:
    return alerts.review(clock.now()).patients > 0


def _escalate() -> bool:
    return alerts.escalate_due(clock.now()).alerts > 0


def _find_silent() -> bool:
    return find_silent(clock.now()).more


def _call_back() -> bool:
    return call_back_service.raise_waiting(clock.now()) > 0


def _raise_overdue() -> bool:
    return raise_overdue(clock.now()) > 0


def _send() -> bool:
    return messages.send_due(clock.now(), "others").more


def _send_reminders() -> bool:
    return messages.send_due(clock.now(), "reminders").more


def _hand_on() -> bool:
    put = hand_on(clock.now())
    return messages.send_due(clock.now(), "webhooks").more or put > 0


def _remind() -> bool:
    return reminders.remind_due(clock.now()) > 0


DUTIES: Final = (
    Duty(name="review", pause_seconds=0.5, pass_once=_review, wakes=("send-1",)),
    Duty(name="escalate", pause_seconds=1.0, pass_once=_escalate, wakes=("send-1",)),
    Duty(name="call-back", pause_seconds=2.0, pass_once=_call_back, wakes=("send-1",)),
    Duty(name="repeats", pause_seconds=2.0, pass_once=_raise_overdue, wakes=("send-1",)),
    Duty(name="send-1", pause_seconds=0.5, pass_once=_send, wakes=("send-2",)),
    Duty(name="send-2", pause_seconds=1.0, pass_once=_send),
    Duty(name="send-reminders-1", pause_seconds=2.0, pass_once=_send_reminders),
    Duty(name="send-reminders-2", pause_seconds=5.0, pass_once=_send_reminders),
    Duty(name="hand-on", pause_seconds=2.0, pass_once=_hand_on),
    Duty(name="silence", pause_seconds=5.0, pass_once=_find_silent),
    Duty(name="remind", pause_seconds=5.0, pass_once=_remind),
    *KEEPING,
)
"""How long each pauses with nothing to do: what bounds a call by seconds looks twice a second, and
whoever makes messages wakes who sends them; what has half a minute looks every few seconds."""


def _warm() -> None:
    """Read what the first call would wait for, and keep the collector from what never goes."""
    for locale in i18n.LOCALES:
        i18n.catalogue(locale)
    gc.freeze()


def run(stop: threading.Event, duties: tuple[Duty, ...] = DUTIES) -> None:
    """Keep watch until `stop` is set; exits the process when a loop is dead or stuck."""
    settings()
    _warm()
    by_name: dict[str, Loop] = {}
    loops = [by_name.setdefault(duty.name, Loop(duty, stop, by_name)) for duty in duties]
    for loop in loops:
        loop.start()
    _log.info("sentinel_started", duties=[duty.name for duty in duties])
    while not stop.wait(0.5):
        for loop in loops:
            if not loop.is_alive() or loop.is_stuck(clock.monotonic(), STUCK_SECONDS):
                _log.critical("sentinel_half_alive", duty=loop.name, alive=loop.is_alive())
                os._exit(EXIT_HALF_ALIVE)
    deadline = clock.monotonic() + END_SECONDS
    for loop in loops:
        loop.wake()
    for loop in loops:
        loop.join(max(0.0, deadline - clock.monotonic()))
    close_doors()
