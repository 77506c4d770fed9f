"""What is done to an item's own rights: hide it, show it again, flag it sensitive.

The kind stands in the address, so that asking to hide what never can be (measurements, allergies,
alerts) has its own clear answer.
"""

from typing import Annotated, Final, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination import items_service
from coordination.notes_words import REFUSAL_SENTENCES
from core.access import Permission
from core.doors import CareContext
from core.items import ItemKind, NeverHidden, Sensitivity
from identity.edge.http import Visit, care, html, own_record, visit

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Deciding = Annotated[CareContext, Depends(care(Permission.ITEMS_HIDE))]
DecidingMine = Annotated[CareContext, Depends(own_record(Permission.ITEMS_HIDE))]
Text = Annotated[str, Form(max_length=300)]
Id = Annotated[UUID, Form()]


@router.post("/patients/{patient_id}/items/{kind}/{item_id}/hide")
def hide(
    at: AtVisit, ctx: Deciding, kind: str, item_id: UUID, audience: Text = "", reason: Text = ""
) -> Response:
    """Hide an item from a member or a role."""
    outcome = items_service.hide(ctx, kind, item_id, audience, reason)
    return _answer(at, f"/patients/{ctx.patient}", kind, item_id, outcome)


@router.post("/p/items/{kind}/{item_id}/hide")
def hide_mine(
    at: AtVisit, ctx: DecidingMine, kind: str, item_id: UUID, audience: Text = "", reason: Text = ""
) -> Response:
    """Let a patient hide an item of his record."""
    outcome = items_service.hide(ctx, kind, item_id, audience, reason)
    return _answer(at, "/p", kind, item_id, outcome)


@router.post("/patients/{patient_id}/items/{kind}/{item_id}/show")
def show(at: AtVisit, ctx: Deciding, kind: str, item_id: UUID, hiding: Id) -> Response:
    """Show an item again."""
    outcome = items_service.show(ctx, kind, item_id, hiding)
    return _answer(at, f"/patients/{ctx.patient}", kind, item_id, outcome)


@router.post("/p/items/{kind}/{item_id}/show")
def show_mine(at: AtVisit, ctx: DecidingMine, kind: str, item_id: UUID, hiding: Id) -> Response:
    """Let a patient show an item again."""
    return _answer(at, "/p", kind, item_id, items_service.show(ctx, kind, item_id, hiding))


@router.post("/patients/{patient_id}/items/{kind}/{item_id}/flag")
def flag(at: AtVisit, ctx: Deciding, kind: str, item_id: UUID, sensitive: Text = "") -> Response:
    """Flag an item as sensitive, or lift the flag."""
    outcome = items_service.flag(ctx, kind, item_id, _sensitivity(sensitive))
    return _answer(at, f"/patients/{ctx.patient}", kind, item_id, outcome)


@router.post("/p/items/{kind}/{item_id}/flag")
def flag_mine(
    at: AtVisit, ctx: DecidingMine, kind: str, item_id: UUID, sensitive: Text = ""
) -> Response:
    """Let a patient flag an item, or lift the flag."""
    outcome = items_service.flag(ctx, kind, item_id, _sensitivity(sensitive))
    return _answer(at, "/p", kind, item_id, outcome)


def _sensitivity(raw: str) -> Sensitivity:
    return Sensitivity.SENSITIVE if raw == "yes" else Sensitivity.NORMAL


_PAGES: Final = {ItemKind.NOTE.value: "notes", ItemKind.DOCUMENT.value: "documents"}
"""Where an item of each kind has its page."""


def _answer(
    at: Visit,
    home: str,
    kind: str,
    item: UUID,
    outcome: items_service.HideOutcome | items_service.Shown | items_service.Flagged,
) -> Response:
    page = "/" if kind == ItemKind.ACTION else f"{home}/{_PAGES.get(kind, 'notes')}/{item}"
    match outcome:
        case items_service.Hidden():
            return RedirectResponse(f"{page}?said=hidden", 303)
        case items_service.Shown():
            return RedirectResponse(f"{page}?said=shown", 303)
        case items_service.Flagged(sensitivity=sensitivity):
            return RedirectResponse(f"{page}?said={sensitivity.value}", 303)
        case items_service.NoSuchItem():
            raise HTTPException(404)
        case items_service.NotYours():
            return _refused(at, page, outcome, 403)
        case NeverHidden():
            return _refused(at, "/p" if home == "/p" else "/", outcome, 422)
        case (
            items_service.NoSuchAudience()
            | items_service.NotFromAuthor()
            | items_service.NotFromPatient()
            | items_service.NotFromDoctor()
            | items_service.AlreadyHidden()
        ):
            return _refused(at, page, outcome, 422)
        case _:
            assert_never(outcome)


_WHY: Final[dict[type, str]] = {
    NeverHidden: "never",
    items_service.NotYours: "not_yours",
    items_service.NoSuchAudience: "nobody",
    items_service.NotFromAuthor: "author",
    items_service.NotFromPatient: "patient",
    items_service.NotFromDoctor: "doctor",
    items_service.AlreadyHidden: "already",
}


def _refused(at: Visit, back: str, refusal: object, status: int) -> Response:
    sentence = REFUSAL_SENTENCES[_WHY[type(refusal)]]
    return html(at, "coordination/item_refused.html", status=status, back=back, sentence=sentence)
