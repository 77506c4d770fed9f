"""« Would the last 30 days have called? »: the form as it stands, looked back with."""

from datetime import timedelta
from typing import Any

from dash import Input, Output
from dash.exceptions import PreventUpdate

from alerts import prescription_form_service as forms
from alerts import prescription_service as prescriptions
from alerts import service as alerts
from alerts.edge.library import load_profile
from alerts.prescribed import profile_of
from alerts.prescription import Content
from alerts.replaying import Compared
from alerts.replaying_service import compare
from core import clock
from core.access import Permission
from core.doors import CareContext
from dashboard.callbacks import patient_callback
from dashboard.figures.replay import replay_figure
from dashboard.layouts.marks import Component, notice
from dashboard.layouts.prescription_replay import replay_card
from dashboard.pages.patient import chart_options
from dashboard.pages.prescription_draft import typed_fields
from dashboard.pages.reading import reader_of
from identity.people import SignedIn
from scoring.item import MeasuredItem

SHOWN: timedelta = timedelta(days=30)


@patient_callback(
    Permission.VITALS_READ,
    Output("rx-replayed", "children"),
    Input("rx-replay-ask", "data"),
    prevent_initial_call=True,
)
def look_back(who: SignedIn, care: CareContext, asked: dict[str, Any] | None) -> Component:
    """Judge the last 30 days by what is in the form and by what is in force."""
    fields, _ = typed_fields(asked)
    now = clock.now()
    reader = reader_of(who, now)
    content = forms.read_form(fields)
    if not isinstance(content, Content) or forms.faults_of(content):
        said = reader.say("Mend what is wrong in the form first: it would judge nothing.")
        return notice("orange", said)
    live = prescriptions.prescribed(care).live
    if live is None:
        raise PreventUpdate
    compared = compare(care, content, live.content)
    return replay_card(reader, compared, _figure(who, care, content, compared))


def _figure(who: SignedIn, care: CareContext, content: Content, compared: Compared) -> Any:
    """Return the chart of the 30 days with the draft's limits and what would have called."""
    now = clock.now()
    chart = alerts.chart(care, now - SHOWN, now)
    items = [
        item
        for item in profile_of(content, load_profile(*content.template)).items
        if isinstance(item, MeasuredItem)
    ]
    options = chart_options(reader_of(who, now))
    return replay_figure(chart, items, compared.draft.fired, options=options)
