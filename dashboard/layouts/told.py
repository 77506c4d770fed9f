"""Who was told of an alert so far, and who is called next, on its card."""

from dash import html

from alerts.page_words import rung_label, say_fate, say_next, say_skip
from alerts.telling import ToldRung
from alerts.views import AlertPage
from dashboard.layouts.marks import Component, attributes
from dashboard.reader import Reader

MOST_RUNGS = 4
"""The last rungs called; all of them stand in the alert's history."""


def told_list(reader: Reader, page: AlertPage) -> Component:
    """Return the last rungs called with what became of each call, and the next one."""
    lines = [html.Li(_rung(reader, rung)) for rung in page.told[-MOST_RUNGS:]]
    following = page.next_call
    if following is not None:
        said = say_next(following, reader.say, reader.time)
        lines.append(html.Li(f"{reader.say('Next call:')} {said}", className="next-call"))
    named = attributes({"aria-label": reader.say("Who was told")})
    return html.Ul(lines, className="told", **named) if lines else None


def _rung(reader: Reader, rung: ToldRung) -> list[Component]:
    people = [
        f"{person.name or ''} ({say_fate(person, reader.say, reader.time)})"
        for person in rung.people
    ]
    return [
        html.Strong(reader.say(rung_label(rung.role))),
        f" {reader.time(rung.at)} · ",
        ", ".join(people) or _nobody(reader, rung),
    ]


def _nobody(reader: Reader, rung: ToldRung) -> str:
    return say_skip(rung.skip, reader.say) if rung.skip else reader.say("nobody could be reached")
