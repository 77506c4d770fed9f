"""The words that stand wherever an alert of an exercise is shown."""

from dash import html

from dashboard.layouts.marks import Component
from dashboard.reader import Reader


def drill_chip(reader: Reader) -> Component:
    """Return the word that stands wherever an alert of an exercise is named."""
    return html.Strong(reader.say("EXERCISE"), className="chip chip-drill")


def drill_words(reader: Reader) -> Component:
    """Return what an alert of an exercise says of itself, before anything else."""
    about = reader.say(
        "This alert is an exercise on a fictitious record: nobody is ill. Answer it as any other, "
        "but call nobody outside the team, not 15 either."
    )
    return html.P([drill_chip(reader), " ", about], className="notice notice-info")
