"""The technical queue, in motion."""

from typing import Any

from dash import Input, Output, State

from alerts import technical_service
from core import clock
from core.access import Permission
from dashboard.callbacks import console_callback
from dashboard.ids import CLICK
from dashboard.layouts.marks import Component, notice
from dashboard.layouts.technical import technical_tables
from dashboard.pages.reading import clicked, reader_of, stamp
from identity.people import SignedIn


@console_callback(
    Permission.QUEUE_READ,
    Output("technical-list", "children"),
    Output("read", "data", allow_duplicate=True),
    Input("tick", "data"),
    Input("ask", "data"),
    Input("acted", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_technical(who: SignedIn, *_fresh: Any) -> tuple[Component, Any]:
    """Read what is wrong now, and what was mended lately."""
    reader = reader_of(who, clock.now())
    found = technical_service.troubles(who.actor)
    return technical_tables(reader, who, found), stamp(reader, reader.say("Technical queue"))


@console_callback(
    Permission.QUARANTINE_RESOLVE,
    Output("technical-result", "children"),
    Output("acted", "data", allow_duplicate=True),
    Input(CLICK, "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def take_trouble(who: SignedIn, click: dict[str, str], acted: int) -> tuple[Component, int]:
    """Say who deals with a trouble, or give it back."""
    act, trouble = clicked(click, "take", "give_back")
    done = technical_service.take(who.actor, trouble, give_back=act == "give_back")
    reader = reader_of(who, clock.now())
    if done is not True:
        said = reader.say("It is mended already, or somebody else deals with it.")
        return notice("orange", said), acted + 1
    said = reader.say("Yours") if act == "take" else reader.say("Given back")
    return notice("green", said), acted + 1
