"""What gateways sent that could not be used, until a person has looked at it."""

from dash import html

from dashboard import words
from dashboard.layouts.marks import Component, attributes
from dashboard.reader import Reader
from ingest.quarantine import QuarantineEntry


def quarantine_layout(reader: Reader) -> Component:
    """Return the empty page of the items set aside."""
    about = reader.say(
        "Readings that could not be attributed or read. They are kept; none was used to judge."
    )
    return html.Div(
        [
            html.H1(reader.say("Readings set aside")),
            html.P(about, className="soft"),
            html.Div(id="quarantine-result", role="status"),
            html.Div(
                html.P(reader.say("Loading…"), className="loading", role="status"),
                id="quarantine-list",
            ),
        ]
    )


def quarantine_table(reader: Reader, entries: list[QuarantineEntry]) -> Component:
    """Return the items that nobody has looked at yet, newest first."""
    if not entries:
        return html.Div(html.H2(reader.say("Nothing is set aside.")), className="empty")
    titles = ("Received", "Gateway", "Device", "Reason", "Measured", "")
    head = html.Tr(
        [html.Th(reader.say(text) if text else _hidden(reader), scope="col") for text in titles]
    )
    body = [_line(reader, entry) for entry in entries]
    return html.Div(
        html.Table(
            [html.Caption(reader.say("Readings set aside"), className="visually-hidden"),
             html.Thead(head), html.Tbody(body)]
        ),
        className="card scroll",
        tabIndex="0",
        role="region",
        **attributes({"aria-label": reader.say("Readings set aside")}),
    )  # fmt: skip


def _hidden(reader: Reader) -> Component:
    return html.Span(reader.say("Act"), className="visually-hidden")


def _line(reader: Reader, entry: QuarantineEntry) -> Component:
    reason = reader.say(words.QUARANTINE_REASONS.get(entry.reason, entry.reason))
    named = f"{reader.say('Seen')}: {reason}, {entry.source}"
    button = html.Button(
        reader.say("Seen"),
        className="button second",
        type="button",
        **attributes(
            {
                "data-act": "resolve",
                "data-on": str(entry.id),
                "aria-label": named,
            }
        ),
    )
    return html.Tr(
        [
            html.Td(reader.time(entry.received_at)),
            html.Td(entry.source),
            html.Td(entry.device or "–"),
            html.Td([html.Strong(reason), html.Span(entry.detail, className="soft small block")]),
            html.Td(reader.time(entry.measured_at) if entry.measured_at else "–"),
            html.Td(button),
        ],
        key=str(entry.id),
    )
