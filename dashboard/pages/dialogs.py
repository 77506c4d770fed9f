"""Putting an alert to sleep, and giving it to a colleague: the dialogs and what they do."""

from datetime import timedelta
from typing import Any, Final, assert_never
from uuid import UUID

from dash import Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from alerts import service as alerts
from alerts.acts import Assign, Snooze
from alerts.alert import SleepReason
from alerts.aside import SetAside
from alerts.page_words import SLEEP_REASONS
from alerts.refusals import Refused
from alerts.sleeping import LONGEST_ORANGE, LONGEST_RED
from alerts.views import AlertPage, NotFound
from core import clock
from core.access import Permission
from core.doors import CareContext
from dashboard.callbacks import patient_callback
from dashboard.ids import CLICK
from dashboard.layouts.alert_card import why
from dashboard.layouts.marks import notice
from dashboard.pages.acts import refusal
from dashboard.pages.reading import clicked, reader_of
from dashboard.reader import Reader
from identity.people import SignedIn
from identity.words import role_label
from scoring.level import LEVEL_BY_CODE, Level

MINUTES: Final = {Level.ORANGE: (30, 60, 120, 240, 480, 1440), Level.RED: (5, 10, 15, 30)}
"""How long an alert may be put to sleep, in minutes, by its level."""
LIMITS: Final = {
    Level.ORANGE: (LONGEST_ORANGE, "An orange alert sleeps for {span} at most (proposed)."),
    Level.RED: (LONGEST_RED, "A red alert sleeps for {span} in all at most (proposed)."),
}


@patient_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("sleeping", "opened", allow_duplicate=True),
    Output("sleeping-alert", "data"),
    Output("sleeping-about", "children"),
    Output("sleeping-whom", "value"),
    Output("sleeping-limit", "children"),
    Output("sleeping-minutes", "data"),
    Output("sleeping-minutes", "value"),
    Output("sleeping-reason", "value"),
    Output("sleeping-note", "value"),
    Output("sleeping-error", "children", allow_duplicate=True),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_to_sleep(who: SignedIn, care: CareContext, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog for one alert, empty, with the times that its level allows."""
    _, alert = clicked(click, "sleep")
    page = alerts.alert_page(care, alert)
    reader = reader_of(who, clock.now())
    if not isinstance(page, AlertPage):
        gone = reader.say("There is no such alert any more.")
        return True, {"alert": str(alert), "level": ""}, gone, "team", "", [], None, None, "", ""
    level = page.line.level
    longest, text = LIMITS[level]
    times = [{"value": str(m), "label": span_of(reader, m)} for m in MINUTES[level]]
    limit = reader.say(text, span=span_of(reader, int(longest.total_seconds() // 60)))
    held = {"alert": str(alert), "level": level.code, "shown": page.line.shown_as}
    return True, held, why(reader, page), "team", limit, times, None, None, "", ""


def span_of(reader: Reader, minutes: int) -> str:
    """Return « 30 min » or « 2 h »."""
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"


@patient_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("act-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Output("sleeping", "opened", allow_duplicate=True),
    Output("sleeping-error", "children", allow_duplicate=True),
    Input("sleeping-confirm", "n_clicks"),
    State("sleeping-alert", "data"),
    State("sleeping-whom", "value"),
    State("sleeping-minutes", "value"),
    State("sleeping-reason", "value"),
    State("sleeping-note", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def put_to_sleep(
    who: SignedIn,
    care: CareContext,
    clicks: int | None,
    held: dict[str, str],
    whom: str | None,
    minutes: str | None,
    reason: str | None,
    note: str | None,
    acted: int,
) -> tuple[Any, ...]:
    """Put the alert of the dialog to sleep, or aside; refused, the dialog stays and says why."""
    if not clicks:
        raise PreventUpdate
    reader, level = reader_of(who, clock.now()), LEVEL_BY_CODE.get(held["level"])
    if minutes not in {str(m) for m in MINUTES.get(level or Level.RED, ())}:
        return _stays(reader.say("Choose for how long: no alert sleeps for ever."))
    if reason not in SLEEP_REASONS:
        return _stays(reader.say("Choose a reason: your colleagues see it."))
    until = reader.now + timedelta(minutes=int(str(minutes)))
    said, why_so, alert = (note or "").strip(), SleepReason(str(reason)), UUID(held["alert"])
    shown = alerts.shown_of(held.get("shown", ""))
    if whom == "me":
        aside = SetAside(by=who.person, until=until, reason=why_so, note=said)
        done = reader.say("asleep for you until {time}", time=reader.time(until))
        result = alerts.put_aside(care, alert, aside, shown=shown)
    else:
        act = Snooze(by=who.person, until=until, reason=why_so, note=said)
        done = reader.say("put to sleep until {time}", time=reader.time(until))
        result = alerts.act(care, alert, act, shown=shown)
    return _acted(reader, care, alert, result, done=done, acted=acted)


def _stays(sentence: str) -> tuple[Any, ...]:
    """Leave the dialog open, with what was written, and say what is wrong."""
    return no_update, no_update, True, sentence


def _acted(
    reader: Reader,
    care: CareContext,
    alert: UUID,
    result: AlertPage | Refused | NotFound,
    *,
    done: str,
    acted: int,
) -> tuple[Any, ...]:
    """Say what a dialog did and close it; refused, it stays as it was and says why."""
    match result:
        case AlertPage():
            return notice("green", f"{why(reader, result)} · {done}"), acted + 1, False, ""
        case Refused():
            return _stays(refusal(reader, care, alert, result))
        case NotFound():
            return _stays(reader.say("There is no such alert any more."))
        case _:
            assert_never(result)


@patient_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("giving", "opened", allow_duplicate=True),
    Output("giving-alert", "data"),
    Output("giving-about", "children"),
    Output("giving-to", "data"),
    Output("giving-to", "value"),
    Output("giving-error", "children", allow_duplicate=True),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_to_give(who: SignedIn, care: CareContext, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog for one alert with whom it may be given to, the giver left out."""
    _, alert = clicked(click, "give")
    page = alerts.alert_page(care, alert)
    reader = reader_of(who, clock.now())
    held = {"alert": str(alert)}
    if not isinstance(page, AlertPage):
        return True, held, reader.say("There is no such alert any more."), [], None, ""
    others = [one for one in alerts.answerers(care) if one.person != who.person]
    names = [
        {"value": str(one.person), "label": f"{one.name} · {reader.say(role_label(one.role))}"}
        for one in others
    ]
    alone = "" if names else reader.say("Nobody else can answer this alert.")
    return True, held, why(reader, page), names, None, alone


@patient_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("act-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Output("giving", "opened", allow_duplicate=True),
    Output("giving-error", "children", allow_duplicate=True),
    Input("giving-confirm", "n_clicks"),
    State("giving-alert", "data"),
    State("giving-to", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def give(
    who: SignedIn,
    care: CareContext,
    clicks: int | None,
    held: dict[str, str],
    to: str | None,
    acted: int,
) -> tuple[Any, ...]:
    """Give the alert of the dialog to a colleague; the escalation goes on until he takes it."""
    if not clicks:
        raise PreventUpdate
    reader, alert = reader_of(who, clock.now()), UUID(held["alert"])
    chosen = next((one for one in alerts.answerers(care) if str(one.person) == to), None)
    if chosen is None:
        return _stays(reader.say("Choose a colleague who may answer this alert."))
    result = alerts.act(care, alert, Assign(by=who.person, to=chosen.person))
    done = reader.say("given to {name}, not taken yet", name=chosen.name)
    return _acted(reader, care, alert, result, done=done, acted=acted)
