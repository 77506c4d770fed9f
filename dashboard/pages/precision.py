"""What alerts were worth, in motion: read when the period or the lines change, and to a file."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash import Input, Output, State
from dash.exceptions import PreventUpdate

from alerts import service as alerts
from alerts.precision import Group
from alerts.precision_service import Weighed
from core import clock
from core.access import Permission
from core.spreadsheet import to_csv
from dashboard.callbacks import console_callback
from dashboard.layouts.marks import Component
from dashboard.layouts.precision import PERIODS, csv_lines, precision_tables
from dashboard.pages.reading import reader_of, stamp
from dashboard.reader import Reader
from identity.people import SignedIn


@console_callback(
    Permission.QUEUE_READ,
    Output("precision-list", "children"),
    Output("read", "data", allow_duplicate=True),
    Input("ask", "data"),
    Input("precision-days", "value"),
    Input("precision-group", "value"),
    prevent_initial_call="initial_duplicate",
)
def show_precision(who: SignedIn, _ask: Any, days: str, group: str) -> tuple[Component, Any]:
    """Read the period anew; nothing is read at each tick, for nothing here is urgent."""
    reader = reader_of(who, clock.now())
    found, by = _found(who, reader, days, group)
    return precision_tables(reader, found, by), stamp(reader, reader.say("What alerts were worth"))


@console_callback(
    Permission.QUEUE_READ,
    Output("precision-file", "data"),
    Input("precision-save", "n_clicks"),
    State("precision-days", "value"),
    State("precision-group", "value"),
    prevent_initial_call=True,
)
def save_precision(who: SignedIn, clicks: int | None, days: str, group: str) -> dict[str, Any]:
    """Return the whole table as a file."""
    if not clicks:
        raise PreventUpdate
    reader = reader_of(who, clock.now())
    found, by = _found(who, reader, days, group)
    text = to_csv(csv_lines(reader, found, by))
    name = f"chevet-{by}-{found.first}-{found.last}.csv"
    return {"content": text, "filename": name, "type": "text/csv;charset=utf-8"}


def _found(who: SignedIn, reader: Reader, days: str, group: str) -> tuple[Weighed, Group]:
    """Read the period that ends today; what is no choice of the page is not answered."""
    if days not in {str(each) for each in PERIODS} or group not in set(Group):
        raise PreventUpdate
    zone = ZoneInfo(who.time_zone)
    today = reader.now.astimezone(zone).date()
    first = today - timedelta(days=int(days) - 1)
    found = alerts.precision(who.actor, first, today, zone, Group(group))
    if not isinstance(found, Weighed):
        raise PreventUpdate
    return found, Group(group)
