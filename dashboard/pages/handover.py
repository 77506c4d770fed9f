"""The end of a shift, in motion. Its form is filled once: no tick empties what is being written."""

from typing import Any, Final
from uuid import UUID

from dash import Input, Output, State, no_update

from alerts import handover_service as handovers
from alerts.handover import SENTENCES, Signed
from core import clock
from core.access import Permission
from core.ids import new_id
from dashboard.callbacks import console_callback
from dashboard.ids import CLICK
from dashboard.layouts.handover import giving_form, handover_list, sheet, waiting_line
from dashboard.layouts.marks import Component, notice
from dashboard.pages.reading import clicked, reader_of, stamp
from dashboard.reader import Reader
from identity.people import SignedIn

NOTE: Final = "note"


@console_callback(
    Permission.QUEUE_READ,
    Output("handover-list", "children"),
    Output("read", "data", allow_duplicate=True),
    Input("tick", "data"),
    Input("ask", "data"),
    Input("acted", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_handovers(who: SignedIn, *_fresh: Any) -> tuple[Component, Any]:
    """Read the handovers there were."""
    reader = reader_of(who, clock.now())
    shown = handover_list(reader, handovers.handovers(who.actor))
    return shown, stamp(reader, reader.say("Handover"))


@console_callback(
    Permission.QUEUE_READ,
    Output("handover-waiting", "children"),
    Input("tick", "data"),
    Input("ask", "data"),
)
def show_waiting(who: SignedIn, *_fresh: Any) -> Component:
    """Say above the queue that a handover waits for its second signature."""
    return waiting_line(reader_of(who, clock.now()), handovers.handovers(who.actor), who.person)


@console_callback(
    Permission.ALERTS_ACKNOWLEDGE, Output("handover-form", "children"), Input("url", "pathname")
)
def begin_handover(who: SignedIn, _path: Any) -> Component:
    """Fill the form with what is open now."""
    return _form(who, {})


@console_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("handover-result", "children"),
    Output("handover-form", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Input(CLICK, "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def give_handover(who: SignedIn, click: dict[str, Any], acted: int) -> tuple[Any, ...]:
    """Sign what is left, or read the queue again; either way the words are kept."""
    act, identifier = clicked(click, "give", "reread")
    fields = {str(name): str(text) for name, text in dict(click.get("fields") or {}).items()}
    if act == "reread":
        return None, _form(who, fields), acted
    remarks = _remarks(fields)
    said = handovers.give(who.actor, identifier, fields.get(NOTE, ""), remarks, remarks)
    answer = _said(reader_of(who, clock.now()), said)
    match said:
        case Signed.GIVEN:
            return answer, None, acted + 1
        case Signed.CHANGED:
            return answer, _form(who, fields), acted
        case _:
            return answer, no_update, acted


@console_callback(
    Permission.ALERTS_ACKNOWLEDGE,
    Output("handover-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Input(CLICK, "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def take_over(who: SignedIn, click: dict[str, str], acted: int) -> tuple[Component, int]:
    """Sign that the reader takes over what he read."""
    _, identifier = clicked(click, "take_over")
    said = handovers.take(who.actor, identifier, click.get("level", ""))
    return _said(reader_of(who, clock.now()), said), acted + 1


@console_callback(
    Permission.QUEUE_READ,
    Output("handover-sheet", "children"),
    Output("read", "data", allow_duplicate=True),
    Input("handover-in-hand", "data"),
    Input("tick", "data"),
    Input("ask", "data"),
    Input("acted", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_handover(who: SignedIn, identifier: str, *_fresh: Any) -> tuple[Component, Any]:
    """Read one handover as it was signed."""
    reader = reader_of(who, clock.now())
    mark = stamp(reader, reader.say("Handover"))
    found = handovers.read_handover(who.actor, UUID(identifier))
    if found is None:
        return notice("orange", reader.say("There is no such page.")), mark
    return sheet(reader, *found, who.person), mark


def _form(who: SignedIn, fields: dict[str, str]) -> Component:
    now = clock.now()
    found = handovers.open_matters(who.actor)
    reader = reader_of(who, now)
    return giving_form(reader, new_id(now), found, fields.get(NOTE, ""), _remarks(fields))


def _remarks(fields: dict[str, str]) -> dict[UUID, str]:
    """Return the remarks by the matter they are about, empty ones too: each matter was seen."""
    return {UUID(name): text for name, text in fields.items() if name != NOTE}


def _said(reader: Reader, said: Signed) -> Component:
    good = said in (Signed.GIVEN, Signed.TAKEN)
    return notice("green" if good else "orange", reader.say(SENTENCES[said]))
