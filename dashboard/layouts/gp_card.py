"""When a patient's GP and home nurse are called: only if they accepted, in the hours they gave."""

from collections.abc import Sequence

from dash import html

from alerts.store.week import GpRow
from core.opening import parse_opening, say_opening
from dashboard.layouts.dialogs import choice, dialog
from dashboard.layouts.marks import Component, act_button, card
from dashboard.layouts.rota_dialogs import A_TIME, line, weekdays
from dashboard.reader import Reader

AGREED_LABELS = {"yes": "He accepts to be called, in these hours", "no": "He is not called"}


def gp_card(reader: Reader, patient: str, found: Sequence[GpRow], *, may_change: bool) -> Component:
    """Return in which hours GP and home nurse are called, or who is in the place of a GP."""
    lines = [html.Li(_line(reader, one), key=f"{one.kind} {one.person}") for one in found]
    nothing = html.P(reader.say("No GP in the care circle: his step is passed by."))
    parts: list[Component] = [html.Ul(lines, className="plain")] if lines else []
    if all(one.kind == "home_nurse" for one in found):
        parts.insert(0, nothing)
    if may_change:
        parts.append(act_button(reader.say("Change when he is called"), "gp-change", patient))
    return card(reader.say("Calls to the GP and the home nurse"), parts, identifier="gp-card")


def _line(reader: Reader, one: GpRow) -> list[Component]:
    if one.kind == "without":
        instead = (
            reader.say(
                "In his place: {name}, from {hours}.", name=one.name, hours=_hours(reader, one)
            )
            if one.person
            else reader.say("Nobody is named in his place: his step is passed by.")
        )
        return [html.Strong(reader.say("No GP")), html.Span(instead, className="block")]
    if one.kind == "home_nurse":
        return [
            html.Strong(reader.say("{name}, home nurse", name=one.name)),
            _of_nurse(reader, one),
        ]
    said = (
        reader.say("Called from {hours}, never on public holidays.", hours=_hours(reader, one))
        if one.hours
        else reader.say("Has not accepted to be called: his step is passed by.")
    )
    return [html.Strong(one.name), html.Span(said, className="block")]


def _of_nurse(reader: Reader, one: GpRow) -> Component:
    said = (
        reader.say(
            "Called from {hours}, by a ladder that has this step.", hours=_hours(reader, one)
        )
        if one.hours
        else reader.say("Has not accepted to be called.")
    )
    return html.Span(said, className="block")


def _hours(reader: Reader, one: GpRow) -> str:
    return say_opening(parse_opening(one.hours or ""), reader.locale)


def gp_dialog(reader: Reader) -> Component:
    """Return the dialog in which the hours of a GP are written; whom comes when it is opened."""
    about = "An alert calls a GP or a home nurse only if they accepted, in the hours they gave."
    fields = [
        html.P(reader.say(about), className="soft"),
        choice(reader, "gp-who", "Who is called", "Choose who is called", []),
        choice(reader, "gp-agreed", "His agreement", "Choose whether he accepts",
               list(AGREED_LABELS.items())),
        weekdays(reader, "gp-weekdays", "The days on which he is called"),
        line(reader, "gp-starts", "Called from", A_TIME),
        line(reader, "gp-ends", "Called until", A_TIME),
    ]  # fmt: skip
    return dialog(reader, "gp", "Who is called, and when", "Save the hours", fields)
