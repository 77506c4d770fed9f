"""Calm patients of a page of the queue, seen together: what was shown, and the button."""

from dash import dcc, html

from alerts.views import QueueRow
from dashboard.layouts.marks import Component, attributes
from dashboard.reader import Reader

QUEUE_LIST = "queue-list"


def _is_unseen(row: QueueRow) -> bool:
    return row.is_calm and row.seen_at is None


def as_shown(row: QueueRow) -> list[Component]:
    """Return what the page remembers of a calm patient: which review it showed."""
    if not _is_unseen(row):
        return []
    shown = row.summary.judged_at.isoformat()
    return [dcc.Input(type="hidden", name=str(row.patient_id), value=shown)]


def all_seen(reader: Reader, found: tuple[QueueRow, ...]) -> Component:
    """Return the button that notes all calm patients of this page as seen."""
    calm = [row for row in found if _is_unseen(row)]
    if not calm:
        return None
    button = html.Button(
        reader.say("All seen: calm patients on this page ({count})", count=len(calm)),
        className="button second",
        type="button",
        **attributes(
            {"data-act": "see_calm", "data-on": str(calm[0].patient_id), "data-gather": QUEUE_LIST}
        ),
    )
    return html.Div(button, className="buttons")
