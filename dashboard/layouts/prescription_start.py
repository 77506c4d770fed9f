"""What the form of a prescription may begin from."""

from collections.abc import Sequence

from dash import html

from alerts.prescription_form_service import Template
from alerts.prescription_service import Version
from dashboard.layouts.marks import Component
from dashboard.layouts.prescription import act_button
from dashboard.reader import Reader


def start(reader: Reader, templates: Sequence[Template], live: Version) -> Component:
    """Return the buttons that fill the form anew; nothing is kept before something is changed."""
    say = reader.say
    about = say("The form is filled anew; your draft is kept until you change something.")
    buttons = [
        act_button(say("What is in force"), "rx_live", live.id, about=say("Begin from")),
        *(
            act_button(say(one.title), "rx_template", live.id, about=say("Begin from"),
                       level=one.name)
            for one in templates
        ),
    ]  # fmt: skip
    return html.Details(
        [
            html.Summary(say("Begin from…")),
            html.P(about, className="soft small"),
            html.Div(buttons, className="buttons"),
        ],
        className="rx-start",
    )
