"""What is wrong in a prescription, in one list; each also stands beside its field."""

from typing import Final

from dash import html

from alerts.prescription import LIMITS, Problem
from alerts.prescription_words import LIMIT_LABELS
from dashboard.layouts.marks import Component
from dashboard.reader import Reader

AROUND_LABELS: Final[dict[str, str]] = {
    "parameters": "Monitoring prescription",
    "template": "Programme",
    "ladder": "Who is called, in which order",
    "service_hours": "Hours of the team",
    "ends_on": "Last day",
    "notice_days": "Tell the team so many days before",
}
"""English msgid of what is about no parameter."""


def faults_list(reader: Reader, problems: tuple[Problem, ...]) -> Component:
    """Return each fault with the name of what it is about, or nothing."""
    if not problems:
        return None
    lines = [
        html.Li([html.Strong(_about(reader, one)), f" · {reader.say(one.sentence)}"])
        for one in problems
    ]
    return html.Div(
        [html.H3(reader.say("To mend before signing")), html.Ul(lines)], className="rx-faults"
    )


def _about(reader: Reader, one: Problem) -> str:
    """Return what a fault is about: « SpO₂ orange bas »."""
    code, _, rest = one.place.partition(".")
    name = reader.say(AROUND_LABELS[code]) if code in AROUND_LABELS else reader.item(code)
    limit = rest.removeprefix("limits.")
    return f"{name} {reader.say(LIMIT_LABELS[limit])}" if limit in LIMITS else name
