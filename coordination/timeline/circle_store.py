"""What the circle adds to the timeline of a record: who came and left, what was agreed to."""

from datetime import datetime
from typing import Final

from core.access import Permission
from core.changes import Change, ChangeSource
from core.doors import CareContext, PersonConnection
from core.i18n import Translate
from core.rows import fetch_all
from core.sqlfile import load_queries
from core.timeline import Entry, Line, Source, Window, entry_of
from identity.words import role_label

_SQL = load_queries("coordination.timeline")
TIMELINE_LABELS: Final[dict[str, str]] = {
    "circle": "Care circle",
    "consents": "Agreements and oppositions",
    "joined": "{name} ({role}) comes into the circle",
    "left": "{name} ({role}) leaves the circle",
    "given": "The patient agrees to what {name} sees",
    "withdrawn": "The agreement for {name} is taken back",
    "opposed": "The patient opposes accesses in an emergency",
    "allowed": "The opposition to accesses in an emergency is taken back",
}


def load_circle(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return who came into the circle and who left it."""
    lines = fetch_all(conn, _SQL["circle_lines"], window.params(ctx.patient), Line)
    return [entry_of("circle", line, f"/patients/{ctx.patient}/circle") for line in lines]


def load_consents(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return what the patient agreed to, opposed and took back."""
    lines = fetch_all(conn, _SQL["consent_lines"], window.params(ctx.patient), Line)
    return [entry_of("consents", line, f"/patients/{ctx.patient}/circle") for line in lines]


def say_circle(entry: Entry, say: Translate, locale: str) -> str:
    """Write who came or left, or what was agreed to."""
    role = say(role_label(entry.facts["more"])) if entry.facts["more"] else ""
    return say(TIMELINE_LABELS[entry.what]).format(name=entry.facts["name"], role=role)


def load_changed(conn: PersonConnection, since: datetime, most: int) -> list[Change]:
    """Return in which records the actor follows somebody came or left."""
    return fetch_all(conn, _SQL["changed_circle"], {"since": since, "most": most}, Change)


CIRCLE: Final = Source(
    kind="circle",
    label=TIMELINE_LABELS["circle"],
    permissions=(Permission.CIRCLE_READ,),
    load=load_circle,
    say=say_circle,
)
CONSENTS: Final = Source(
    kind="consents",
    label=TIMELINE_LABELS["consents"],
    permissions=(Permission.AUDIT_READ, Permission.CIRCLE_MANAGE),
    load=load_consents,
    say=say_circle,
)
CHANGED: Final = ChangeSource(kind="circle", label=TIMELINE_LABELS["circle"], load=load_changed)
