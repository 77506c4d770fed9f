"""The dialogs of an alert: closing it, asking about it, putting it to sleep, giving it away.

They stand apart from the alert, so that no refresh of the page empties what was written.
"""

from typing import Any, Final

from dash import dcc, html
from dash_mantine_components import Modal, Select, Textarea

from alerts.outcomes import OFFERED
from alerts.page_words import SLEEP_REASONS
from dashboard.layouts.marks import Component
from dashboard.reader import Reader

SHARED: Final = "Shared with the care circle"
WHOM: Final = (
    ("team", "The whole team"),
    ("me", "Me alone"),
)
"""For whom an alert is put to sleep, with how the dialog says it."""
WHAT_IT_IS: Final = (
    "For the team nobody is called until then. For me alone it leaves my queue and the calls go on."
)


def closing_dialog(reader: Reader) -> Component:
    """Return the dialog that closes an alert with a coded outcome."""
    fields = [
        choice(
            reader,
            "closing-outcome",
            "Outcome",
            "Choose what was done or found",
            [(outcome.value, label) for outcome, label in OFFERED.items()],
        ),
        text_field(reader, "closing-note", "Note (optional)", SHARED),
    ]
    return dialog(reader, "closing", "Close this alert", "Close the alert", fields)


def asking_dialog(reader: Reader) -> Component:
    """Return the dialog in which a question about an alert is written."""
    about = "Stands on top of the alert's page; part of the record"
    words_of_it = text_field(reader, "asking-words", "Your question", about)
    title = "Ask a question about this alert"
    return dialog(reader, "asking", title, "Send the question", [words_of_it])


def sleeping_dialog(reader: Reader) -> Component:
    """Return the dialog that puts an alert to sleep, for the team or for oneself.

    How long it may is filled in when it is opened.
    """
    fields = [
        choice(reader, "sleeping-whom", "For whom", "Choose who it is quiet for", list(WHOM)),
        html.P(reader.say(WHAT_IT_IS), className="soft"),
        html.P(id="sleeping-limit", className="soft"),
        choice(reader, "sleeping-minutes", "For how long", "Choose a time", []),
        choice(
            reader,
            "sleeping-reason",
            "Reason",
            "Choose why it may wait",
            [(reason.value, label) for reason, label in SLEEP_REASONS.items()],
        ),
        text_field(reader, "sleeping-note", "Note (optional)", SHARED),
    ]
    return dialog(reader, "sleeping", "Put this alert to sleep", "Put to sleep", fields)


def giving_dialog(reader: Reader) -> Component:
    """Return the dialog that gives an alert to a colleague; who may be chosen comes when opened."""
    about = "The calls go on until your colleague takes it in charge."
    fields = [
        html.P(reader.say(about), className="soft"),
        choice(reader, "giving-to", "Colleague", "Choose a colleague", []),
    ]
    return dialog(reader, "giving", "Give this alert to a colleague", "Give", fields)


def dialog(
    reader: Reader, name: str, title: str, confirm: str, fields: list[Component]
) -> Component:
    """Return a dialog; whatever `<name>-cancel` closes without saving is left as it was."""
    buttons = [
        html.Button(reader.say(confirm), id=f"{name}-confirm", className="button", type="button"),
        html.Button(
            reader.say("Go back"), id=f"{name}-cancel", className="button second", type="button"
        ),
    ]
    body = [
        dcc.Store(id=f"{name}-alert"),
        html.P(id=f"{name}-about", className="closing-about"),
        *fields,
        html.Div(id=f"{name}-error", role="alert", className="error"),
        html.Div(buttons, className="buttons"),
    ]
    return Modal(
        body,
        id=name,
        title=reader.say(title),
        opened=False,
        transitionProps={"duration": 0},
        centered=True,
        size="lg",
        closeButtonProps={"aria-label": reader.say("Go back")},
    )


def choice(
    reader: Reader, identifier: str, label: str, empty: str, choices: list[tuple[str, str]]
) -> Component:
    """Return a list of which one is chosen; `choices` are values with their msgid."""
    data: Any = [{"value": value, "label": reader.say(text)} for value, text in choices]
    return Select(
        id=identifier,
        label=reader.say(label),
        placeholder=reader.say(empty),
        data=data,
        maxDropdownHeight=340,
        comboboxProps={"withinPortal": True},
    )


def text_field(reader: Reader, identifier: str, label: str, about: str) -> Component:
    """Return a field of several lines."""
    return Textarea(
        id=identifier,
        label=reader.say(label),
        description=reader.say(about),
        autosize=True,
        minRows=3,
        maxRows=8,
        value="",
        debounce=False,
    )
