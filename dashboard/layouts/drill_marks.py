"""The words that stand wherever an alert of an exercise is shown."""

from dash import html

from alerts.views import QueueRow
from dashboard.layouts.marks import Component
from dashboard.reader import Reader


def drill_chip(reader: Reader) -> Component:
    """Return the word that stands wherever an alert of an exercise is named."""
    return html.Strong(reader.say("EXERCISE"), className="chip chip-drill")


def row_chips(reader: Reader, row: QueueRow) -> list[Component]:
    """Return the word for a line of the queue; nothing where all is real."""
    told = row.summary.of_drill or any(alert.drill for alert in row.alerts)
    return [drill_chip(reader)] if told else []


def counted_apart(reader: Reader, records: int) -> Component:
    """Return what the head of the queue says of records whose alerts it does not count."""
    if not records:
        return None
    text = reader.say("Records for exercises, counted apart: {count}", count=records)
    return html.Span(text, className="small")


def drill_words(reader: Reader) -> Component:
    """Return what an alert of an exercise says of itself, before anything else."""
    about = reader.say(
        "This alert is an exercise on a fictitious record: nobody is ill. Answer it as any other, "
        "but call nobody outside the team, not 15 either."
    )
    return html.P([drill_chip(reader), " ", about], className="notice notice-info")
