"""What the last 30 days would have called for: counts, instants, and the chart."""

from typing import Any, cast

from dash import dcc, html

from alerts.replaying import Compared, Fired
from dashboard.figures.french import GRAPH_CONFIG
from dashboard.layouts.marks import Component, attributes, card, level_badge
from dashboard.reader import Reader
from scoring.level import Level

MOST_INSTANTS = 60
"""Instants written out, the newest ones; the counts hold all."""


def replay_card(reader: Reader, found: Compared, figure: Any) -> Component:
    """Return what the draft would have called for beside what is in force."""
    say = reader.say
    judged = say(
        "Judged: {readings} values and {answers} questionnaires since {since}.",
        readings=found.readings, answers=found.answers, since=reader.time(found.since),
    )  # fmt: skip
    cut = say("There were more values than one look holds: only the newest were judged.")
    calls = len(found.draft.fired)
    total = say("The draft would have called {count} times, {live} times what is in force.",
                count=calls, live=len(found.live.fired))  # fmt: skip
    body: list[Component] = [
        html.P(html.Strong(say("Nothing would have called.") if found.silent else total)),
        html.P(judged, className="soft small"),
        html.P(cut, className="error") if found.cut else None,
        _counts(reader, found),
        dcc.Graph(
            figure=figure, config=cast(Any, GRAPH_CONFIG[reader.locale]), className="graph",
            id="rx-chart",
        ),
        _instants(reader, found.draft.fired),
    ]  # fmt: skip
    return card(say("The last 30 days"), body, identifier="rx-replay")


def _counts(reader: Reader, found: Compared) -> Component:
    draft, live = found.draft.counts(), found.live.counts()
    keys = sorted({*draft, *live}, key=lambda key: (key[0], -key[1]))
    if not keys:
        return None
    say = reader.say
    titles = (say("What"), say("Level"), say("Draft"), say("In force"))
    head = html.Tr([html.Th(text, scope="col") for text in titles])
    lines = [
        html.Tr(
            [
                html.Td(reader.item(item)),
                html.Td(level_badge(reader, level)),
                html.Td(str(draft.get((item, level), 0))),
                html.Td(str(live.get((item, level), 0))),
            ]
        )
        for item, level in keys
    ]
    caption = say("Alerts of the last 30 days")
    return html.Div(
        html.Table(
            [html.Caption(caption, className="visually-hidden"), html.Thead(head),
             html.Tbody(lines)]
        ),
        className="rx-counts",
        tabIndex="0",
        role="region",
        **attributes({"aria-label": caption}),
    )  # fmt: skip


def _instants(reader: Reader, fired: tuple[Fired, ...]) -> Component:
    if not fired:
        return None
    lines = [_instant(reader, one) for one in reversed(fired[-MOST_INSTANTS:])]
    return html.Details(
        [html.Summary(reader.say("When it would have called")), html.Ol(lines, className="plain")]
    )


def _instant(reader: Reader, one: Fired) -> Component:
    value = reader.value(one.item, one.value, None, None) if one.value is not None else ""
    worse = reader.say("worsened to red") if one.worsened and one.level is Level.RED else ""
    parts = (reader.time(one.at), reader.item(one.item), value, reader.level(one.level), worse)
    return html.Li(" · ".join(part for part in parts if part))
