"""The living thread of every page: ticks down the socket, and what must be said at each."""

from collections.abc import AsyncIterator
from typing import Any

from dash import ClientsideFunction, Input, Output, State, clientside_callback

from core import clock
from core.access import Permission
from dashboard.callbacks import console_callback, console_stream
from dashboard.layouts.marks import Component
from dashboard.layouts.shell import stopped_banner
from dashboard.live import ticks
from dashboard.pages.reading import reader_of
from identity.people import SignedIn


@console_stream(Permission.QUEUE_READ)
def live(who: SignedIn) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Give the page its ticks."""
    return ticks(who)


@console_callback(Permission.QUEUE_READ, Output("stopped", "children"), Input("tick", "data"))
def say_stopped(who: SignedIn, tick: dict[str, Any]) -> Component:
    """Say when a vital process has stopped."""
    return stopped_banner(reader_of(who, clock.now()), tick["stopped"])


clientside_callback(
    ClientsideFunction("console", "ticked"), Output("shell", "data-tick"), Input("tick", "data")
)
clientside_callback(
    ClientsideFunction("console", "wasRead"),
    Output("title", "data"),
    Input("read", "data"),
    State("title", "data"),
)
