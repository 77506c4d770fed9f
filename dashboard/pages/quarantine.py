"""The items set aside, in motion."""

from typing import Any

from dash import Input, Output, State

from core import clock
from core.access import Permission
from dashboard.callbacks import console_callback
from dashboard.ids import CLICK
from dashboard.layouts.marks import Component, notice
from dashboard.layouts.quarantine import quarantine_table
from dashboard.pages.reading import clicked, reader_of, stamp
from identity.people import SignedIn
from ingest import service as ingest


@console_callback(
    Permission.QUARANTINE_READ,
    Output("quarantine-list", "children"),
    Output("read", "data", allow_duplicate=True),
    Input("tick", "data"),
    Input("ask", "data"),
    Input("acted", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_quarantine(who: SignedIn, *_fresh: Any) -> tuple[Component, Any]:
    """Read what nobody has looked at yet."""
    entries = list(ingest.list_quarantine(who.actor))
    reader = reader_of(who, clock.now())
    return quarantine_table(reader, entries), stamp(reader, reader.say("Readings set aside"))


@console_callback(
    Permission.QUARANTINE_RESOLVE,
    Output("quarantine-result", "children"),
    Output("acted", "data", allow_duplicate=True),
    Input(CLICK, "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def resolve(who: SignedIn, click: dict[str, str], acted: int) -> tuple[Component, int]:
    """Note that a person has looked at an item."""
    _, item = clicked(click, "resolve")
    done = ingest.resolve_quarantine(who.actor, item)
    reader = reader_of(who, clock.now())
    if not done:
        return notice("orange", reader.say("Somebody else has already looked at it.")), acted + 1
    said = reader.say("Seen by {name} at {time}", name=who.name, time=reader.time(reader.now))
    return notice("green", said), acted + 1
