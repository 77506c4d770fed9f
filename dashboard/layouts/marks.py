"""Small pieces that every page uses: a level said by colour, word and shape; facts; cards."""

from typing import Any

from dash import html

from dashboard.reader import Reader
from identity.words import say_phone
from scoring.level import Level

Component = Any
"""A Dash component, or text; Dash publishes no narrower type."""

HIDDEN: dict[str, Any] = {"aria-hidden": "true"}


def attributes(named: dict[str, str]) -> dict[str, Any]:
    """Return `aria-…` and `data-…` attributes in the loose type that Dash's signatures ask for."""
    return dict(named)


def shape(level: Level) -> Component:
    """Return the shape of a level: octagon, triangle, square or disc, as on every page."""
    return html.Span(className=f"shape shape-{level.code}", **HIDDEN)


def level_badge(reader: Reader, level: Level) -> Component:
    """Return a level by colour, shape and word."""
    return html.Span(
        [shape(level), html.Span(reader.level(level))], className=f"badge badge-{level.code}"
    )


def fact(name: str, value: Component) -> Component:
    """Return one named value of a list of facts."""
    return html.Div([html.Dt(name), html.Dd(value)], className="fact")


def card(title: str, body: Component, *, identifier: str, note: Component = None) -> Component:
    """Return a titled section of a page."""
    head = html.Div([html.H2(title, id=f"{identifier}-title"), note], className="card-head")
    return html.Section(
        [head, html.Div(body, className="card-body", id=identifier)],
        className="card",
        **attributes({"aria-labelledby": f"{identifier}-title"}),
    )


def phone_link(number: str | None, reader: Reader) -> Component:
    """Return a telephone number that can be dialled from the page."""
    if not number:
        return html.Span(reader.say("no phone number"), className="soft")
    return html.A(say_phone(number), href=f"tel:{number.replace(' ', '')}", className="phone")


def act_button(
    said: str,
    act: str,
    on: str,
    *,
    name: str = "",
    level: str = "",
    look: str = "button second",
) -> Component:
    """Return a button that puts what it does into CLICK; `name` says of what, for the ear."""
    label = {"aria-label": f"{said}: {name}"} if name else {}
    return html.Button(
        said,
        className=look,
        type="button",
        **attributes({"data-act": act, "data-on": on, "data-level": level, **label}),
    )


def notice(level: str, text: Component, **more: Any) -> Component:
    """Return a line that stands out: `red`, `orange`, `green` or `info`."""
    return html.Div(text, className=f"notice notice-{level}", **more)


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


def proposed(reader: Reader) -> Component:
    """Return the words that must stand wherever a limit is shown."""
    text = reader.say("Proposed setting, to be validated by a physician")
    return html.P(text, className="proposed")
