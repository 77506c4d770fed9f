"""The one page on which somebody is included, and what is told once it is done."""

from typing import Annotated, Any, Final, Literal, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from coordination.consent import Means
from coordination.inclusion import inclusion_service
from coordination.inclusion.eligibility import CRITERION_LABELS
from coordination.inclusion.follow_up import REFUSAL_LABELS
from coordination.inclusion.information import TEXTS
from coordination.inclusion.path import FIELDS, PROBLEM_SENTENCES, Mend, proposed, read_path
from coordination.inclusion.programmes import PROGRAMMES
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import translator, zone
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from questionnaires.plans.plan_words import ZONE_LABELS

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Watches = Annotated[CareContext, Depends(care(Permission.MONITORING_WRITE))]
Knows = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
PAGE = "/patients/{patient_id}/inclusion"
LONGEST = 1000
AGREES_LABELS: Final[dict[str, str]] = {
    Means.SPOKEN: "Aloud, to me, on the telephone or face to face",
    Means.PAPER: "On a signed paper",
    Means.DIGITAL: "He reads and agrees himself, on his phone: he gets a link",
}
"""How the patient agrees, in the order of the form."""


@router.get(PAGE)
def inclusion_page(
    at: AtVisit, ctx: Watches, traits: Knows, request: UUID | None = None, said: str = ""
) -> Response:
    """Show the path, with what was typed so far or what the request says."""
    return _page(at, ctx, traits, request=request, said=said)


def _page(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    *,
    request: UUID | None,
    typed: dict[str, Any] | None = None,
    problems: dict[str, str] | None = None,
    said: str = "",
) -> Response:
    path = inclusion_service.path(ctx, request)
    today = clock.now().astimezone(zone(at.time_zone)).date()
    given = proposed(today, at.time_zone)
    if path.request is not None:
        risk = "yes" if path.request.risk == "high" else ""
        given |= {"programme": path.request.programme, "high_risk": risk}
    given |= typed if typed is not None else path.typed
    return html(
        at,
        "coordination/inclusion.html",
        status=422 if problems else 200,
        patient=identity.patient_traits(traits),
        patient_id=ctx.patient,
        path=path,
        given=given,
        met=given.get("met", ()),
        problems=problems or {},
        said=said if said in ("kept", "refused") else "",
        programmes=PROGRAMMES,
        criteria=CRITERION_LABELS,
        texts=TEXTS,
        agrees=AGREES_LABELS,
        zones=ZONE_LABELS,
        refusals=REFUSAL_LABELS,
        today=today,
    )


async def typed_form(request: Request) -> dict[str, Any]:
    """Return what the form says, cut to what may be kept."""
    form = await request.form(max_files=0, max_fields=100)
    typed: dict[str, Any] = {field: str(form.get(field, ""))[:LONGEST] for field in FIELDS}
    return typed | {"met": [str(one) for one in form.getlist("met") if one in CRITERION_LABELS]}


Typed = Annotated[dict[str, Any], Depends(typed_form)]


@router.post(PAGE)
def decide_inclusion(
    at: AtVisit,
    ctx: Watches,
    traits: Knows,
    typed: Typed,
    act: Annotated[Literal["include", "keep", "refuse"], Form()] = "keep",
    request: Annotated[str, Form(max_length=36)] = "",
    refusal: Annotated[str, Form(max_length=40)] = "",
    note: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """Include, keep for later, or refuse with a reason; an error loses nothing that was typed."""
    asked = _id_of(request)
    where = f"/patients/{ctx.patient}/inclusion"
    match act:
        case "keep":
            if inclusion_service.keep(ctx, typed, asked):
                return RedirectResponse(f"{where}?said=kept", 303)
            return _mend(at, ctx, traits, asked, typed, "post")
        case "refuse":
            if refusal not in REFUSAL_LABELS:
                inclusion_service.keep(ctx, typed, asked)
                return _mend(at, ctx, traits, asked, typed, "refusal")
            if inclusion_service.refuse(ctx, typed, asked, refusal, note):
                return RedirectResponse(f"{where}?said=refused", 303)
            return _mend(at, ctx, traits, asked, typed, "post")
        case "include":
            return _include(at, ctx, traits, asked, typed)
        case _:
            assert_never(act)


def _mend(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    asked: UUID | None,
    typed: dict[str, Any],
    field: str,
) -> Response:
    problems = {field: PROBLEM_SENTENCES[field]}
    return _page(at, ctx, traits, request=asked, typed=typed, problems=problems)


def _include(
    at: Visit, ctx: CareContext, traits: CareContext, asked: UUID | None, typed: dict[str, Any]
) -> Response:
    now = clock.now()
    wanted = read_path(typed, typed["met"], now.astimezone(zone(at.time_zone)).date())
    outcome: inclusion_service.Included | Mend = (
        wanted
        if isinstance(wanted, Mend)
        else inclusion_service.include(ctx, wanted, typed, asked, translator("fr"))
    )
    match outcome:
        case Mend(problems=problems):
            inclusion_service.keep(ctx, typed, asked)
            return _page(at, ctx, traits, request=asked, typed=typed, problems=problems)
        case inclusion_service.Included():
            return html(
                at,
                "coordination/included.html",
                patient=identity.patient_traits(traits),
                patient_id=ctx.patient,
                done=outcome,
                talking=bool(typed["talking"]),
                himself=typed["means"] == Means.DIGITAL,
            )
        case _:
            assert_never(outcome)


def _id_of(raw: str) -> UUID | None:
    try:
        return UUID(raw)
    except ValueError:
        return None
