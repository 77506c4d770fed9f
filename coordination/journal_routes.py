"""Pages of who opened the record, a month each, to print and to keep as a file."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import PlainTextResponse

from coordination import emergency_service, service
from coordination import journal_words as words
from coordination.circle_words import basis_label
from coordination.journal import gather, parse_month
from core import clock, i18n
from core.access import Permission
from core.doors import CareContext
from identity import service as identity
from identity.edge.http import Visit, care, html, own_record, visit
from identity.words import permission_label, role_label

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
AnyMonth = Annotated[str, Query(alias="month", max_length=20)]
Answerable = Annotated[CareContext, Depends(care(Permission.AUDIT_READ))]
Own = Annotated[CareContext, Depends(own_record(Permission.AUDIT_READ))]


@router.get("/patients/{patient_id}/journal")
def journal_page(
    at: AtVisit,
    ctx: Answerable,
    traits: Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))],
    month: AnyMonth = "",
) -> Response:
    """Show who opened the record, to those who answer for it."""
    patient = identity.patient_traits(traits)
    return html(
        at,
        "coordination/journal.html",
        patient=patient,
        here=f"/patients/{ctx.patient}/journal",
        **_shown(at, ctx, month),
    )


@router.get("/patients/{patient_id}/journal/file")
def journal_file(at: AtVisit, ctx: Answerable, month: AnyMonth = "") -> Response:
    """Give a month of the journal as a file, to those who answer for the record."""
    return _file(at, ctx, month)


@router.get("/p/journal")
def own_journal_page(at: AtVisit, ctx: Own, month: AnyMonth = "") -> Response:
    """Show a patient who opened his record."""
    return html(
        at,
        "coordination/own_journal.html",
        emergencies=emergency_service.emergencies(ctx),
        here="/p/journal",
        **_shown(at, ctx, month),
    )


@router.get("/p/journal/file")
def own_journal_file(at: AtVisit, ctx: Own, month: AnyMonth = "") -> Response:
    """Give a patient a month of who opened his record, as a file."""
    return _file(at, ctx, month)


def _shown(at: Visit, ctx: CareContext, asked: str) -> dict[str, Any]:
    zone = i18n.zone(at.time_zone)
    now = clock.now()
    month, current = (parse_month(text, now, zone) for text in (asked, ""))
    journal = service.journal(ctx, *month.bounds(zone), now)
    accesses = journal.accesses
    return {
        "month": month,
        "month_name": lambda which: i18n.say_month(which.first, at.locale),
        "older": month.before if journal.reaches_back else None,
        "newer": month.after if month != current else None,
        "visitors": gather(accesses, zone),
        "machines": journal.machines,
        "most": len(accesses) if len(accesses) == service.MOST_ACCESSES else 0,
        "role_label": role_label,
        "permission_label": permission_label,
        "basis_label": basis_label,
        "purpose_label": words.purpose_label,
        "service_label": words.service_label,
    }


def _file(at: Visit, ctx: CareContext, asked: str) -> Response:
    zone = i18n.zone(at.time_zone)
    now = clock.now()
    month = parse_month(asked, now, zone)
    journal = service.journal(ctx, *month.bounds(zone), now)
    text = words.to_csv(journal.accesses, i18n.translator(at.locale), zone)
    return PlainTextResponse(
        text,
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="journal-{month}.csv"'},
    )
