"""The dialogs of exercises: starting one, planning one each month."""

from dash import html

from dashboard.layouts.dialogs import choice, dialog
from dashboard.layouts.marks import Component
from dashboard.layouts.rota_dialogs import A_TIME, line
from dashboard.reader import Reader


def drill_dialog(reader: Reader) -> Component:
    """Return the dialog that starts an exercise."""
    about = "People are really called. The word EXERCISE stands wherever the alert is shown."
    fields = [
        html.P(reader.say(about), className="soft"),
        choice(reader, "drill-record", "Fictitious record", "Choose a record", []),
        choice(reader, "drill-person", "For whom", "Choose for whom it is", []),
    ]
    return dialog(reader, "drill", "Start an exercise", "Start the exercise", fields)


def plan_dialog(reader: Reader) -> Component:
    """Return the dialog that plans an exercise of each month."""
    about = "Whoever is on duty then must answer; a failure is told to the operator."
    fields = [
        html.P(reader.say(about), className="soft"),
        choice(reader, "drillplan-record", "Fictitious record", "Choose a record", []),
        line(reader, "drillplan-day", "Day of the month", "From 1 to 28"),
        line(reader, "drillplan-time", "At what time", A_TIME),
    ]
    return dialog(reader, "drillplan", "An exercise each month", "Save the plan", fields)
