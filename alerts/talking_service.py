"""Asking and replying about an alert: written once, into its life, and told to open consoles."""

from uuid import UUID

from alerts.reading_service import page_in
from alerts.store import calling, showing, talking
from alerts.talking import Kind, WordsRefused, clean_words
from alerts.views import AlertPage, EventKind, NotFound
from core import clock
from core.access import Permission
from core.doors import CareContext, acting_as

WHAT: dict[Kind, EventKind] = {Kind.QUESTION: "asked", Kind.REPLY: "replied"}
"""The step in the life of the alert that each kind is."""


def say(
    ctx: CareContext, alert_id: UUID, kind: Kind, text: str, *, key: str
) -> AlertPage | WordsRefused | NotFound:
    """Say something about an alert, open or closed; the same `key` of a page says it once.

    It moves no deadline: only an answer that names who acts does. Needs a context opened for
    `alerts:acknowledge`; raises ValueError for another.
    """
    if ctx.permission is not Permission.ALERTS_ACKNOWLEDGE:
        raise ValueError(f"saying something needs alerts:acknowledge, not {ctx.permission}")
    words = clean_words(text)
    if isinstance(words, WordsRefused):
        return words
    now, what = clock.now(), WHAT[kind]
    with acting_as(ctx, action="C", detail={"alert": str(alert_id), "act": what}) as conn:
        row = showing.load_alert(conn, ctx.patient, alert_id)
        if row is None:
            return NotFound()
        alert, patient = row.id, row.patient_id
        if talking.save_said(
            conn, alert=alert, patient=patient, kind=kind, words=words, key=key, now=now
        ):
            calling.save_event(
                conn, alert=alert, patient=patient, at=now, what=what, by=ctx.actor.person
            )
            calling.hint_queues(conn, patient)
        return page_in(conn, ctx.patient, alert_id)
