"""The sources of the timeline, one line each; docs/howto/add-a-timeline-source.md says how."""

from typing import Final

from alerts.store import timeline as alerts
from coordination.timeline import (
    chat_store,
    circle_store,
    document_store,
    follow_up_store,
    note_store,
    plan_store,
)
from core.timeline import Entry, Source
from questionnaires import timeline_store as questions

SOURCES: Final[tuple[Source, ...]] = (
    alerts.ALERTS,
    alerts.READINGS,
    questions.ANSWERS,
    note_store.NOTES,
    document_store.DOCUMENTS,
    chat_store.CHAT,
    plan_store.VISITS,
    plan_store.ACTIONS,
    plan_store.STAYS,
    follow_up_store.CALLS,
    follow_up_store.FOLLOW_UP,
    follow_up_store.LETTERS,
    questions.PLANS,
    circle_store.CIRCLE,
    circle_store.CONSENTS,
)
"""In the order in which their filters are offered; several may stand under one kind."""


def source_of(entry: Entry) -> Source:
    """Return a source that says an entry in words."""
    return next(source for source in SOURCES if source.kind == entry.kind)
