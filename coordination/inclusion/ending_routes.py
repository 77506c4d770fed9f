"""The page of an exit: a follow-up ended, a death noted or taken back, devices given back."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from alerts.wording import item_word
from coordination.inclusion import ending_service as service
from coordination.inclusion.edge.letter import letter_pdf
from coordination.inclusion.ending import (
    PROBLEM_SENTENCES,
    SAID_SENTENCES,
    SHORTEST_REASON,
    Problem,
    read_death,
    read_exit,
)
from coordination.inclusion.follow_up import (
    EXIT_CHOICES,
    EXIT_LABELS,
    RESTART_SENTENCES,
    to_restart,
)
from coordination.inclusion.programmes import programme_name
from core import clock
from core.access import Permission, grants
from core.doors import CareContext
from core.i18n import translator, zone
from core.rights import rights
from identity import service as identity
from identity.edge.http import Visit, care, html, signed_in, visit
from identity.people import SignedIn
from identity.words import role_label, say_phone

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Who = Annotated[SignedIn, Depends(signed_in)]
ToRead = Annotated[CareContext, Depends(care(Permission.PLAN_READ))]
ToEnd = Annotated[CareContext, Depends(care(Permission.MONITORING_WRITE))]
Traits = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
Documents = Annotated[CareContext, Depends(care(Permission.DOCUMENTS_READ))]
Short = Annotated[str, Form(max_length=40)]
Long = Annotated[str, Form(max_length=4000)]


@router.get("/patients/{patient_id}/exit")
def exit_page(at: AtVisit, ctx: ToRead, traits: Traits, said: str = "") -> Response:
    """Show the follow-ups of a record, and how each may end or has ended."""
    return _page(at, ctx, traits, said=said)


def _page(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    *,
    said: str = "",
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    now = clock.now()
    tr = translator(at.locale)
    return html(
        at,
        "coordination/exit.html",
        status=409 if problem else 200,
        page=service.ending_page(ctx),
        patient=identity.patient_traits(traits),
        patient_id=ctx.patient,
        may_end=grants(ctx.through, Permission.MONITORING_WRITE, rights()),
        may_read_letters=grants(ctx.through, Permission.DOCUMENTS_READ, rights()),
        said=SAID_SENTENCES.get(said, ""),
        problem=problem,
        problem_sentence=PROBLEM_SENTENCES[problem.why] if problem else "",
        typed=typed or {},
        today=now.astimezone(zone(at.time_zone)).date(),
        choices=EXIT_CHOICES,
        labels=EXIT_LABELS,
        programme_name=programme_name,
        item_word=lambda item: item_word(item, tr),
        role_label=role_label,
        say_phone=say_phone,
        restart=lambda death: [RESTART_SENTENCES[code] for code in to_restart(death.stopped)],
    )


@router.post("/patients/{patient_id}/exit/{episode_id}")
def end(
    at: AtVisit,
    who: Who,
    ctx: ToEnd,
    reading: ToRead,
    traits: Traits,
    episode_id: UUID,
    reason: Short = "",
    note: Long = "",
    alerts: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """End a follow-up with a reason."""
    wanted = read_exit(reason, note, alerts or [])
    outcome = (
        wanted
        if isinstance(wanted, Problem)
        else service.end(
            ctx,
            episode_id,
            wanted,
            by=who,
            traits=identity.patient_traits(traits),
            draw=letter_pdf,
        )
    )
    if outcome is not None:
        typed = {"episode": str(episode_id), "reason": reason, "note": note}
        return _page(at, reading, traits, problem=outcome, typed=typed)
    return _done(ctx, "ended")


@router.post("/patients/{patient_id}/death")
def death(
    at: AtVisit,
    who: Who,
    ctx: ToEnd,
    reading: ToRead,
    traits: Traits,
    day: Short = "",
    sure: Short = "",
) -> Response:
    """Note a death; everything that would ask or tell the patient or his family stops."""
    known = identity.patient_traits(traits)
    today = clock.now().astimezone(zone(at.time_zone)).date()
    wanted = read_death(day, sure, born=known.birth_date if known else None, today=today)
    outcome = (
        wanted
        if isinstance(wanted, Problem)
        else service.note_death(ctx, wanted, by=who, traits=known, draw=letter_pdf)
    )
    if outcome is not None:
        return _page(at, reading, traits, problem=outcome, typed={"day": day})
    return _done(ctx, "died")


@router.post("/patients/{patient_id}/death/undo")
def undo(at: AtVisit, ctx: ToEnd, reading: ToRead, traits: Traits, reason: Long = "") -> Response:
    """Take back a death that was noted in error."""
    why = reason.strip()
    outcome = Problem("undo") if len(why) < SHORTEST_REASON else service.undo_death(ctx, why[:500])
    if outcome is not None:
        return _page(at, reading, traits, problem=outcome, typed={"undo": reason})
    return _done(ctx, "undone")


@router.post("/patients/{patient_id}/death/told")
def told(ctx: ToEnd, party: Annotated[UUID, Form()]) -> Response:
    """Note that one has told a relative."""
    if not service.relative_told(ctx, party):
        raise HTTPException(status_code=404)
    return _done(ctx, "told")


@router.post("/patients/{patient_id}/kit/{kit_id}")
def settle(
    ctx: ToEnd, kit_id: UUID, outcome: Annotated[Literal["returned", "lost"], Form()]
) -> Response:
    """Note that a device came back, or is lost."""
    if not service.settle_kit(ctx, kit_id, outcome):
        raise HTTPException(status_code=404)
    return _done(ctx, "kit")


@router.get("/patients/{patient_id}/letters/{letter_id}")
def letter(ctx: Documents, letter_id: UUID) -> Response:
    """Return a letter as it was kept, to read, print or send."""
    pdf = service.letter(ctx, letter_id)
    if pdf is None:
        raise HTTPException(status_code=404)
    return Response(
        pdf,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="lettre-{str(letter_id)[-8:]}.pdf"',
            "Cache-Control": "no-store",
        },
    )


def _done(ctx: CareContext, said: str) -> Response:
    return RedirectResponse(f"/patients/{ctx.patient}/exit?said={said}", 303)
