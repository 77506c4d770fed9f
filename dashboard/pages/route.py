"""Which page an address shows."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from dash import Input, Output, html, set_props

from core import clock
from core.access import Permission
from dashboard.callbacks import console_callback, may, someone
from dashboard.ids import CONSOLE_FAULT, PATIENT_IN_HAND
from dashboard.layouts.drill import DRILL, drill_layout, drills_layout
from dashboard.layouts.handover import HANDOVER, HANDOVERS, handover_layout, sheet_layout
from dashboard.layouts.marks import Component
from dashboard.layouts.model import model_layout
from dashboard.layouts.patient import patient_layout
from dashboard.layouts.precision import precision_layout
from dashboard.layouts.prescription import prescription_layout
from dashboard.layouts.quarantine import quarantine_layout
from dashboard.layouts.queue import queue_layout
from dashboard.layouts.rota import rota_layout
from dashboard.layouts.shell import (
    DRILLS,
    HOME,
    MODEL,
    PRECISION,
    QUARANTINE,
    ROTA,
    TECHNICAL,
    not_found,
    shell,
)
from dashboard.layouts.technical import technical_layout
from dashboard.pages.reading import reader_of
from dashboard.reader import Reader
from identity.people import SignedIn

PATIENTS = "/console/patients/"
PRESCRIPTION = "/prescription"
"""After the address of a patient: his prescription."""


PLAIN: Final[Mapping[str, Callable[[Reader], Component]]] = {
    QUARANTINE: quarantine_layout,
    PRECISION: precision_layout,
    MODEL: model_layout,
    TECHNICAL: technical_layout,
    HANDOVER: handover_layout,
}
"""Pages that are the same for everybody who may see them."""


def layout() -> Component:
    """Return the frame for whoever asks; Dash also asks once at start-up, for nobody."""
    who = someone()
    return html.Div() if who is None else shell(reader_of(who, clock.now()), who)


@console_callback(
    Permission.QUEUE_READ,
    Output("content", "children"),
    Output(PATIENT_IN_HAND, "data"),
    Input("url", "pathname"),
)
def show_page(who: SignedIn, path: str | None) -> tuple[Component, Any]:
    """Show the empty page of an address; what it holds is read by the page's own callbacks."""
    set_props(CONSOLE_FAULT, {"children": None})
    reader = reader_of(who, clock.now())
    if path in (None, "/console", HOME):
        return queue_layout(reader), None
    if path in PLAIN:
        return PLAIN[path](reader), None
    if path == ROTA:
        return rota_layout(reader, may_plan=may(who, Permission.ROTA_MANAGE)), None
    if path == DRILLS:
        return drills_layout(reader, may_start=may(who, Permission.ROTA_MANAGE)), None
    sheet = _sheet(reader, path or "")
    if sheet is not None:
        return sheet, None
    patient = named_in((path or "").removesuffix(PRESCRIPTION), PATIENTS)
    if patient is not None:
        whole = (path or "").endswith(PRESCRIPTION)
        shown = prescription_layout(reader, patient) if whole else patient_layout(reader)
        return shown, str(patient)
    return not_found(reader), None


def _sheet(reader: Reader, path: str) -> Component:
    """Return the empty page of one handover or exercise, if the path names one."""
    handover, drill = named_in(path, HANDOVERS), named_in(path, DRILL)
    if handover is not None:
        return sheet_layout(reader, handover)
    return drill_layout(reader, drill) if drill is not None else None


def named_in(path: str, before: str) -> UUID | None:
    """Return what a path that begins with `before` names, or None for any other path."""
    try:
        return UUID(path.removeprefix(before)) if path.startswith(before) else None
    except ValueError:
        return None
