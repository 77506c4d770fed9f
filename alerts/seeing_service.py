"""Seeing many calm patients at once: each as he was shown, each in the audit trail by himself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg

from alerts.store import seeing as store
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext, acting_as


@dataclass(frozen=True, slots=True)
class Seen:
    """How many patients were noted as seen, and how many are no longer as they were shown."""

    done: int
    changed: int


def see_calm(actor: Actor, shown: Mapping[UUID, datetime]) -> Seen:
    """Note as seen whoever is still as he was shown: green, judged at that instant, none open.

    `shown`: patient to the instant of the review that was shown. The patient's phone says that the
    team has read his answers, as when somebody opens his record.
    """
    done = sum(_see(actor, patient, judged_at) for patient, judged_at in shown.items())
    return Seen(done=done, changed=len(shown) - done)


def _see(actor: Actor, patient: UUID, judged_at: datetime) -> bool:
    ctx = open_record(actor, patient, Permission.ANSWERS_READ)
    if not isinstance(ctx, CareContext):
        return False
    noted = False
    with acting_as(ctx, detail={"act": "calm_seen"}) as conn:
        noted = store.note_seen(conn, ctx.patient, judged_at)
        if not noted:
            raise psycopg.Rollback  # Nobody has read what came since: no trace says he has.
    return noted
