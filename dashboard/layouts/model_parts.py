"""The figure and the tables of the page about the model."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard.layouts import model_words as words
from dashboard.layouts.marks import HIDDEN, Component, attributes
from dashboard.reader import Reader


def bars(reader: Reader, bands: Sequence[Mapping[str, Any]]) -> Component:
    """Return the figure; its numbers stand in the table below, so it is not read aloud."""
    known = [one for one in bands if one["questions"]]
    if not known:
        return None
    lines = []
    for one in known:
        shares = (one["foreseen"] / one["questions"], one["came_true"] / one["questions"])
        pair = [
            html.Div(
                [
                    html.Span(reader.say(label), className="model-bar-name"),
                    html.Span(
                        html.Span(
                            className=f"model-bar {kind}", style={"width": f"{100 * share:.1f}%"}
                        ),
                        className="model-track",
                    ),
                    html.Span(words.percent(reader, share), className="model-bar-share"),
                ],
                className="model-line",
            )
            for label, kind, share in zip(
                ("Foreseen", "Came true"), ("model-foreseen", "model-true"), shares, strict=True
            )
        ]  # fmt: skip
        lines.append(html.Div([html.H3(reader.say(words.BANDS[one["band"]])), *pair]))
    return html.Div(lines, className="model-bars", **HIDDEN)


def table(reader: Reader, caption: str, titles: Sequence[str], lines: list[list[str]]) -> Component:
    """Return a table that is a list of facts on a narrow screen."""
    said = [reader.say(title) for title in titles]
    body = [
        html.Tr(
            [
                html.Th(first, scope="row"),
                *(
                    html.Td(html.Span(each), **attributes({"data-title": title}))
                    for title, each in zip(said[1:], rest, strict=True)
                ),
            ]
        )
        for first, *rest in lines
    ]
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="visually-hidden"),
                html.Thead(html.Tr([html.Th(title, scope="col") for title in said])),
                html.Tbody(body),
            ],
            className="stacks titled",
        ),
        className="scroll",
        tabIndex="0",
        role="region",
        **attributes({"aria-label": caption}),
    )
