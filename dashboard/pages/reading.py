"""From the person signed in to the reader of a page, what he may do, and the stamp of a read."""

from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from dash.exceptions import PreventUpdate

from core.access import Denied, NotInCircle, Permission
from core.care import open_record
from core.doors import CareContext
from dashboard.reader import Reader
from identity.people import SignedIn


def reader_of(who: SignedIn, now: datetime) -> Reader:
    """Return who reads, at `now`."""
    return Reader(locale=who.locale, time_zone=who.time_zone, now=now)


def holds(who: SignedIn, care: CareContext, permission: Permission) -> bool:
    """Tell whether the person also holds a permission for the patient in hand."""
    verdict = open_record(who.actor, care.patient, permission)
    match verdict:
        case CareContext():
            return True
        case Denied() | NotInCircle():
            return False
        case _:
            assert_never(verdict)


def clicked(click: dict[str, str] | None, *acts: str) -> tuple[str, UUID]:
    """Return which of `acts` was clicked, and on what; any other click is not for the caller."""
    if not click or click.get("act") not in acts:
        raise PreventUpdate
    try:
        return click["act"], UUID(click.get("on", ""))
    except ValueError:
        raise PreventUpdate from None


def stamp(reader: Reader, title: str, open_red: int | None = None) -> dict[str, Any]:
    """Return what the browser needs to know of a read: when, and what the tab is called."""
    return {
        "at": reader.now.isoformat(),
        "shown": reader.time(reader.now),
        "title": title,
        "open_red": open_red,
    }
