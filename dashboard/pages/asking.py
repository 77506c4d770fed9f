"""What a nurse asks about an alert, and the page's answer to it."""

from typing import Any, assert_never
from uuid import UUID

from dash import Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from alerts import service as alerts
from alerts.talking import WORDS_REFUSED_SENTENCES, Kind, WordsRefused
from alerts.views import AlertPage, NotFound
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.ids import new_id
from dashboard.callbacks import patient_callback
from dashboard.ids import CLICK
from dashboard.layouts.alert_card import why
from dashboard.layouts.marks import notice
from dashboard.pages.reading import clicked, reader_of
from identity.people import SignedIn


@patient_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("asking", "opened", allow_duplicate=True),
    Output("asking-alert", "data"),
    Output("asking-about", "children"),
    Output("asking-words", "value"),
    Output("asking-error", "children", allow_duplicate=True),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_to_ask(who: SignedIn, care: CareContext, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog for one alert, empty, with a key that sends its question once."""
    _, alert = clicked(click, "ask")
    page = alerts.alert_page(care, alert)
    now = clock.now()
    reader = reader_of(who, now)
    about = reader.say("There is no such alert any more.")
    if isinstance(page, AlertPage):
        about = why(reader, page)
    return True, {"alert": str(alert), "key": str(new_id(now))}, about, "", ""


@patient_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("act-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Output("asking", "opened", allow_duplicate=True),
    Output("asking-error", "children", allow_duplicate=True),
    Input("asking-confirm", "n_clicks"),
    State("asking-alert", "data"),
    State("asking-words", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def ask(
    who: SignedIn,
    care: CareContext,
    clicks: int | None,
    asking: dict[str, str],
    words: str | None,
    acted: int,
) -> tuple[Any, ...]:
    """Ask the question of the dialog; without words the dialog stays and says so."""
    if not clicks:
        raise PreventUpdate
    reader = reader_of(who, clock.now())
    result = alerts.say(care, UUID(asking["alert"]), Kind.QUESTION, words or "", key=asking["key"])
    match result:
        case WordsRefused():
            return no_update, no_update, True, reader.say(WORDS_REFUSED_SENTENCES[result])
        case AlertPage():
            said = reader.say("Question sent at {time}", time=reader.time(reader.now))
            return notice("green", f"{why(reader, result)} · {said}"), acted + 1, False, ""
        case NotFound():
            gone = notice("orange", reader.say("There is no such alert any more."))
            return gone, acted + 1, False, ""
        case _:
            assert_never(result)
