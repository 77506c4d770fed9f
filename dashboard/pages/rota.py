"""The rota in motion: read when the week turns or something was changed; who is on duty now."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash import Input, Output, State, ctx, html

from alerts import week_service
from alerts.rota.week import monday_of
from alerts.week_service import LOOKS_AHEAD, LOOKS_BACK, Week
from core import clock
from core.access import Permission
from dashboard.callbacks import console_callback, may
from dashboard.layouts.marks import Component
from dashboard.layouts.rota import rota_asked, rota_now, rota_week
from dashboard.pages.reading import reader_of, stamp
from dashboard.reader import Reader
from identity.people import SignedIn

ONE_WEEK = timedelta(days=7)


def read_week(who: SignedIn, reader: Reader, monday: str | None) -> Week:
    """Read the week of the page; the present one when it has turned to none yet."""
    return week_service.week(who.actor, monday_shown(reader, monday), reader.now)


def monday_shown(reader: Reader, monday: str | None) -> date:
    """Return the Monday of the week that is shown, never too far away."""
    today = monday_of(reader.now.astimezone(ZoneInfo(reader.time_zone)).date())
    try:
        wanted = monday_of(date.fromisoformat(monday)) if monday else today
    except ValueError:
        wanted = today
    return min(max(wanted, today - LOOKS_BACK), today + LOOKS_AHEAD)


@console_callback(
    Permission.QUEUE_READ,
    Output("rota-list", "children"),
    Output("rota-now", "children"),
    Output("read", "data", allow_duplicate=True),
    Input("rota-monday", "data"),
    Input("ask", "data"),
    Input("acted", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_rota(who: SignedIn, monday: str | None, *_fresh: Any) -> tuple[Component, Component, Any]:
    """Read a week anew."""
    reader = reader_of(who, clock.now())
    found = read_week(who, reader, monday)
    shown = rota_week(reader, who, found, may_plan=may(who, Permission.ROTA_MANAGE))
    names = {str(one.person): one.name for one in found.people.values()}
    return shown, rota_now(reader, found.now, names), stamp(reader, reader.say("Rota"))


@console_callback(
    Permission.QUEUE_READ,
    Output("rota-monday", "data"),
    Input("rota-before", "n_clicks"),
    Input("rota-this", "n_clicks"),
    Input("rota-after", "n_clicks"),
    State("rota-monday", "data"),
    prevent_initial_call=True,
)
def turn_week(who: SignedIn, _back: Any, _this: Any, _on: Any, monday: str | None) -> str:
    """Go to the week before or after, or back to this one."""
    reader = reader_of(who, clock.now())
    shown = monday_shown(reader, monday)
    step = {"rota-before": -ONE_WEEK, "rota-after": ONE_WEEK}.get(str(ctx.triggered_id))
    wanted = shown + step if step else monday_shown(reader, None)
    return monday_shown(reader, wanted.isoformat()).isoformat()


@console_callback(
    Permission.QUEUE_READ,
    Output("queue-duty", "children"),
    Input("tick", "data"),
    Input("ask", "data"),
)
def show_duty(who: SignedIn, *_fresh: Any) -> Component:
    """Say above the queue who is on duty, for what nobody is, and whether one is asked to swap."""
    reader = reader_of(who, clock.now())
    found = week_service.at_work(who.actor, reader.now)
    names = {str(person): name for person, name in found.names.items()}
    return html.Div([rota_now(reader, found.duties, names), rota_asked(reader, found.asked)])
