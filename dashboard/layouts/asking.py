"""The talk around an alert on its card, and the dialog in which a question is written."""

from collections.abc import Sequence

from dash import dcc, html
from dash_mantine_components import Modal, Textarea

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


def asking_dialog(reader: Reader) -> Component:
    """Return the dialog that asks a question; it stands apart so that no refresh empties it."""
    return Modal(
        [
            dcc.Store(id="asking-alert"),
            html.P(id="asking-about", className="closing-about"),
            Textarea(
                id="asking-words",
                label=reader.say("Your question"),
                description=reader.say("Stands on top of the alert's page; part of the record"),
                autosize=True,
                minRows=2,
                maxRows=6,
                value="",
                debounce=False,
            ),
            html.Div(id="asking-error", role="alert", className="error"),
            html.Div(
                [
                    html.Button(
                        reader.say("Send the question"), id="asking-confirm", className="button",
                        type="button",
                    ),
                    html.Button(
                        reader.say("Go back"), id="asking-cancel", className="button second",
                        type="button",
                    ),
                ],
                className="buttons",
            ),
        ],
        id="asking",
        title=reader.say("Ask a question about this alert"),
        opened=False,
        transitionProps={"duration": 0},
        centered=True,
        size="lg",
        closeButtonProps={"aria-label": reader.say("Go back")},
    )  # fmt: skip
