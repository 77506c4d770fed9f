"""Pages of the timeline of a record: to look at, to print, to keep as a file."""

from datetime import date, datetime
from itertools import groupby
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination.timeline import timeline_service as service
from coordination.timeline.sources_store import source_of
from coordination.timeline.span import Span, Zoom, beside, wider
from coordination.timeline.timeline import Part
from core import clock, i18n
from core.access import Permission
from core.doors import CareContext
from core.spreadsheet import to_csv
from core.timeline import Entry
from identity.edge.http import Visit, care, html, own_record, visit

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Own = Annotated[CareContext, Depends(own_record(Permission.CIRCLE_READ))]
ToRead = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]

ZOOM_LABELS: Final[dict[str, str]] = {
    "recent": "The last thirty days",
    "new": "Since my last visit",
    "years": "All years",
}
FILE_LABELS: Final[dict[str, str]] = {
    "day": "Day",
    "time": "Time",
    "kind": "Kind",
    "words": "What happened",
    "author": "By whom",
}


def asked(
    at: AtVisit,
    span: Annotated[str, Query(max_length=20)] = "",
    kind: Annotated[list[str] | None, Query(max_length=30)] = None,
    before_at: datetime | None = None,
    before_key: Annotated[str, Query(max_length=100)] = "",
) -> service.Asked:
    """Return what an address asks for."""
    aware = before_at is not None and before_at.tzinfo is not None
    return service.Asked(
        span=span,
        kinds=frozenset(kind or []),
        before_at=before_at if aware else None,
        before_key=before_key if aware else "",
        zone=at.time_zone,
    )


AskedFor = Annotated[service.Asked, Depends(asked)]


@router.get("/p/timeline")
def own_timeline(ctx: Own) -> Response:
    """Lead a patient to the timeline of his own record."""
    service.note_way_in(ctx)
    return RedirectResponse(f"/patients/{ctx.patient}/timeline", 303)


@router.get("/patients/{patient_id}/timeline")
def timeline_page(at: AtVisit, ctx: ToRead, wanted: AskedFor) -> Response:
    """Show what happened in a record in a span, latest first, or the years and months that hold
    something."""
    read = service.read(ctx, wanted)
    if read is None:
        raise HTTPException(404)
    return html(at, "coordination/timeline.html", **_shown(at, ctx, wanted, read))


@router.get("/patients/{patient_id}/timeline/print")
def timeline_to_print(at: AtVisit, ctx: ToRead, wanted: AskedFor) -> Response:
    """Show a span to print; nothing of what is not communicable."""
    read = service.to_keep(ctx, wanted)
    if read is None:
        raise HTTPException(404)
    shown = _shown(at, ctx, wanted, read)
    return html(at, "coordination/timeline_print.html", now=clock.now(), **shown)


@router.get("/patients/{patient_id}/timeline/file")
def timeline_file(at: AtVisit, ctx: ToRead, wanted: AskedFor) -> Response:
    """Give a span as a file for spreadsheets; nothing of what is not communicable."""
    read = service.to_keep(ctx, wanted)
    if read is None:
        raise HTTPException(404)
    say, zone = i18n.translator(at.locale), i18n.zone(at.time_zone)
    lines = [[say(label) for label in FILE_LABELS.values()]]
    for entry in read.page.entries:
        local = entry.at.astimezone(zone)
        words = source_of(entry).say(entry, say, at.locale)
        kind = say(read.kinds[entry.kind])
        lines.append([f"{local:%Y-%m-%d}", f"{local:%H:%M}", kind, words, entry.author or ""])
    headers = {"content-disposition": 'attachment; filename="timeline.csv"'}
    return Response(to_csv(lines), media_type="text/csv; charset=utf-8", headers=headers)


def _shown(
    at: Visit, ctx: CareContext, wanted: service.Asked, read: service.Read
) -> dict[str, Any]:
    say, zone = i18n.translator(at.locale), i18n.zone(at.time_zone)

    def words(entry: Entry) -> str:
        return source_of(entry).say(entry, say, at.locale)

    last = read.page.last
    place = {"before_at": last.at.isoformat(), "before_key": last.key} if last else {}
    by_hour = read.span.zoom in (Zoom.DAY, Zoom.HOUR)
    way = "%Y-%m-%dT%H" if by_hour else "%Y-%m-%d"
    groups = groupby(read.page.entries, key=lambda one: one.at.astimezone(zone).strftime(way))
    return {
        "patient_id": ctx.patient,
        "read": read,
        "span": read.span,
        "title": span_words(read.span, at.locale),
        "wider": wider(read.span) if read.span.zoom is not Zoom.YEARS else None,
        "before": beside(read.span, -1),
        "after": _after(read.span),
        "groups": [(name, group_words(name, at.locale), list(some)) for name, some in groups],
        "parts_list": [(part, part_words(part, at.locale)) for part in read.parts],
        "words": words,
        "chosen": wanted.kinds & read.kinds.keys(),
        "chosen_words": [say(read.kinds[one]) for one in sorted(wanted.kinds & read.kinds.keys())],
        "address": _addresses(ctx, wanted),
        "older": place,
        "zoom_labels": ZOOM_LABELS,
    }


def _after(span: Span) -> str | None:
    return beside(span, 1) if span.until < clock.now() else None


def _addresses(ctx: CareContext, wanted: service.Asked) -> Any:
    """Return the function that makes an address of the timeline: what is not said is as now."""

    def address(span: str | None = None, kinds: Any = None, page: str = "", **place: str) -> str:
        name = wanted.span if span is None else span
        chosen = sorted(wanted.kinds if kinds is None else kinds)
        asked = [("span", name)] if name else []
        asked += [("kind", kind) for kind in chosen]
        query = urlencode([*asked, *place.items()])
        return f"/patients/{ctx.patient}/timeline{page}" + (f"?{query}" if query else "")

    return address


def span_words(span: Span, locale: str) -> str:
    """Write a span as a person says it: « novembre 2026 »."""
    say = i18n.translator(locale)
    match span.zoom:
        case Zoom.YEAR:
            return f"{span.first.year}"
        case Zoom.MONTH:
            return i18n.say_month(span.first, locale)
        case Zoom.DAY:
            return i18n.say_day(span.first, locale)
        case Zoom.HOUR:
            return group_words(span.name, locale)
        case _:
            return say(ZOOM_LABELS[span.zoom])


def group_words(name: str, locale: str) -> str:
    """Write a day, or an hour of a day, by its name in an address."""
    day, _, hour = name.partition("T")
    said = i18n.say_day(date.fromisoformat(day), locale)
    return (
        f"{said}, {int(hour)} h"
        if hour and locale == "fr"
        else said + (f", {hour}:00" if hour else "")
    )


def part_words(part: Part, locale: str) -> str:
    """Write the year or month of an overview."""
    if len(part.name) == 4:
        return part.name
    return i18n.say_month(date.fromisoformat(f"{part.name}-01"), locale)
