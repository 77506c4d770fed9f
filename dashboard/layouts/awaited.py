"""What an orange value waits for, in the queue and on the page of its patient."""

from dash import html

from alerts.repeat_view import PendingView, say_pending
from dashboard.layouts.marks import Component
from dashboard.reader import Reader


def awaited_chip(reader: Reader, one: PendingView) -> Component:
    """Say that an orange value waits for a new measure, and until when."""
    said = say_pending(one, reader.item(one.item), reader.say, reader.time)
    return html.Span(said, className="chip chip-open awaited")
