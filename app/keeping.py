"""What the sentinel keeps in order besides alerts: plans, circles, the trail, the signs of life.

Nobody waits for any of it: each looks again after seconds, and a look that finds nothing is cheap.
"""

import socket
from typing import Final

import structlog
from prometheus_client import Counter, Gauge

from alerts import service as alerts
from alerts.digest_service import put_out_digests
from alerts.drill_service import start_planned, watch_drills
from alerts.duty_service import watch_duties
from alerts.standing_service import PATIENTS, look_at_prescriptions
from alerts.technical_service import look
from app.certificates import certificate_troubles
from app.duty import Duty
from coordination.actions import service as actions
from coordination.chat import service as chat
from coordination.emergency_service import BATCH, keep_circles
from coordination.inclusion import notice_service
from coordination.opening import service as opening
from coordination.stays import service as stays
from coordination.support import service as support
from core import clock
from core.audit.continuing import remove_expired
from core.audit.leaving import forward_sealed
from core.audit.sealing import seal_finished, unsealed_age_seconds
from core.audit.syslog import parse_collector
from core.doors import Service, serving
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

BEAT_SECONDS: Final = 10.0
UNSEALED_SECONDS: Final = 60.0
"""An access that nobody sealed for so long is told to the operator, once an hour."""


def _plan() -> bool:
    now = clock.now()
    plan_days(now)
    with serving(Service.PLANNING) as conn:
        _UNPLANNED.set(unplanned(conn, now).lines)
    return False


def _look_at_prescriptions() -> bool:
    return look_at_prescriptions(clock.now()) >= PATIENTS


def _watch_duties() -> bool:
    watch_duties(clock.now())
    return False


def _watch_drills() -> bool:
    now = clock.now()
    watch_drills(now)
    start_planned(now)
    return False


def _put_out_digests() -> bool:
    put_out_digests(clock.now())
    return False


def _plan_reminders() -> bool:
    reminders.plan_reminders(clock.now())
    return False


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
    return chat.remove_old(clock.now()) > 0 or removed.seals > 0


def _keep_circles() -> bool:
    return keep_circles(clock.now()) >= BATCH


def _keep_follow_ups() -> bool:
    return notice_service.keep_follow_ups(clock.now()) >= notice_service.BATCH


def _ask_of_stays() -> bool:
    return stays.ask_of_stays() >= stays.BATCH


def _return_actions() -> bool:
    return actions.return_actions() >= actions.BATCH


def _tell_late_support() -> bool:
    return support.tell_late() >= support.BATCH


def _heed_opposition() -> bool:
    return opening.heed_opposition()


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


KEEPING: Final = (
    Duty(name="duties", pause_seconds=15.0, pass_once=_watch_duties),
    Duty(name="drills", pause_seconds=5.0, pass_once=_watch_drills),
    Duty(name="digests", pause_seconds=15.0, pass_once=_put_out_digests),
    Duty(name="plan", pause_seconds=15.0, pass_once=_plan),
    Duty(name="prescriptions", pause_seconds=5.0, pass_once=_look_at_prescriptions),
    Duty(name="plan-reminders", pause_seconds=5.0, pass_once=_plan_reminders),
    Duty(name="circles", pause_seconds=2.0, pass_once=_keep_circles),
    Duty(name="follow-ups", pause_seconds=5.0, pass_once=_keep_follow_ups),
    Duty(name="stays", pause_seconds=15.0, pass_once=_ask_of_stays),
    Duty(name="actions", pause_seconds=15.0, pass_once=_return_actions),
    Duty(name="support", pause_seconds=15.0, pass_once=_tell_late_support),
    Duty(name="oppositions", pause_seconds=30.0, pass_once=_heed_opposition),
    Duty(name="circle-notices", pause_seconds=5.0, pass_once=_note_occasions),
    Duty(name="seal", pause_seconds=2.0, pass_once=_seal),
    Duty(name="forward", pause_seconds=5.0, pass_once=_forward),
    Duty(name="retain", pause_seconds=60.0, pass_once=_retain),
    Duty(name="technical", pause_seconds=15.0, pass_once=_look_for_trouble),
    Duty(name="beat", pause_seconds=BEAT_SECONDS, pass_once=_beat),
)
