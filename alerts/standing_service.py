"""Deadlines of signed prescriptions: an end that is near or past, and values that do not come.

Any number of processes may look at once: a patient is one process's until its transaction ends,
and what was looked for is noted in the transaction that tells of it.
"""

from datetime import datetime
from typing import Final

import structlog

from alerts.prescription import parse_content
from alerts.profile import Signed
from alerts.raising_service import Reviewing, save_alerts
from alerts.rows import AlertRow
from alerts.rules import OpenAlert, decide_acts
from alerts.setback import is_of_the_connection, place_of
from alerts.standing import look
from alerts.store import calling, reviewing, standing
from core import clock
from core.doors import Service, note_run, serving
from core.failpoint import failpoint
from core.i18n import zone
from core.settings import settings
from core.vitals import VITALS, Vital
from scoring.level import LEVEL_BY_CODE

_log = structlog.get_logger("alerts")
PATIENTS: Final = 100
"""Patients of one pass."""
LONGEST_PASS_SECONDS: Final = 30.0
"""A pass takes no further patient after this: the sentinel takes a pass of 120 s for stuck."""


def look_at_prescriptions(now: datetime) -> int:
    """Tell of each deadline that came; return how many patients were called for."""
    with serving(Service.SILENCE) as conn:
        keys = standing.load_due(conn, now, PATIENTS)
    called = 0
    began = clock.monotonic()
    for key in keys:
        try:
            called += _look(key, now) > 0
        except Exception as error:
            if is_of_the_connection(error):
                raise
            _log.error("prescription_look_failed", **place_of(error))
            with serving(Service.SILENCE) as conn:
                calling.save_setback(conn, "review", str(key), type(error).__name__, now)
        if clock.monotonic() - began > LONGEST_PASS_SECONDS:
            break
    if called:
        with serving(Service.SILENCE) as conn:
            note_run(conn, Service.SILENCE, "prescriptions", patients=called)
    return called


def _look(key: int, now: datetime) -> int:
    with serving(Service.SILENCE) as conn:
        if not reviewing.lock_patient(conn, key):
            return 0
        row, watched = standing.load_standing(conn, key, now), reviewing.load_watched(conn, key)
        if row is None or watched is None:
            return 0
        found = look(
            parse_content(row.content),
            Signed(prescription=row.id, version=row.version),
            begun=row.starts_at,
            looked_at=row.looked_at,
            last={
                VITALS[Vital(one["vital"])].slug: datetime.fromisoformat(one["measured_at"])
                for one in row.latest or []
            },
            zone=zone(settings().time_zone),
            now=now,
        )
        alerts = {one.item: one for one in calling.lock_alerts_of_patient(conn, watched.patient_id)}
        acts = decide_acts(found.told, {item: _open(one) for item, one in alerts.items()})
        read = Reviewing(patient_key=key, watched=watched, alerts=alerts, now=now)
        called = save_alerts(conn, read, acts)
        standing.save_look(conn, row.id, now, found.look_at)
        if found.told:
            calling.rerank(conn, watched.patient_id)
            calling.hint_queues(conn, watched.patient_id)
    failpoint("prescriptions.after_commit")
    return called


def _open(row: AlertRow) -> OpenAlert:
    return OpenAlert(alert_id=row.id, item=row.item, level=LEVEL_BY_CODE[row.level])
