"""The page about the model, in motion: read once, and to a file."""

from typing import Any

from dash import Input, Output
from dash.exceptions import PreventUpdate

from alerts.model_page_service import model_state
from core import clock
from core.access import Permission
from core.spreadsheet import to_csv
from dashboard.callbacks import console_callback
from dashboard.layouts.marks import Component
from dashboard.layouts.model import SAVE, model_page
from dashboard.layouts.model_words import csv_lines
from dashboard.pages.reading import reader_of, stamp
from identity.people import SignedIn


@console_callback(
    Permission.QUEUE_READ,
    Output("model-page", "children"),
    Output("read", "data", allow_duplicate=True),
    Input("ask", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_model(who: SignedIn, _ask: Any) -> tuple[Component, Any]:
    """Read what is in use; nothing is read at each tick, for a look comes every six hours."""
    reader = reader_of(who, clock.now())
    return model_page(reader, model_state(who.actor)), stamp(reader, reader.say("The model"))


@console_callback(
    Permission.QUEUE_READ,
    Output("model-file", "data"),
    Input(SAVE, "n_clicks"),
    prevent_initial_call=True,
)
def save_model(who: SignedIn, clicks: int | None) -> dict[str, Any]:
    """Return all tables of the page as one file."""
    if not clicks:
        raise PreventUpdate
    reader = reader_of(who, clock.now())
    state = model_state(who.actor)
    text = to_csv(csv_lines(reader, state.turns, state.look))
    name = f"chevet-model-{reader.now:%Y-%m-%d}.csv"
    return {"content": text, "filename": name, "type": "text/csv;charset=utf-8"}
