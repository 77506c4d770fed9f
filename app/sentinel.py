"""The sentinel: reviews, sends, escalates and seals, with PostgreSQL and the SMTP relay alone.

Celery may do the same work faster; this process is the guarantee (docs/decisions/0020). Each kind
of work has a thread of its own, so that a relay that hangs delays no review and no escalation.
A loop outlives any exception; a thread that ends, or makes no progress, ends the whole process,
for a supervisor restarts what is dead and never sees what is half alive.
"""

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from prometheus_client import Counter, Gauge

from alerts import call_back_service
from alerts import service as alerts
from alerts.digest_service import put_out_digests
from alerts.duty_service import watch_duties
from alerts.handing_on_service import hand_on
from alerts.repeat_service import MOST as REPEATS
from alerts.repeat_service import raise_overdue
from alerts.setback import place_of
from alerts.silence_service import find_silent
from alerts.standing_service import PATIENTS, look_at_prescriptions
from alerts.technical_service import look
from app.certificates import certificate_troubles
from coordination.emergency_service import BATCH, keep_circles
from coordination.inclusion import notice_service
from core import clock
from core.audit.continuing import remove_expired
from core.audit.leaving import forward_sealed
from core.audit.sealing import seal_finished, unsealed_age_seconds
from core.audit.syslog import parse_collector
from core.doors import Service, close_doors, serving
from core.heartbeat import beat
from core.settings import settings
from messages import service as messages
from messages.message import Occurrence
from questionnaires.plans.missing_service import unplanned
from questionnaires.plans.planning_service import plan_days
from questionnaires.reminders import service as reminders

_log = structlog.get_logger("sentinel")
_UNSEALED = Gauge("chevet_audit_unsealed_seconds", "Age of the oldest access no seal covers")
_BEHIND = Gauge("chevet_audit_unforwarded_seals", "Seals the Syslog collector has not been sent")
_UNPLANNED = Gauge("chevet_lines_unplanned", "Questionnaires of plans without tasks for now")
_REMOVED = Counter("chevet_audit_removed_events", "Events that retention has removed")

LONGEST_PAUSE_SECONDS: Final = 5.0
"""After failures in a row a loop pauses no longer: the outage may end at any moment."""
STUCK_SECONDS: Final = 120.0
"""A loop whose one pass takes longer is stuck: no pass has work for half of it."""
END_SECONDS: Final = 20.0
"""How long the threads have to finish their pass when the process is told to stop."""
BEAT_SECONDS: Final = 10.0
UNSEALED_SECONDS: Final = 60.0
"""An access that nobody sealed for so long is told to the operator, once an hour."""
EXIT_HALF_ALIVE: Final = 70
"""EX_SOFTWARE of sysexits.h."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One kind of work: `pass_once` returns whether there may be more; else it pauses."""

    name: str
    pause_seconds: float
    pass_once: Callable[[], bool]


def _review() -> bool:
    return alerts.review(clock.now()).patients > 0


def _escalate() -> bool:
    return alerts.escalate_due(clock.now()).alerts > 0


def _plan() -> bool:
    now = clock.now()
    plan_days(now)
    with serving(Service.PLANNING) as conn:
        _UNPLANNED.set(unplanned(conn, now).lines)
    return False


def _find_silent() -> bool:
    return find_silent(clock.now()).more


def _look_at_prescriptions() -> bool:
    return look_at_prescriptions(clock.now()) >= PATIENTS


def _watch_duties() -> bool:
    watch_duties(clock.now())
    return False


def _call_back() -> bool:
    return call_back_service.raise_waiting(clock.now()) >= call_back_service.MOST


def _raise_overdue() -> bool:
    return raise_overdue(clock.now()) >= REPEATS


def _send() -> bool:
    return messages.send_due(clock.now(), "others").sent > 0


def _send_reminders() -> bool:
    return messages.send_due(clock.now(), "reminders").sent > 0


def _hand_on() -> bool:
    put = hand_on(clock.now())
    return messages.send_due(clock.now(), "webhooks").sent > 0 or put > 0


def _put_out_digests() -> bool:
    put_out_digests(clock.now())
    return False


def _plan_reminders() -> bool:
    reminders.plan_reminders(clock.now())
    return False


def _remind() -> bool:
    return reminders.remind_due(clock.now()) > 0


def _seal() -> bool:
    seal_finished(settings().anchor_places())
    _UNSEALED.set(age := unsealed_age_seconds())
    if age > UNSEALED_SECONDS:
        now = clock.now()
        with serving(Service.SEALER) as conn:
            messages.tell_operator(conn, Occurrence.AUDIT_UNSEALED, f"{now:%Y-%m-%d %H} h", now)
    return False


def _forward() -> bool:
    wanted = settings()
    if not wanted.audit_syslog:
        return False
    collector = parse_collector(wanted.audit_syslog, wanted.audit_syslog_ca)
    sent = forward_sealed(collector, wanted.audit_syslog, wanted.base_url)
    _BEHIND.set(sent.behind)
    return sent.behind > 0


def _retain() -> bool:
    removed = remove_expired(settings().audit_retention_months)
    _REMOVED.inc(removed.events)
    return removed.seals > 0


def _keep_circles() -> bool:
    return keep_circles(clock.now()) >= BATCH


def _keep_follow_ups() -> bool:
    return notice_service.keep_follow_ups(clock.now()) >= notice_service.BATCH


def _note_occasions() -> bool:
    notice_service.note_occasions(clock.now())
    return False


def _look_for_trouble() -> bool:
    now = clock.now()
    look(now, certificate_troubles(settings(), now))
    return False


def _beat() -> bool:
    beat("sentinel", socket.gethostname())
    failing = alerts.failing_work()
    if failing:
        _log.warning("work_keeps_failing", count=len(failing), longest=failing[0].error)
    return False


DUTIES: Final = (
    Duty(name="review", pause_seconds=0.25, pass_once=_review),
    Duty(name="escalate", pause_seconds=0.5, pass_once=_escalate),
    Duty(name="duties", pause_seconds=15.0, pass_once=_watch_duties),
    Duty(name="call-back", pause_seconds=1.0, pass_once=_call_back),
    Duty(name="repeats", pause_seconds=0.5, pass_once=_raise_overdue),
    Duty(name="send-1", pause_seconds=0.25, pass_once=_send),
    Duty(name="send-2", pause_seconds=0.5, pass_once=_send),
    Duty(name="send-reminders-1", pause_seconds=0.5, pass_once=_send_reminders),
    Duty(name="send-reminders-2", pause_seconds=1.0, pass_once=_send_reminders),
    Duty(name="digests", pause_seconds=15.0, pass_once=_put_out_digests),
    Duty(name="hand-on", pause_seconds=1.0, pass_once=_hand_on),
    Duty(name="plan", pause_seconds=15.0, pass_once=_plan),
    Duty(name="silence", pause_seconds=5.0, pass_once=_find_silent),
    Duty(name="prescriptions", pause_seconds=5.0, pass_once=_look_at_prescriptions),
    Duty(name="plan-reminders", pause_seconds=5.0, pass_once=_plan_reminders),
    Duty(name="remind", pause_seconds=1.0, pass_once=_remind),
    Duty(name="circles", pause_seconds=1.0, pass_once=_keep_circles),
    Duty(name="follow-ups", pause_seconds=1.0, pass_once=_keep_follow_ups),
    Duty(name="circle-notices", pause_seconds=2.0, pass_once=_note_occasions),
    Duty(name="seal", pause_seconds=2.0, pass_once=_seal),
    Duty(name="forward", pause_seconds=5.0, pass_once=_forward),
    Duty(name="retain", pause_seconds=60.0, pass_once=_retain),
    Duty(name="technical", pause_seconds=15.0, pass_once=_look_for_trouble),
    Duty(name="beat", pause_seconds=BEAT_SECONDS, pass_once=_beat),
)


class Loop(threading.Thread):
    """Does one duty again and again until `stop`; `seen` is when its last pass ended."""

    def __init__(self, duty: Duty, stop: threading.Event) -> None:
        """Prepare the thread; it does not keep the process alive."""
        super().__init__(name=duty.name, daemon=True)
        self.seen = clock.monotonic()
        self._duty = duty
        self._stop_asked = stop

    def run(self) -> None:
        """Do the duty; a failure pauses a little longer each time."""
        failures = 0
        while not self._stop_asked.is_set():
            try:
                more = self._duty.pass_once()
            except Exception as error:
                failures += 1
                _log.error("duty_failed", duty=self.name, failures=failures, **place_of(error))
                pause = min(LONGEST_PAUSE_SECONDS, self._duty.pause_seconds * 2**failures)
            else:
                failures, pause = 0, 0.0 if more else self._duty.pause_seconds
            self.seen = clock.monotonic()
            self._stop_asked.wait(pause)


def run(stop: threading.Event, duties: tuple[Duty, ...] = DUTIES) -> None:
    """Keep watch until `stop` is set; exits the process when a loop is dead or stuck."""
    settings()
    loops = [Loop(duty, stop) for duty in duties]
    for loop in loops:
        loop.start()
    _log.info("sentinel_started", duties=[duty.name for duty in duties])
    while not stop.wait(0.5):
        for loop in loops:
            if not loop.is_alive() or clock.monotonic() - loop.seen > STUCK_SECONDS:
                _log.critical("sentinel_half_alive", duty=loop.name, alive=loop.is_alive())
                os._exit(EXIT_HALF_ALIVE)
    deadline = clock.monotonic() + END_SECONDS
    for loop in loops:
        loop.join(max(0.0, deadline - clock.monotonic()))
    close_doors()
