"""What shared notes add to the timeline of a record."""

from datetime import datetime
from typing import Final

from coordination.notes import Note
from coordination.notes_service import shown
from coordination.notes_words import kind_label
from coordination.rich_text import excerpt
from core.access import Permission
from core.changes import Change, ChangeSource
from core.doors import CareContext, PersonConnection
from core.i18n import Translate
from core.rows import fetch_all
from core.sqlfile import load_queries
from core.timeline import Entry, Source, Window

_SQL = load_queries("coordination.timeline")
TIMELINE_LABELS: Final[dict[str, str]] = {
    "notes": "Shared notes",
    "answer": "Answer to a note",
    "addition": "Addition to a note",
}


def load_notes(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return the notes the actor is shown: both locks stand before each, as on their own page."""
    found = fetch_all(conn, _SQL["note_lines"], window.params(ctx.patient), Note)
    return [_entry(ctx, note) for note in shown(conn, ctx, found)]


def _entry(ctx: CareContext, note: Note) -> Entry:
    root = note.within or note.item_id
    what = "note" if note.within is None else "addition" if note.corrects else "answer"
    return Entry(
        at=note.sent,
        key=f"notes:{note.item_id}",
        kind="notes",
        what=what,
        facts={"category": note.category, "text": excerpt(note.text)},
        link=f"/patients/{ctx.patient}/notes/{root}",
        item_id=note.item_id,
        author=note.author_name,
        withheld=note.withheld,
    )


def say_note(entry: Entry, say: Translate, locale: str) -> str:
    """Write what kind of note it is and how it begins."""
    label = kind_label(entry.facts["category"])
    first = say(label if entry.what == "note" else TIMELINE_LABELS[entry.what])
    colon = " : " if locale == "fr" else ": "
    return f"{first}{colon}{entry.facts['text']}"


def load_changed(conn: PersonConnection, since: datetime, most: int) -> list[Change]:
    """Return in which records the actor follows others signed notes that he may read."""
    return fetch_all(conn, _SQL["changed_notes"], {"since": since, "most": most}, Change)


NOTES: Final = Source(
    kind="notes",
    label=TIMELINE_LABELS["notes"],
    permissions=(Permission.NOTES_READ,),
    load=load_notes,
    say=say_note,
)
CHANGED: Final = ChangeSource(kind="notes", label=TIMELINE_LABELS["notes"], load=load_changed)
