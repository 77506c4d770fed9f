"""Around the queue: its filters, its search, its pages."""

from dash import dcc, html
from dash_mantine_components import SegmentedControl

from dashboard.layouts.marks import Component, attributes
from dashboard.reader import Reader
from scoring.level import Level

SHOWN_LEVELS = (Level.RED, Level.ORANGE, Level.UNKNOWN, Level.GREEN)


def toolbar(reader: Reader) -> Component:
    levels = [{"label": reader.say("All levels"), "value": "all"}] + [
        {"label": reader.level(level), "value": level.code} for level in SHOWN_LEVELS
    ]
    whose = [
        {"label": reader.say("All alerts"), "value": "all"},
        {"label": reader.say("To take in charge"), "value": "unowned"},
        {"label": reader.say("Mine"), "value": "mine"},
        {"label": reader.say("Asleep for me"), "value": "aside"},
    ]
    return html.Div(
        [
            _choice("queue-level", reader.say("Level"), levels),
            _choice("queue-whose", reader.say("Alerts"), whose),
            html.Label(
                [
                    html.Span(reader.say("Search by name"), className="visually-hidden"),
                    dcc.Input(
                        id="queue-name",
                        type="search",
                        placeholder=reader.say("Search by name"),
                        debounce=0.25,
                        autoComplete="off",
                        value="",
                    ),
                ],
                className="search",
            ),
        ],
        className="toolbar",
        role="search",
    )


def _choice(identifier: str, label: str, options: list[dict[str, str]]) -> Component:
    return html.Div(
        [
            html.Span(label, className="visually-hidden", id=f"{identifier}-label"),
            SegmentedControl(id=identifier, data=options, value="all", className="segmented"),
        ],
        role="group",
        **attributes({"aria-labelledby": f"{identifier}-label"}),
    )


def pager(reader: Reader) -> Component:
    return html.Nav(
        [
            dcc.Store(id="queue-page", data=0),
            html.Button(reader.say("Previous"), id="queue-previous", className="button second"),
            html.Span(id="queue-where"),
            html.Button(reader.say("Next"), id="queue-next", className="button second"),
        ],
        className="pager",
        id="queue-pager",
        **attributes({"aria-label": reader.say("Pages of the queue")}),
    )
