"""The queue in motion: read at each tick, each filter and each turn of a page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from dash import Input, Output, State, ctx

from alerts import seeing_service
from core import clock
from core.access import Permission
from dashboard.callbacks import console_callback
from dashboard.ids import CLICK
from dashboard.layouts.marks import Component, notice
from dashboard.layouts.queue import head, rows
from dashboard.pages.reading import clicked, reader_of, stamp
from dashboard.service import PAGE_ROWS, read_queue
from dashboard.triage import Filters, Whose
from identity.people import SignedIn
from scoring.level import LEVEL_BY_CODE

WHOSE: dict[str, Whose] = {"all": "all", "unowned": "unowned", "mine": "mine", "aside": "aside"}


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
    Input("acted", "data"),
    Input("queue-level", "value"),
    Input("queue-whose", "value"),
    Input("queue-name", "value"),
    Input("queue-page", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_queue(
    who: SignedIn,
    _tick: Any,
    _ask: Any,
    _acted: Any,
    level: str,
    whose: str,
    name: str | None,
    page: int,
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
        head(reader, view.counts, view.aside),
        rows(reader, view.rows, filters, view.aside),
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


@console_callback(
    Permission.QUEUE_READ,
    Output("queue-whose", "value"),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def show_put_aside(_who: SignedIn, click: dict[str, str]) -> str:
    """Show what the reader has put aside."""
    clicked(click, "show_aside")
    return "aside"


@console_callback(
    Permission.QUEUE_READ,
    Output("queue-seen", "children"),
    Output("acted", "data", allow_duplicate=True),
    Input(CLICK, "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def see_calm(who: SignedIn, click: dict[str, Any], acted: int) -> tuple[Component, int]:
    """Note the calm patients of the page as seen, each as he was shown."""
    clicked(click, "see_calm")
    fields = dict(click.get("fields") or {})
    shown = {UUID(str(name)): datetime.fromisoformat(str(at)) for name, at in fields.items()}
    seen = seeing_service.see_calm(who.actor, shown)
    reader = reader_of(who, clock.now())
    said = reader.say("Noted as seen: {count}. Each can read it on his phone.", count=seen.done)
    if not seen.changed:
        return notice("green", said), acted + 1
    more = reader.say("No longer as shown, still to be seen: {count}.", count=seen.changed)
    return notice("orange", f"{said} {more}"), acted + 1
