"""What the tchat adds to the timeline of a record: what was urgent.

What somebody kept of it as a note of the record is told by the notes. Conversations are none of it.
"""

from typing import Final

from coordination.chat.words import ROOM_LABELS
from coordination.rich_text import excerpt
from core.access import Permission
from core.doors import CareContext, PersonConnection
from core.i18n import Translate
from core.rows import fetch_all
from core.sqlfile import load_queries
from core.timeline import Entry, Line, Source, Window, entry_of

_SQL = load_queries("coordination.timeline")
TIMELINE_LABELS: Final[dict[str, str]] = {"chat": "Urgent in the tchat"}


def load_chat(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return what was said urgently in the rooms the actor reads, since he reads them."""
    lines = fetch_all(conn, _SQL["chat_lines"], window.params(ctx.patient), Line)
    return [entry_of("chat", line, f"/patients/{ctx.patient}/chat/{line.thing}") for line in lines]


def say_chat(entry: Entry, say: Translate, locale: str) -> str:
    """Write in which room it was said, and how it begins."""
    colon = " : " if locale == "fr" else ": "
    return f"{say(ROOM_LABELS[entry.what])}{colon}{excerpt(entry.facts['name'])}"


CHAT: Final = Source(
    kind="chat",
    label=TIMELINE_LABELS["chat"],
    permissions=(Permission.CHAT_READ,),
    load=load_chat,
    say=say_chat,
)
