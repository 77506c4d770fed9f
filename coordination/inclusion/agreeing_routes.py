"""The patient's own page: he reads what his follow-up is and answers himself."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from coordination.consent import MEANS_LABELS
from coordination.inclusion import follow_up_service
from coordination.inclusion.information import TEXTS, Kind
from coordination.inclusion.programmes import programme_name
from core.access import Permission
from core.doors import CareContext
from core.i18n import translator
from identity.edge.http import Visit, html, own_record, visit

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Own = Annotated[CareContext, Depends(own_record(Permission.PLAN_READ))]
Answer = Annotated[str, Form(max_length=3)]
PAGE = "/p/follow-up"


@router.get(PAGE)
def own_follow_up(at: AtVisit, ctx: Own, said: str = "") -> Response:
    """Show the patient what his follow-up is and what he answered."""
    return _page(at, ctx, said=said)


def _page(at: Visit, ctx: CareContext, *, said: str = "", problem: bool = False) -> Response:
    return html(
        at,
        "coordination/own_follow_up.html",
        status=422 if problem else 200,
        record=follow_up_service.record(ctx),
        texts=TEXTS,
        said=said if said in ("agreed", "refused") else "",
        problem=problem,
        means_labels=MEANS_LABELS,
        programme_name=programme_name,
    )


@router.post(PAGE)
def answer_follow_up(
    at: AtVisit,
    ctx: Own,
    episode: Annotated[UUID, Form()],
    telemonitoring: Answer = "",
    usage_data: Answer = "",
) -> Response:
    """Write down what he answers, in the words he was shown."""
    if {telemonitoring, usage_data} - {"yes", "no"}:
        return _page(at, ctx, problem=True)
    agreed = {Kind.TELEMONITORING: telemonitoring == "yes", Kind.USAGE_DATA: usage_data == "yes"}
    if not follow_up_service.agree(ctx, episode, agreed, translator(at.locale)):
        return RedirectResponse(PAGE, 303)
    said = "agreed" if agreed[Kind.TELEMONITORING] else "refused"
    return RedirectResponse(f"{PAGE}?said={said}", 303)
