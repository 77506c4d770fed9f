"""What was not answered in time: found from the schedule, never from the data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from core.doors import ServiceConnection
from questionnaires.plans import planning_store as store
from questionnaires.plans.missing import count_in_a_row
from questionnaires.plans.plan import Missed

LOOKED_BACK: Final = 50
"""Deadlines of a plan looked at to count those in a row: two already decide."""


def silent_patients(
    conn: ServiceConnection, now: datetime, *, but: Sequence[UUID] = (), limit: int = 200
) -> list[UUID]:
    """Return patients with a deadline whose alarm has come, longest waiting first.

    Records that are read as one are one patient: the one that is shown. `but`: these are left out.
    """
    return store.load_silent(conn, now, but, limit)


def missed_due(conn: ServiceConnection, patient: UUID, now: datetime) -> list[Missed]:
    """Mark every deadline of a patient whose alarm has come as missed; return them, oldest first.

    All of them, not only the latest, and each once: in the caller's transaction, so that whoever
    is told of them is told whole. `evaluated_late` when the alarm was more than 60 s ago.
    """
    rows = sorted(
        store.miss_deadlines(conn, patient, now), key=lambda row: (row.alarm_at, row.task_id)
    )
    settled = {
        plan: store.load_settled(conn, plan, now, LOOKED_BACK)
        for plan in {row.plan_id for row in rows}
    }
    return [
        Missed(
            task_id=row.task_id,
            plan_id=row.plan_id,
            programme=row.programme,
            questionnaire=row.questionnaire,
            occasion=row.occasion,
            due_at=row.due_at,
            alarm_at=row.alarm_at,
            evaluated_late=row.evaluated_late,
            high_risk=row.high_risk,
            in_a_row=count_in_a_row(settled[row.plan_id], row.task_id),
            told=row.told,
        )
        for row in rows
    ]


def unplanned(conn: ServiceConnection, now: datetime) -> store.Unplanned:
    """Return how many running lines have no tasks for the present: nobody plans."""
    return store.load_unplanned(conn, now)
