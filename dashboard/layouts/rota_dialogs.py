"""The dialogs of the rota: a shift, its end, leave, a swap. They stand apart from the week, so that
no refresh of the page empties what was written.
"""

from typing import Any

from dash import html
from dash_mantine_components import Checkbox, CheckboxGroup, TextInput

from alerts.page_words import rung_label
from alerts.rota.rota import Duty, OnHolidays
from dashboard.layouts.dialogs import choice, dialog
from dashboard.layouts.marks import Component
from dashboard.layouts.rota_plan import weekday_name
from dashboard.reader import Reader

HOLIDAY_CHOICE_LABELS = {
    OnHolidays.AS_USUAL: "As on other days",
    OnHolidays.OFF: "Not worked",
    OnHolidays.ONLY: "Worked on public holidays alone",
}
A_TIME = "For example 8 h or 08:30"
A_DAY = "Day, month and year: 23/11/2026"


def shift_dialog(reader: Reader) -> Component:
    """Return the dialog that adds or changes a shift."""
    fields = [
        choice(reader, "shift-person", "Who", "Choose a person", []),
        choice(
            reader,
            "shift-duty",
            "As what",
            "Choose what for",
            [(duty.value, rung_label(duty)) for duty in Duty],
        ),
        weekdays(reader, "shift-weekdays", "The day on which the shift begins"),
        line(reader, "shift-starts", "Begins at", A_TIME),
        line(reader, "shift-ends", "Ends at", "Not later than the beginning: on the next day"),
        choice(
            reader,
            "shift-holidays",
            "On public holidays",
            "Choose what holds then",
            [(one.value, label) for one, label in HOLIDAY_CHOICE_LABELS.items()],
        ),
        line(reader, "shift-first", "First day", A_DAY),
        line(reader, "shift-last", "Last day (optional)", A_DAY),
    ]
    return dialog(reader, "shift", "A shift, week after week", "Save the shift", fields)


def ending_dialog(reader: Reader) -> Component:
    """Return the dialog that ends a shift."""
    about = "After that day nobody has this shift: what is left open is shown as a gap."
    fields = [html.P(reader.say(about), className="soft"),
              line(reader, "ending-last", "Last day", A_DAY)]  # fmt: skip
    return dialog(reader, "ending", "End this shift", "End the shift", fields)


def leave_dialog(reader: Reader) -> Component:
    """Return the dialog that notes leave."""
    fields = [
        choice(reader, "leave-person", "Who is away", "Choose a person", []),
        line(reader, "leave-first", "First day away", A_DAY),
        line(reader, "leave-last", "Last day away", A_DAY),
        choice(reader, "leave-substitute", "Replaced by", "Choose who replaces", []),
    ]
    return dialog(reader, "leave", "Somebody is away", "Save the leave", fields)


def swap_dialog(reader: Reader) -> Component:
    """Return the dialog that offers a shift of one day to a colleague."""
    about = "Nothing changes before your colleague has accepted."
    fields = [
        html.P(reader.say(about), className="soft"),
        choice(reader, "swap-to", "Colleague asked", "Choose who is asked", []),
    ]
    return dialog(reader, "swap", "Offer this shift to a colleague", "Ask", fields)


def line(reader: Reader, identifier: str, label: str, about: str) -> Component:
    """Return a field of one line."""
    return TextInput(
        id=identifier,
        label=reader.say(label),
        description=reader.say(about),
        value="",
        autoComplete="off",
    )


def weekdays(reader: Reader, identifier: str, about: str) -> Component:
    """Return the seven days of the week, each to be ticked."""
    boxes: list[Any] = [
        Checkbox(label=weekday_name(day, reader.locale), value=str(day)) for day in range(7)
    ]
    return CheckboxGroup(
        html.Div(boxes, className="weekdays"),
        id=identifier,
        label=reader.say("Days of the week"),
        description=reader.say(about),
        value=[],
    )
