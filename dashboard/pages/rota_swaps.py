"""Swaps: a shift of one day is offered to a colleague, who takes it or says no."""

from datetime import date
from typing import Any

from dash import Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from alerts import swap_service
from alerts.rota.written import read_id
from alerts.week_service import NotDone, not_done
from core import clock
from core.access import Permission
from dashboard.callbacks import console_callback
from dashboard.ids import CLICK
from dashboard.layouts.marks import Component, notice
from dashboard.layouts.rota_plan import shift_words
from dashboard.pages.reading import clicked, reader_of
from dashboard.pages.rota import read_week
from identity.people import SignedIn


@console_callback(
    Permission.QUEUE_READ,
    Output("swap", "opened", allow_duplicate=True),
    Output("swap-alert", "data"),
    Output("swap-about", "children"),
    Output("swap-to", "data"),
    Output("swap-to", "value"),
    Output("swap-error", "children", allow_duplicate=True),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_swap(who: SignedIn, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog for a shift of one day, with who may be asked to take it."""
    _, wanted = clicked(click, "swap-offer")
    reader = reader_of(who, clock.now())
    found = read_week(who, reader, None)
    shift, day = found.shift(wanted), _day(click.get("level"))
    if shift is None or day is None:
        return True, {}, reader.say("There is no such shift any more."), [], None, ""
    holder = found.holder(shift, day)
    others = [
        {"value": str(one.person), "label": one.name}
        for one in found.people.values()
        if shift.duty in one.duties and one.person not in (holder, who.person)
    ]
    about = f"{reader.day(day)} · {found.name(holder)} · {shift_words(reader, shift)}"
    alone = "" if others else reader.say("Nobody else may have this shift.")
    return True, {"shift": str(shift.id), "day": day.isoformat()}, about, others, None, alone


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@console_callback(
    Permission.QUEUE_READ,
    Output("rota-swap-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Output("swap", "opened", allow_duplicate=True),
    Output("swap-error", "children", allow_duplicate=True),
    Input("swap-confirm", "n_clicks"),
    State("swap-alert", "data"),
    State("swap-to", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def offer_swap(
    who: SignedIn, clicks: int | None, held: dict[str, str], to: str | None, acted: int
) -> Any:
    """Ask the colleague of the dialog; refused, it stays as it was and says why."""
    if not clicks:
        raise PreventUpdate
    reader = reader_of(who, clock.now())
    found = read_week(who, reader, None)
    asked, shift, day = read_id(to), read_id((held or {}).get("shift")), _day(held.get("day"))
    if asked is None:
        return no_update, no_update, True, reader.say("Choose who is asked to take it.")
    done: Any = not_done("gone")
    if shift is not None and day is not None:
        done = swap_service.offer_swap(who.actor, shift, day, asked)
    if isinstance(done, NotDone):
        return no_update, no_update, True, reader.say(done.words)
    said = reader.say("Asked: {name}. Nothing changes before the answer.", name=found.name(asked))
    return notice("green", said), acted + 1, False, ""


@console_callback(
    Permission.QUEUE_READ,
    Output("rota-swap-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Input(CLICK, "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def answer_swap(who: SignedIn, click: dict[str, str], acted: int) -> tuple[Component, int]:
    """Take the shift one is asked to take, or say no."""
    act, swap = clicked(click, "swap-accept", "swap-refuse")
    accepts = act == "swap-accept"
    reader = reader_of(who, clock.now())
    refused = swap_service.answer_swap(who.actor, swap, accepts=accepts)
    if refused is not None:
        return notice("orange", reader.say(refused.words)), acted + 1
    said = "The shift is yours now." if accepts else "The shift stays with who has it."
    return notice("green", reader.say(said)), acted + 1
