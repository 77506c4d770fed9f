"""Use cases of the timeline: a page of it, an overview, a period to print or to keep as a file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from coordination.timeline.sources_store import SOURCES
from coordination.timeline.span import Span, Zoom, parse_span
from coordination.timeline.timeline import Page, Part, merge, overview, without_withheld
from core import clock, i18n
from core.access import Allowed, Held, Permission, decide
from core.care import load_held
from core.doors import CareContext, PersonConnection, acting_as, note_access
from core.rights import rights
from core.sqlfile import load_queries
from core.timeline import Entry, Source, Window

_SQL = load_queries("coordination.timeline")
A_PAGE: Final = 40
"""Entries of a page."""
MOST_PRINTED: Final = 500
"""Entries of a period that are printed or kept in a file."""
MOST_COUNTED: Final = 100
"""Entries of each source that an overview counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of the timeline: a span by its name, kinds (none: all), a place in it."""

    span: str = ""
    kinds: frozenset[str] = frozenset()
    before_at: datetime | None = None
    before_key: str = ""
    zone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page of the timeline, and what may be asked of it next."""

    name: str
    """Of the patient, as the circle has it."""
    span: Span
    page: Page
    parts: tuple[Part, ...]
    kinds: dict[str, str]
    """The kinds the reader may ask for, each with its msgid."""
    last_visit: datetime | None
    """When the reader was there before; None at his first visit."""


def read(ctx: CareContext, asked: Asked) -> Read | None:
    """Return a page of the timeline; needs `circle:read`, and each source its own right.

    None for a span that is none. The look counts as a visit: what comes later is new.
    """
    with acting_as(ctx, detail={"what": "timeline"}) as conn:
        last_visit = _visit(conn, ctx)
        span = parse_span(asked.span, clock.now(), i18n.zone(asked.zone), last_visit)
        if span is None:
            return None
        sources = _open(conn, ctx)
        chosen = [one for one in sources if not asked.kinds or one.kind in asked.kinds]
        kinds = {one.kind: one.label for one in sources}
        if span.is_overview:
            found = _load(conn, ctx, chosen, _window(span, asked, MOST_COUNTED))
            way = "%Y" if span.zoom is Zoom.YEARS else "%Y-%m"
            parts = overview(found, way, i18n.zone(asked.zone), MOST_COUNTED)
            page = Page(entries=(), more=False)
        else:
            found = _load(conn, ctx, chosen, _window(span, asked, A_PAGE + 1))
            page, parts = merge(found, A_PAGE), ()
        name = _name(conn, ctx)
    return Read(name=name, span=span, page=page, parts=parts, kinds=kinds, last_visit=last_visit)


def to_keep(ctx: CareContext, asked: Asked) -> Read | None:
    """Return the entries of a span to print or to keep as a file.

    What is not communicable is left out as if it were not there: paper is left on tables, files
    are sent on.
    """
    with acting_as(ctx, detail={"what": "print"}) as conn:
        span = parse_span(asked.span, clock.now(), i18n.zone(asked.zone), None)
        if span is None:
            return None
        sources = _open(conn, ctx)
        chosen = [one for one in sources if not asked.kinds or one.kind in asked.kinds]
        found = _load(conn, ctx, chosen, _window(span, asked, MOST_PRINTED + 1))
        name = _name(conn, ctx)
    page = merge(without_withheld(found, MOST_PRINTED), MOST_PRINTED)
    kinds = {one.kind: one.label for one in sources}
    return Read(name=name, span=span, page=page, parts=(), kinds=kinds, last_visit=None)


def _visit(conn: PersonConnection, ctx: CareContext) -> datetime | None:
    row = conn.execute(_SQL["visit_record"], {"patient": ctx.patient}).fetchone()
    return row[0] if row else None


def _name(conn: PersonConnection, ctx: CareContext) -> str:
    row = conn.execute(_SQL["patient_name"], {"patient": ctx.patient}).fetchone()
    return str(row[0]) if row else ""


def _open(conn: PersonConnection, ctx: CareContext) -> list[Source]:
    """Return the sources the reader may ask, and trace each right by which he looks.

    Every right he has is traced, whether or not there is something to see: a line that is there
    only when something is would tell of what is hidden.
    """
    held = load_held(conn, ctx.patient)
    granted: dict[Permission, Held] = {}
    opened = []
    for source in SOURCES:
        for permission in source.permissions:
            verdict = decide(held, permission, rights())
            if isinstance(verdict, Allowed):
                granted[permission] = verdict.through
                opened.append(source)
                break
    for permission, through in granted.items():
        if permission != ctx.permission:
            about = {"what": "timeline"}
            note_access(conn, ctx.actor, permission, ctx.patient, "R", about, through=through)
    return opened


def _load(
    conn: PersonConnection, ctx: CareContext, sources: Collection[Source], window: Window
) -> list[Sequence[Entry]]:
    return [source.load(conn, ctx, window) for source in sources]


def _window(span: Span, asked: Asked, most: int) -> Window:
    return Window(
        since=span.since,
        until=span.until,
        most=most,
        before_at=asked.before_at or span.until,
        before_key=asked.before_key if asked.before_at else "",
        grain=span.grain,
        zone=asked.zone,
    )


def note_way_in(ctx: CareContext) -> None:
    """Leave the trace of a patient who is led to his timeline."""
    with acting_as(ctx, detail={"page": "timeline"}):
        pass
