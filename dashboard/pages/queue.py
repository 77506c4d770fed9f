"""The queue in motion: read at each tick, each filter and each turn of a page."""

from typing import Any

from dash import Input, Output, State, ctx

from core import clock
from core.access import Permission
from dashboard.callbacks import console_callback
from dashboard.layouts.queue import head, rows
from dashboard.pages.reading import reader_of, stamp
from dashboard.service import PAGE_ROWS, read_queue
from dashboard.triage import Filters, Whose
from identity.people import SignedIn
from scoring.level import LEVEL_BY_CODE

WHOSE: dict[str, Whose] = {"all": "all", "unowned": "unowned", "mine": "mine"}


@console_callback(
    Permission.QUEUE_READ,
    Output("queue-head", "children"),
    Output("queue-list", "children"),
    Output("queue-where", "children"),
    Output("queue-previous", "disabled"),
    Output("queue-next", "disabled"),
    Output("queue-pager", "hidden"),
    Output("read", "data", allow_duplicate=True),
    Input("tick", "data"),
    Input("ask", "data"),
    Input("queue-level", "value"),
    Input("queue-whose", "value"),
    Input("queue-name", "value"),
    Input("queue-page", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_queue(
    who: SignedIn, _tick: Any, _ask: Any, level: str, whose: str, name: str | None, page: int
) -> tuple[Any, ...]:
    """Read one page of the queue and show it."""
    filters = Filters(
        level=LEVEL_BY_CODE.get(level), whose=WHOSE.get(whose, "all"), name=name or ""
    )
    view = read_queue(who, filters, page)
    reader = reader_of(who, clock.now())
    first = page * PAGE_ROWS + 1
    where = reader.say(
        "Patients {first} to {last}", first=first, last=first + max(len(view.rows) - 1, 0)
    )
    return (
        head(reader, view.counts),
        rows(reader, view.rows, filters),
        where,
        page == 0,
        not view.more,
        page == 0 and not view.more,
        stamp(reader, reader.say("Queue"), view.counts.open_red),
    )


@console_callback(
    Permission.QUEUE_READ,
    Output("queue-page", "data"),
    Input("queue-previous", "n_clicks"),
    Input("queue-next", "n_clicks"),
    Input("queue-level", "value"),
    Input("queue-whose", "value"),
    Input("queue-name", "value"),
    State("queue-page", "data"),
    prevent_initial_call=True,
)
def turn_page(
    _who: SignedIn, _back: Any, _on: Any, _level: str, _whose: str, _name: str, page: int
) -> int:
    """Go to the page before or after; another filter begins at the first page again."""
    if ctx.triggered_id == "queue-previous":
        return max(page - 1, 0)
    return page + 1 if ctx.triggered_id == "queue-next" else 0
