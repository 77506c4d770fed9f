"""What a nurse does with an alert, and the page's answer to it."""

from typing import Any, Final, assert_never
from uuid import UUID

from dash import Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from alerts import service as alerts
from alerts.acts import Close, Own, PersonAct, See, Wake
from alerts.outcomes import OFFERED, OUTCOME_LABELS, Outcome
from alerts.refusals import Refused
from alerts.views import AlertPage, NotFound, Shown
from core import clock
from core.access import Permission
from core.doors import CareContext
from dashboard.callbacks import patient_callback
from dashboard.ids import CLICK
from dashboard.layouts.alert_card import why
from dashboard.layouts.marks import Component, notice
from dashboard.pages.reading import clicked, reader_of
from dashboard.reader import Reader
from identity.people import SignedIn

AT_ONCE: Final[dict[str, tuple[type[Own | See | Wake], str]]] = {
    "own": (Own, "Taken in charge by {name} at {time}"),
    "see": (See, "Seen by {name} at {time}"),
    "wake": (Wake, "Woken by {name} at {time}"),
}
"""Acts that ask nothing more, and what is said once they are done."""


@patient_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("act-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Input(CLICK, "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def act_at_once(
    who: SignedIn, care: CareContext, click: dict[str, str], acted: int
) -> tuple[Component, int]:
    """Take an alert in charge, note that it was seen, wake it, or have it back in one's queue."""
    kind, alert = clicked(click, *AT_ONCE, "back")
    if kind == "back":
        return _take_back(who, care, alert), acted + 1
    act, done = AT_ONCE[kind]
    shown = alerts.shown_of(click.get("level", ""))
    return answer(who, care, alert, act(by=who.person), done, shown), acted + 1


def _take_back(who: SignedIn, care: CareContext, alert: UUID) -> Component:
    page, reader = alerts.take_back(care, alert), reader_of(who, clock.now())
    if isinstance(page, NotFound):
        return notice("orange", reader.say("There is no such alert any more."))
    return notice("green", f"{why(reader, page)} · {reader.say('In your queue again')}")


@patient_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("closing", "opened", allow_duplicate=True),
    Output("closing-alert", "data"),
    Output("closing-about", "children"),
    Output("closing-outcome", "value"),
    Output("closing-note", "value"),
    Output("closing-error", "children", allow_duplicate=True),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_to_close(who: SignedIn, care: CareContext, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog for one alert, empty."""
    _, alert = clicked(click, "close")
    page = alerts.alert_page(care, alert)
    reader = reader_of(who, clock.now())
    about, level = reader.say("There is no such alert any more."), ""
    if isinstance(page, AlertPage):
        about, level = why(reader, page), page.line.shown_as
    return True, {"alert": str(alert), "level": level}, about, None, "", ""


@patient_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("act-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Output("closing", "opened", allow_duplicate=True),
    Output("closing-error", "children", allow_duplicate=True),
    Input("closing-confirm", "n_clicks"),
    State("closing-alert", "data"),
    State("closing-outcome", "value"),
    State("closing-note", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def close(
    who: SignedIn,
    care: CareContext,
    clicks: int | None,
    closing: dict[str, str],
    outcome: str | None,
    note: str | None,
    acted: int,
) -> tuple[Any, ...]:
    """Close the alert of the dialog; without an outcome the dialog stays and says so."""
    if not clicks:
        raise PreventUpdate
    reader = reader_of(who, clock.now())
    if outcome not in OFFERED:
        return no_update, no_update, True, reader.say("Choose an outcome: it is needed to close.")
    chosen = Outcome(str(outcome))
    act = Close(by=who.person, outcome=chosen, note=(note or "").strip())
    done = f"{reader.say(OUTCOME_LABELS[chosen])} · {reader.say('closed by {name} at {time}')}"
    known = alerts.shown_of(closing["level"])
    said = answer(who, care, UUID(closing["alert"]), act, done, known)
    return said, acted + 1, False, ""


def answer(
    who: SignedIn, care: CareContext, alert: UUID, act: PersonAct, done: str, shown: Shown | None
) -> Component:
    """Do an act and return what the page says of it."""
    result = alerts.act(care, alert, act, shown=shown)
    reader = reader_of(who, clock.now())
    match result:
        case AlertPage():
            said = reader.say(done, name=who.name, time=reader.time(reader.now))
            return notice("green", f"{why(reader, result)} · {said}")
        case Refused():
            return notice("orange", refusal(reader, care, alert, result))
        case NotFound():
            return notice("orange", reader.say("There is no such alert any more."))
        case _:
            assert_never(result)


def refusal(reader: Reader, care: CareContext, alert: UUID, refused: Refused) -> str:
    page = alerts.alert_page(care, alert)
    names = page.names if isinstance(page, AlertPage) else {}
    person = names.get(refused.by) if refused.by else None
    said = reader.say(
        refused.sentence,
        person=person or reader.say("somebody else"),
        time=reader.time(refused.at) if refused.at else "",
    )
    return f"{said} {reader.say('Nothing was changed by you.')}"
