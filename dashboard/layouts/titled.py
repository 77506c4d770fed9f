"""A table that stands as one card a line on a phone, each value with its title."""

from dash import html

from dashboard.layouts.marks import Component, attributes


def titled_table(title: str, titles: list[str], rows: list[list[str]]) -> Component:
    """Return a table; the first of a row names it, the others are under their titles."""
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in titles]))
    body = [
        html.Tr([html.Th(first, scope="row"), *map(_cell, titles[1:], rest)])
        for first, *rest in rows
    ]
    caption = html.Caption(title, className="visually-hidden")
    table = html.Table([caption, head, html.Tbody(body)], className="stacks titled")
    named = attributes({"aria-label": title})
    return html.Div(table, className="scroll", tabIndex="0", role="region", **named)


def _cell(title: str, text: str) -> Component:
    """Return a cell that says what it is where the lines stand one below the other."""
    return html.Td(text, **attributes({"data-title": title}))
