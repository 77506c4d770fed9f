"""The talk around an alert, on its card."""

from collections.abc import Sequence

from dash import html

from alerts.talking import Kind, Said
from dashboard.layouts.marks import Component
from dashboard.reader import Reader


def talk(reader: Reader, said: Sequence[Said]) -> Component:
    """Return what was asked and replied, oldest first; nothing while nobody has."""
    if not said:
        return None
    return html.Ol([_said(reader, one) for one in said], className="talk")


def _said(reader: Reader, one: Said) -> Component:
    text = "{name} asks, {time}" if one.kind is Kind.QUESTION else "{name} replies, {time}"
    return html.Li(
        [
            html.Span(
                reader.say(text, name=one.by_name or "", time=reader.time(one.at)),
                className="soft small",
            ),
            html.P(one.words),
        ],
        className=f"talk-{one.kind}",
    )
