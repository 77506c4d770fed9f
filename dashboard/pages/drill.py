"""Exercises in motion: the list, one report, starting one, planning one each month."""

from typing import Any, Final
from uuid import UUID

from dash import Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from alerts import drill_service as drills
from alerts.drill import STARTED_SENTENCES, Started
from alerts.rota.written import read_clock, read_id
from core import clock
from core.access import Permission
from core.ids import new_id
from core.spreadsheet import to_csv
from dashboard.callbacks import console_callback, may
from dashboard.ids import CLICK
from dashboard.layouts.drill import csv_lines, drill_list, drill_sheet
from dashboard.layouts.marks import Component, notice
from dashboard.pages.reading import clicked, reader_of, stamp
from dashboard.reader import Reader
from identity.people import SignedIn

SITE: Final = "site"
"""The choice that an exercise is for the whole site."""


@console_callback(
    Permission.QUEUE_READ,
    Output("drill-list", "children"),
    Output("read", "data", allow_duplicate=True),
    Input("tick", "data"),
    Input("ask", "data"),
    Input("acted", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_drills(who: SignedIn, *_fresh: Any) -> tuple[Component, Any]:
    """Read the exercises there were and the plan."""
    reader = reader_of(who, clock.now())
    found, plan = drills.drills(who.actor), drills.plan_of(who.actor)
    shown = drill_list(reader, found, plan, may_start=may(who, Permission.ROTA_MANAGE))
    return shown, stamp(reader, reader.say("Exercises"))


@console_callback(
    Permission.QUEUE_READ,
    Output("drill-sheet", "children"),
    Output("read", "data", allow_duplicate=True),
    Input("drill-in-hand", "data"),
    Input("tick", "data"),
    Input("ask", "data"),
    prevent_initial_call="initial_duplicate",
)
def show_drill(who: SignedIn, identifier: str, *_fresh: Any) -> tuple[Component, Any]:
    """Read the report of one exercise."""
    reader = reader_of(who, clock.now())
    mark = stamp(reader, reader.say("Report of an exercise"))
    found = drills.read_drill(who.actor, UUID(identifier))
    if found is None:
        return notice("orange", reader.say("There is no such page.")), mark
    return drill_sheet(reader, found), mark


@console_callback(
    Permission.QUEUE_READ,
    Output("drill-file", "data"),
    Input("drill-save", "n_clicks"),
    State("drill-in-hand", "data"),
    prevent_initial_call=True,
)
def save_drill(who: SignedIn, clicks: int | None, identifier: str) -> dict[str, Any]:
    """Return the report as a file."""
    found = drills.read_drill(who.actor, UUID(identifier)) if clicks else None
    if found is None:
        raise PreventUpdate
    text = to_csv(csv_lines(reader_of(who, clock.now()), found))
    name = f"chevet-drill-{found.started_at:%Y-%m-%d}.csv"
    return {"content": text, "filename": name, "type": "text/csv;charset=utf-8"}


@console_callback(
    Permission.ROTA_MANAGE,
    Output("drill", "opened", allow_duplicate=True),
    Output("drill-alert", "data"),
    Output("drill-record", "data"),
    Output("drill-record", "value"),
    Output("drill-person", "data"),
    Output("drill-person", "value"),
    Output("drill-error", "children", allow_duplicate=True),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_drill(who: SignedIn, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog with the records and persons that may be chosen."""
    clicked(click, "drill-start")
    now = clock.now()
    reader, found = reader_of(who, now), drills.choices(who.actor)
    site = {"value": SITE, "label": reader.say("The whole site: anybody who is called")}
    people = [site, *_listed(found.people)]
    records = _listed(found.records)
    first = records[0]["value"] if records else None
    made = {"drill": str(new_id(now))}
    return True, made, records, first, people, SITE, _no_record(reader, found)


def _listed(named: tuple[tuple[UUID, str], ...]) -> list[dict[str, str]]:
    return [{"value": str(identifier), "label": name} for identifier, name in named]


def _no_record(reader: Reader, found: drills.Choices) -> str:
    if found.records:
        return ""
    return reader.say(
        "No record can be used: it must be fictitious, followed by your organisation, under "
        "prescription, and nothing may ever have been measured or answered for it."
    )


@console_callback(
    Permission.ROTA_MANAGE,
    Output("drill-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Output("drill", "opened", allow_duplicate=True),
    Output("drill-error", "children", allow_duplicate=True),
    Input("drill-confirm", "n_clicks"),
    State("drill-alert", "data"),
    State("drill-record", "value"),
    State("drill-person", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def start_drill(
    who: SignedIn, clicks: int | None, held: dict[str, str], record: str, whom: str, acted: int
) -> tuple[Any, ...]:
    """Start the exercise of the dialog; refused, it stays as it was and says why."""
    drill = read_id((held or {}).get("drill"))
    if not clicks or drill is None:
        raise PreventUpdate
    reader, patient = reader_of(who, clock.now()), read_id(record)
    if patient is None:
        return no_update, no_update, True, reader.say("Choose a record for the exercise.")
    person = None if whom == SITE else read_id(whom)
    if person is None and whom != SITE:
        return no_update, no_update, True, reader.say("Choose for whom the exercise is.")
    said = drills.start(who.actor, drill, patient, person)
    return _answer(reader, said, acted)


def _answer(reader: Reader, said: Started, acted: int) -> tuple[Any, ...]:
    words = reader.say(STARTED_SENTENCES[said])
    if said in (Started.STARTED, Started.PLANNED):
        return notice("green", words), acted + 1, False, ""
    return no_update, no_update, True, words


@console_callback(
    Permission.ROTA_MANAGE,
    Output("drillplan", "opened", allow_duplicate=True),
    Output("drillplan-record", "data"),
    Output("drillplan-record", "value"),
    Output("drillplan-day", "value"),
    Output("drillplan-time", "value"),
    Output("drillplan-error", "children", allow_duplicate=True),
    Input(CLICK, "data"),
    prevent_initial_call=True,
)
def begin_plan_of_drills(who: SignedIn, click: dict[str, str]) -> tuple[Any, ...]:
    """Open the dialog of the monthly plan, with what is planned now."""
    clicked(click, "drill-plan")
    reader = reader_of(who, clock.now())
    found, plan = drills.choices(who.actor), drills.plan_of(who.actor)
    records = _listed(found.records)
    first = records[0]["value"] if records else None
    if plan is None:
        return True, records, first, "", "", _no_record(reader, found)
    kept = str(plan.patient_id)
    chosen = kept if any(one["value"] == kept for one in records) else first
    return True, records, chosen, str(plan.day), f"{plan.at:%H:%M}", _no_record(reader, found)


@console_callback(
    Permission.ROTA_MANAGE,
    Output("drill-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Output("drillplan", "opened", allow_duplicate=True),
    Output("drillplan-error", "children", allow_duplicate=True),
    Input("drillplan-confirm", "n_clicks"),
    State("drillplan-record", "value"),
    State("drillplan-day", "value"),
    State("drillplan-time", "value"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def save_plan_of_drills(
    who: SignedIn, clicks: int | None, record: str, day: str, at: str, acted: int
) -> tuple[Any, ...]:
    """Save the plan of the dialog; refused, it stays as it was written and says why."""
    if not clicks:
        raise PreventUpdate
    reader, patient, hour = reader_of(who, clock.now()), read_id(record), read_clock(at)
    if patient is None:
        return no_update, no_update, True, reader.say("Choose a record for the exercise.")
    if (day or "").strip() not in {str(number) for number in range(1, 29)}:
        return no_update, no_update, True, reader.say("The day is a number from 1 to 28.")
    if hour is None:
        return no_update, no_update, True, reader.say("The time is written as 8 h or 08:30.")
    said = drills.plan(who.actor, patient, int(day), hour)
    return _answer(reader, said, acted)


@console_callback(
    Permission.ROTA_MANAGE,
    Output("drill-result", "children", allow_duplicate=True),
    Output("acted", "data", allow_duplicate=True),
    Input(CLICK, "data"),
    State("acted", "data"),
    prevent_initial_call=True,
)
def drop_plan_of_drills(who: SignedIn, click: dict[str, str], acted: int) -> tuple[Any, int]:
    """Plan no monthly exercise any more."""
    clicked(click, "drill-drop")
    drills.drop_plan(who.actor)
    reader = reader_of(who, clock.now())
    return notice("green", reader.say("No monthly exercise is planned any more.")), acted + 1
