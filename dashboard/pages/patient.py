"""One patient's page in motion."""

from datetime import timedelta
from typing import Any

from dash import Input, Output, ctx
from dash.exceptions import PreventUpdate

from alerts import service as alerts
from coordination import service as coordination
from coordination.inclusion.ending_service import died_on
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.settings import settings
from dashboard.callbacks import patient_callback
from dashboard.figures.vitals import ChartOptions, vitals_figure
from dashboard.ids import PATIENT_IN_HAND
from dashboard.layouts.alert_card import alert_cards
from dashboard.layouts.chart_words import chart_sentence
from dashboard.layouts.circle import circle_card
from dashboard.layouts.patient import answers_card, identity_strip, latest_card
from dashboard.layouts.plan_card import plan_card
from dashboard.layouts.reach_card import reach_card
from dashboard.layouts.risk import risk_section
from dashboard.pages.reading import holds, reader_of, stamp
from dashboard.reader import Reader
from dashboard.service import read_patient, read_reach
from identity.people import SignedIn
from questionnaires.answers_shown_service import answers_page
from questionnaires.plans.reading_service import plan_page
from scoring.item import MeasuredItem
from scoring.level import Level

LAST_ANSWERS = 3
CHART_TICKS = 6
FRESH = (Input("tick", "data"), Input("ask", "data"), Input("acted", "data"))
HERE = Input(PATIENT_IN_HAND, "data")


@patient_callback(
    Permission.ALERTS_READ,
    Output("patient-identity", "children"),
    Output("patient-alerts", "children"),
    Output("patient-latest", "children"),
    Output("read", "data", allow_duplicate=True),
    HERE,
    *FRESH,
    prevent_initial_call="initial_duplicate",
)
def show_patient(who: SignedIn, care: CareContext, *_fresh: Any) -> tuple[Any, ...]:
    """Read who the patient is and what must be answered."""
    view = read_patient(care)
    may_act = holds(who, care, Permission.ALERTS_ACKNOWLEDGE)
    reader = reader_of(who, clock.now())
    strip = None
    if view.traits:
        strip = identity_strip(reader, view.traits, view.summary, view.awaited)
    latest = latest_card(reader, view.summary) if view.summary else None
    beside = [latest, risk_section(reader, view.risk) if view.risk else None]
    title = view.traits.shown_name if view.traits else reader.say("Patient")
    cards = alert_cards(reader, view.alerts, may_act=may_act, base=settings().base_url)
    return strip, cards, beside, stamp(reader, title)


@patient_callback(Permission.ALERTS_READ, Output("patient-reach", "children"), HERE, *FRESH)
def show_reach(who: SignedIn, care: CareContext, *_fresh: Any) -> Any:
    """Read whom to call when the patient must be reached, and what was tried."""
    known, step = read_reach(care)
    reader = reader_of(who, clock.now())
    return reach_card(reader, care.patient, known, step, base=settings().base_url)


@patient_callback(
    Permission.VITALS_READ,
    Output("chart", "figure"),
    Output("chart-words", "children"),
    HERE,
    Input("chart-span", "value"),
    *FRESH,
)
def show_chart(
    who: SignedIn,
    care: CareContext,
    _here: Any,
    span: str,
    tick: dict[str, Any],
    *_fresh: Any,
) -> tuple[Any, str]:
    """Read SpO2 and pulse of the chosen span; of ticks alone only each sixth, once a minute."""
    if ctx.triggered_id == "tick" and tick["number"] % CHART_TICKS:
        raise PreventUpdate
    now = clock.now()
    hours = int(span) if span in ("1", "24", "168") else 24
    chart = alerts.chart(care, now - timedelta(hours=hours), now)
    profile = alerts.watching_profile(care)
    items = [one for one in (profile.items if profile else ()) if isinstance(one, MeasuredItem)]
    reader = reader_of(who, now)
    figure = vitals_figure(chart, items, options=chart_options(reader))
    return figure, chart_sentence(reader, chart)


def chart_options(reader: Reader) -> ChartOptions:
    """Return the words of a chart, and the zone of its times."""
    return ChartOptions(
        locale=reader.locale,
        time_zone=reader.time_zone,
        spo2=f"{reader.item('spo2')} (%)",
        pulse=f"{reader.item('pulse')} ({reader.say('bpm')})",
        doubtful=reader.say("doubtful value"),
        no_value=reader.say("No measurement in this span"),
        limits={
            Level.RED: reader.say("red limit"),
            Level.ORANGE: reader.say("orange limit"),
        },
    )


@patient_callback(
    Permission.ANSWERS_READ, Output("patient-answers", "children"), HERE, Input("acted", "data")
)
def show_answers(who: SignedIn, care: CareContext, *_fresh: Any) -> Any:
    """Read the last questionnaires."""
    answered = answers_page(care).answers[:LAST_ANSWERS]
    reader, base = reader_of(who, clock.now()), settings().base_url
    return answers_card(reader, care.patient, answered, base=base)


@patient_callback(Permission.ANSWERS_READ, Output("patient-plan", "children"), HERE, *FRESH)
def show_plan(who: SignedIn, care: CareContext, *_fresh: Any) -> Any:
    """Read what the patient is asked and did not answer."""
    now = clock.now()
    return plan_card(reader_of(who, now), str(care.patient), plan_page(care, now), died_on(care))


@patient_callback(Permission.CIRCLE_READ, Output("patient-circle", "children"), HERE)
def show_circle(who: SignedIn, care: CareContext, _here: Any) -> Any:
    """Read who is around the patient."""
    now = clock.now()
    live = [member for member in coordination.members(care) if member.is_live(now)]
    return circle_card(reader_of(who, now), live)
