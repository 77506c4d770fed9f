"""« Proposer un changement de seuils »: from the page of an alert to a draft somebody signs."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from alerts import prescription_form_service as forms
from alerts import prescription_service as prescriptions
from alerts import service
from alerts.limits_form import limits_shown, proposed
from alerts.prescription import Content, Problem
from alerts.prescription_fields import Fields, fields_of
from alerts.prescription_service import NOT_KEPT_SENTENCES, REASON_LONGEST, NotKept
from alerts.prescription_words import LIMIT_LABELS
from alerts.views import NotFound
from alerts.wording import item_word
from core.access import Permission
from core.doors import CareContext
from core.i18n import translator
from identity import service as identity
from identity.edge.http import Visit, care, html, visit

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
PAGE = "/patients/{patient_id}/alerts/{alert_id}/limits"
Reads = Annotated[CareContext, Depends(care(Permission.ALERTS_READ))]
Knows = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
Writes = Annotated[CareContext, Depends(care(Permission.MONITORING_WRITE))]


async def sent_form(request: Request) -> dict[str, str]:
    """Return the form as it was sent, each field once."""
    sent = await request.form(max_fields=100)
    return {name: value for name, value in sent.items() if isinstance(value, str)}


NOT_PROPOSED_SENTENCES: Final[dict[str, str]] = {
    "unchanged": "You have changed no limit.",
    "no_reason": "Say why: it is read by whoever signs.",
    **{why.value: text for why, text in NOT_KEPT_SENTENCES.items()},
}
"""English msgid of why a proposal was not kept."""
SentForm = Annotated[dict[str, str], Depends(sent_form)]


@router.get(PAGE)
def show_limits(at: AtVisit, alert_id: UUID, read: Reads, traits: Knows, ctx: Writes) -> Response:
    """Show the limits in force, to be changed; opening it changes nothing."""
    live = _live(read, alert_id)
    fields = fields_of(live) if live else {}
    return _page(at, alert_id, traits, live, fields=fields, reason="")


@router.post(PAGE)
def propose_limits(
    at: AtVisit, alert_id: UUID, read: Reads, traits: Knows, ctx: Writes, sent: SentForm
) -> Response:
    """Keep the proposal as a draft; what cannot be kept is shown with all that was typed."""
    live = _live(read, alert_id)
    reason = sent.get("reason", "").strip()
    fields = proposed(live, sent) if live else {}
    result = _propose(ctx, alert_id, live, fields, reason)
    if result is None:
        page = f"/patients/{ctx.patient}/alerts/{alert_id}?done=limits_proposed"
        return RedirectResponse(page, 303)
    problems = result if isinstance(result, tuple) else ()
    said = "" if isinstance(result, tuple) else NOT_PROPOSED_SENTENCES[result]
    return _page(
        at,
        alert_id,
        traits,
        live,
        fields=fields,
        reason=reason,
        problems=problems,
        said=said,
        status=422,
    )


def _propose(
    ctx: CareContext, alert: UUID, live: Content | None, fields: Fields, reason: str
) -> tuple[Problem, ...] | str | None:
    """Keep the proposal as a draft; else return what is wrong with its fields, or a word why."""
    if live is None:
        return NotKept.UNWATCHED
    content = forms.read_form(fields)
    if not isinstance(content, Content):
        return content
    if problems := forms.faults_of(content):
        return problems
    if content == live:
        return "unchanged"
    if not reason:
        return "no_reason"
    kept = prescriptions.keep_draft(ctx, content, reason=reason, alert=alert)
    return kept if isinstance(kept, NotKept) else None


def _live(read: CareContext, alert_id: UUID) -> Content | None:
    """Return what is in force; 404 for an alert that does not stand on this record."""
    if isinstance(service.alert_page(read, alert_id), NotFound):
        raise HTTPException(status_code=404)
    live = prescriptions.prescribed(read).live
    return live.content if live else None


def _page(
    at: Visit,
    alert_id: UUID,
    traits: CareContext,
    live: Content | None,
    *,
    fields: Fields,
    reason: str,
    problems: tuple[Problem, ...] = (),
    said: str = "",
    status: int = 200,
) -> Response:
    tr = translator(at.locale)
    values: dict[str, Any] = {
        "patient": identity.patient_traits(traits),
        "patient_id": traits.patient,
        "alert_id": alert_id,
        "shown": limits_shown(live, fields, at.locale) if live else (),
        "problems": {one.place: one.sentence for one in problems},
        "said_wrong": said,
        "reason": reason,
        "longest": REASON_LONGEST,
        "limit_labels": LIMIT_LABELS,
        "item_word": lambda item: item_word(item, tr),
        "unwatched": live is None,
    }
    return html(at, "alerts/limits.html", status=status, **values)


__all__ = ["router"]
