"""The hours of the GP and the home nurse on a patient's page, read and changed."""

from collections.abc import Sequence
from typing import Any

from dash import Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from alerts import gp_service
from alerts import service as alerts
from alerts.rota.written import Unread, read_hours, read_id, unread, written_hours
from alerts.store.week import GpRow
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import CareContext
from core.opening import parse_opening
from dashboard.callbacks import patient_callback
from dashboard.ids import CLICK, PATIENT_IN_HAND
from dashboard.layouts.gp_card import AGREED_LABELS, gp_card
from dashboard.layouts.marks import Component, notice
from dashboard.pages.reading import clicked, reader_of
from dashboard.reader import Reader
from identity.people import SignedIn

INSTEAD = "instead:"
"""Before the id of who is called where there is no GP; nobody's id: nobody is."""
WAITING = ("gp-agreed", "gp-weekdays", "gp-starts", "gp-ends", "gp-confirm")
OPEN = (False,) * len(WAITING)
USUAL_HOURS = "mon-fri 08:00-19:00"
"""What the form proposes. Source: proposed, the opening hours of a practice in town."""


@patient_callback(
    Permission.CIRCLE_READ,
    Output("patient-gp", "children"),
    Input(PATIENT_IN_HAND, "data"),
    Input("acted", "data"),
)
def show_gp(who: SignedIn, care: CareContext, *_fresh: Any) -> Component:
    """Read in which hours the GP and the home nurse are called."""
    may = open_record(who.actor, care.patient, Permission.MONITORING_WRITE)
    reader = reader_of(who, clock.now())
    found = gp_service.gp_rung(care)
    return gp_card(reader, str(care.patient), found, may_change=isinstance(may, CareContext))


@patient_callback(
    Permission.MONITORING_WRITE,
    Output("gp", "opened", allow_duplicate=True),
    Output("gp-who", "data"),
    Output("gp-who", "value"),
    Output("gp-agreed", "value", allow_duplicate=True),
    Output("gp-weekdays", "value", allow_duplicate=True),
    Output("gp-starts", "value", allow_duplicate=True),
    Output("gp-ends", "value", allow_duplicate=True),
    Output("gp-error", "children", allow_duplicate=True),
    *(Output(field, "disabled", allow_duplicate=True) for field in WAITING),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_gp(who: SignedIn, care: CareContext, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog with GPs and home nurses; without a GP, with who may be in his place."""
    clicked(click, "gp-change")
    reader = reader_of(who, clock.now())
    found = gp_service.gp_rung(care)
    gps = [one for one in found if one.kind == "gp"]
    data = [{"value": str(one.person), "label": str(one.name)} for one in gps]
    chosen = data[0]["value"] if data else None
    first = next((one for one in found if one.kind != "home_nurse"), None)
    if not gps:
        data = _instead(reader, care)
        chosen = f"{INSTEAD}{first.person or ''}" if first else None
    nurses = [
        {"value": str(one.person), "label": reader.say("{name}, home nurse", name=one.name)}
        for one in found
        if one.kind == "home_nurse"
    ]
    return True, [*data, *nurses], chosen, *_written(found, chosen), "", *OPEN


@patient_callback(
    Permission.MONITORING_WRITE,
    Output("gp-agreed", "value", allow_duplicate=True),
    Output("gp-weekdays", "value", allow_duplicate=True),
    Output("gp-starts", "value", allow_duplicate=True),
    Output("gp-ends", "value", allow_duplicate=True),
    *(Output(field, "disabled", allow_duplicate=True) for field in WAITING),
    Input("gp-who", "value"),
    # Until the hours of whoever is chosen stand there, another's could be saved for him, and what
    # is written already would be written over; it is the answer that opens the fields again.
    running=[(Output(field, "disabled"), True, True) for field in WAITING],
    prevent_initial_call=True,
)
def show_hours(_who: SignedIn, care: CareContext, chosen: str | None) -> tuple[Any, ...]:
    """Show what whoever is chosen has accepted: nobody's hours are taken for another's."""
    return *_written(gp_service.gp_rung(care), chosen), *OPEN


def _written(found: Sequence[GpRow], chosen: str | None) -> tuple[Any, ...]:
    """Return the agreement and the hours of who is chosen as the fields show them."""
    instead = (chosen or "").startswith(INSTEAD)
    person = read_id((chosen or "").removeprefix(INSTEAD))
    theirs = [one for one in found if one.person == person and (one.kind == "without") == instead]
    hours = next((one.hours for one in theirs if one.hours), None)
    agreed = "yes" if hours or instead else None
    return agreed, *written_hours(parse_opening(hours or USUAL_HOURS))


def _instead(reader: Reader, care: CareContext) -> list[dict[str, str]]:
    """Return who may be called in the place of a GP, nobody last."""
    named = [
        {
            "value": f"{INSTEAD}{one.person}",
            "label": reader.say("No GP, {name} in his place", name=one.name),
        }
        for one in {one.person: one for one in alerts.answerers(care)}.values()
    ]
    return [*named, {"value": INSTEAD, "label": reader.say("No GP, nobody in his place")}]


@patient_callback(
    Permission.MONITORING_WRITE,
    Output("gp-result", "children"),
    Output("acted", "data", allow_duplicate=True),
    Output("gp", "opened", allow_duplicate=True),
    Output("gp-error", "children", allow_duplicate=True),
    Input("gp-confirm", "n_clicks"),
    State("gp-who", "value"),
    State("gp-agreed", "value"),
    State("gp-weekdays", "value"),
    State("gp-starts", "value"),
    State("gp-ends", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def save_gp(who: SignedIn, care: CareContext, clicks: int | None, *given: Any) -> tuple[Any, ...]:
    """Save what the dialog says; refused, it stays as it was written and says why."""
    if not clicks:
        raise PreventUpdate
    chosen, agreed, days, starts, ends, acted = given
    reader = reader_of(who, clock.now())
    hours = _hours(chosen, agreed, tuple(days or ()), starts or "", ends or "")
    if isinstance(hours, Unread):
        return no_update, no_update, True, reader.say(hours.words)
    if chosen.startswith(INSTEAD):
        substitute = read_id(chosen.removeprefix(INSTEAD))
        done = gp_service.note_without(care, substitute, hours or USUAL_HOURS)
    else:
        person = read_id(chosen)
        done = person is not None and gp_service.note_hours(care, person, hours)
    if not done:
        gone = "The care circle has changed meanwhile: open this dialog again."
        return no_update, no_update, True, reader.say(gone)
    return notice("green", reader.say("Noted: who is called, and when.")), acted + 1, False, ""


def _hours(
    chosen: str | None, agreed: str | None, days: tuple[str, ...], starts: str, ends: str
) -> str | Unread:
    """Read the hours; none for a GP who is not called, nor for nobody in his place."""
    if not chosen:
        return unread("who")
    if chosen == INSTEAD:
        return ""
    if agreed not in AGREED_LABELS:
        return unread("agreed")
    return read_hours(days, starts, ends) if agreed == "yes" else _never(chosen)


def _never(chosen: str) -> str | Unread:
    """Return no hours for a GP; whoever is named in his place is named with hours."""
    return unread("instead") if chosen.startswith(INSTEAD) else ""
