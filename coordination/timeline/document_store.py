"""What documents add to the timeline of a record."""

from typing import Final
from uuid import UUID

from coordination.documents.document import Document
from coordination.documents.service import shown
from coordination.documents.words import document_label
from core.access import Permission
from core.doors import CareContext, PersonConnection
from core.i18n import Translate
from core.rows import fetch_all
from core.sqlfile import load_queries
from core.timeline import Entry, Line, Source, Window

_SQL = load_queries("coordination.timeline")
TIMELINE_LABELS: Final[dict[str, str]] = {
    "documents": "Documents",
    "revised": "new version",
    "error": "entered in error",
}


def load_documents(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return the documents the actor is shown: both locks stand before each, as on their page."""
    lines = fetch_all(conn, _SQL["document_lines"], window.params(ctx.patient), Line)
    items = [UUID(line.thing) for line in lines if line.thing]
    params = {"patient": ctx.patient, "items": list(set(items))}
    told = fetch_all(conn, _SQL["documents_told"], params, Document) if items else []
    known = {str(one.item_id): one for one in shown(conn, ctx, told)}
    return [_entry(ctx, line, known[line.thing]) for line in lines if line.thing in known]


def _entry(ctx: CareContext, line: Line, document: Document) -> Entry:
    error = document.withdrawn_at is not None
    return Entry(
        at=line.at,
        key=line.key,
        kind="documents",
        what=line.what,
        facts={"kind": document.kind, "title": line.name or "", "error": error},
        link=f"/patients/{ctx.patient}/documents/{document.item_id}",
        item_id=document.item_id,
        author=line.author,
        withheld=document.withheld,
    )


def say_document(entry: Entry, say: Translate, locale: str) -> str:
    """Write what document it is: « Ordonnance : Perfusion (nouvelle version) »."""
    colon = " : " if locale == "fr" else ": "
    words = f"{say(document_label(entry.facts['kind']))}{colon}{entry.facts['title']}"
    marks = [one for one in ("revised",) if entry.what == one]
    marks += ["error"] if entry.facts["error"] else []
    return words + "".join(f" ({say(TIMELINE_LABELS[one])})" for one in marks)


DOCUMENTS: Final = Source(
    kind="documents",
    label=TIMELINE_LABELS["documents"],
    permissions=(Permission.DOCUMENTS_READ,),
    load=load_documents,
    say=say_document,
)
