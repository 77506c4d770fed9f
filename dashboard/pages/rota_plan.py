"""Planning: a shift is added, changed or ended, leave is noted and taken back, by who may."""

from typing import Any
from uuid import UUID

from dash import Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from alerts import week_service
from alerts.page_words import rung_label
from alerts.rota.written import Unread, Written, read_id, read_span, unread
from alerts.week_service import NotDone, Week
from core import clock
from core.access import Permission
from dashboard.callbacks import console_callback
from dashboard.ids import CLICK
from dashboard.layouts.marks import Component, notice
from dashboard.layouts.rota_plan import shift_words
from dashboard.pages.reading import clicked, reader_of
from dashboard.pages.rota import read_week
from dashboard.reader import Reader
from identity.people import SignedIn
from identity.search import parse_day

EMPTY: tuple[Any, ...] = (None, None, [], "", "", "as_usual")
"""A shift of which nothing is written yet: who, as what, days, times, public holidays."""
WRITTEN_DAY = "%d/%m/%Y"
NOBODY = "nobody"
"""The choice that nobody replaces who is away."""


@console_callback(
    Permission.ROTA_MANAGE,
    Output("shift", "opened", allow_duplicate=True),
    Output("shift-alert", "data"),
    Output("shift-about", "children"),
    Output("shift-person", "data"),
    Output("shift-person", "value"),
    Output("shift-duty", "value"),
    Output("shift-weekdays", "value"),
    Output("shift-starts", "value"),
    Output("shift-ends", "value"),
    Output("shift-holidays", "value"),
    Output("shift-first", "value"),
    Output("shift-last", "value"),
    Output("shift-error", "children", allow_duplicate=True),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_shift(who: SignedIn, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog of a shift, empty or with one that is to be changed from today on."""
    act, wanted = clicked(click, "shift-add", "shift-change")
    reader = reader_of(who, clock.now())
    found = read_week(who, reader, None)
    people = _people(found)
    today = f"{found.today:{WRITTEN_DAY}}"
    shift = found.shift(wanted) if act == "shift-change" else None
    if shift is None:
        gone = reader.say("There is no such shift any more.") if act == "shift-change" else ""
        return True, {}, gone, people, *EMPTY, today, "", ""
    kept = reader.say("Swaps agreed for days from the first day on no longer hold.")
    about = f"{found.name(shift.person)} · {shift_words(reader, shift)}. {kept}"
    return (
        True, {"shift": str(shift.id)}, about, people, str(shift.person), shift.duty,
        [str(day) for day in sorted(shift.weekdays)], f"{shift.starts:%H:%M}",
        f"{shift.ends:%H:%M}", shift.on_holidays,
        f"{max(found.today, shift.first_on):{WRITTEN_DAY}}",
        f"{shift.last_on:{WRITTEN_DAY}}" if shift.last_on else "", "",
    )  # fmt: skip


def _people(found: Week) -> list[dict[str, str]]:
    """Return who may be planned, as a list to choose from."""
    return [
        {"value": str(one.person), "label": one.name} for one in found.people.values() if one.duties
    ]


@console_callback(
    Permission.ROTA_MANAGE,
    Output("rota-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Output("shift", "opened", allow_duplicate=True),
    Output("shift-error", "children", allow_duplicate=True),
    Input("shift-confirm", "n_clicks"),
    State("shift-alert", "data"),
    State("shift-person", "value"),
    State("shift-duty", "value"),
    State("shift-weekdays", "value"),
    State("shift-starts", "value"),
    State("shift-ends", "value"),
    State("shift-holidays", "value"),
    State("shift-first", "value"),
    State("shift-last", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def save_shift(who: SignedIn, clicks: int | None, held: dict[str, str], *given: Any) -> Any:
    """Save the shift of the dialog; refused, it stays as it was written and says why."""
    if not clicks:
        raise PreventUpdate
    *fields, acted = given
    reader = reader_of(who, clock.now())
    found = read_week(who, reader, None)
    person, duty, days, starts, ends, on_holidays, first_on, last_on = fields
    written = Written(
        person=person, duty=duty, weekdays=tuple(days or ()), starts=starts or "",
        ends=ends or "", on_holidays=on_holidays, first_on=first_on or "", last_on=last_on or "",
    )  # fmt: skip
    replaces = read_id((held or {}).get("shift"))
    done = week_service.save_shift(who.actor, written, today=found.today, replaces=replaces)
    if isinstance(done, Unread | NotDone):
        return _stays(reader, done)
    name = f"{found.name(done.person)} · {reader.say(rung_label(done.duty))}"
    said = reader.say("Planned: {shift}", shift=f"{name} · {shift_words(reader, done)}")
    return notice("green", said), acted + 1, False, ""


def _stays(reader: Reader, why: Unread | NotDone) -> tuple[Any, ...]:
    """Leave the dialog open, with what was written, and say what is wrong."""
    return no_update, no_update, True, reader.say(why.words)


@console_callback(
    Permission.ROTA_MANAGE,
    Output("ending", "opened", allow_duplicate=True),
    Output("ending-alert", "data"),
    Output("ending-about", "children"),
    Output("ending-last", "value"),
    Output("ending-error", "children", allow_duplicate=True),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_to_end(who: SignedIn, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog that ends a shift, with today as its last day."""
    _, wanted = clicked(click, "shift-end")
    reader = reader_of(who, clock.now())
    found = read_week(who, reader, None)
    shift = found.shift(wanted)
    if shift is None:
        return True, {}, reader.say("There is no such shift any more."), "", ""
    about = f"{found.name(shift.person)} · {shift_words(reader, shift)}"
    return True, {"shift": str(shift.id)}, about, f"{found.today:{WRITTEN_DAY}}", ""


@console_callback(
    Permission.ROTA_MANAGE,
    Output("rota-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Output("ending", "opened", allow_duplicate=True),
    Output("ending-error", "children", allow_duplicate=True),
    Input("ending-confirm", "n_clicks"),
    State("ending-alert", "data"),
    State("ending-last", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def end_shift(
    who: SignedIn, clicks: int | None, held: dict[str, str], last: str | None, acted: int
) -> Any:
    """End the shift of the dialog with a day; what is past stays as it was."""
    shift = read_id((held or {}).get("shift"))
    if not clicks:
        raise PreventUpdate
    reader = reader_of(who, clock.now())
    last_on = parse_day(last or "")
    if last_on is None:
        return _stays(reader, unread("last_on"))
    if last_on < read_week(who, reader, None).today:
        return _stays(reader, unread("past"))
    if shift is None or not week_service.end_shift(who.actor, shift, last_on):
        return _stays(reader, week_service.not_done("gone"))
    said = reader.say("The shift ends on {day}.", day=reader.day(last_on))
    return notice("green", said), acted + 1, False, ""


@console_callback(
    Permission.ROTA_MANAGE,
    Output("leave", "opened", allow_duplicate=True),
    Output("leave-person", "data"),
    Output("leave-substitute", "data"),
    Output("leave-person", "value"),
    Output("leave-substitute", "value"),
    Output("leave-first", "value"),
    Output("leave-last", "value"),
    Output("leave-error", "children", allow_duplicate=True),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_leave(who: SignedIn, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog that notes leave, empty."""
    clicked(click, "leave-add")
    reader = reader_of(who, clock.now())
    people = _people(read_week(who, reader, None))
    nobody = {"value": NOBODY, "label": reader.say("Nobody: these are gaps")}
    return True, people, [nobody, *people], None, NOBODY, "", "", ""


@console_callback(
    Permission.ROTA_MANAGE,
    Output("rota-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Output("leave", "opened", allow_duplicate=True),
    Output("leave-error", "children", allow_duplicate=True),
    Input("leave-confirm", "n_clicks"),
    State("leave-person", "value"),
    State("leave-substitute", "value"),
    State("leave-first", "value"),
    State("leave-last", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def save_leave(who: SignedIn, clicks: int | None, *given: Any) -> Any:
    """Save the leave of the dialog; refused, it stays as it was written and says why."""
    if not clicks:
        raise PreventUpdate
    person, instead, first, last, acted = given
    reader = reader_of(who, clock.now())
    found = read_week(who, reader, None)
    away, substitute = read_id(person), read_id(instead)
    if away is None:
        return _stays(reader, unread("away"))
    if substitute == away:
        return _stays(reader, unread("himself"))
    days = read_span(first, last, found.today)
    if isinstance(days, Unread):
        return _stays(reader, days)
    if days[1] is None:
        return _stays(reader, unread("last_on"))
    done = week_service.note_leave(who.actor, away, (days[0], days[1]), substitute)
    if isinstance(done, NotDone):
        return _stays(reader, done)
    said = reader.say("Noted: {name} is away.", name=found.name(away))
    return notice("green", said), acted + 1, False, ""


@console_callback(
    Permission.ROTA_MANAGE,
    Output("rota-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Input(CLICK, "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def end_leave(who: SignedIn, click: dict[str, str], acted: int) -> tuple[Component, int]:
    """Take back days of leave."""
    _, leave = clicked(click, "leave-end")
    reader = reader_of(who, clock.now())
    if not week_service.end_leave(who.actor, UUID(str(leave))):
        return notice("orange", reader.say(week_service.not_done("gone").words)), acted + 1
    return notice("green", reader.say("The leave was taken back.")), acted + 1
