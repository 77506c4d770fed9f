"""Pages of answers for those who follow a patient: the list, one with its history, correcting."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, assert_never
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from core.access import Permission
from core.doors import CareContext
from core.i18n import translator
from identity.edge.http import Visit, care, html, visit
from identity.service import patient_traits
from questionnaires import answers_service, answers_shown_service, observed_service
from questionnaires.answered import SOURCE_LABELS, Source, came_late
from questionnaires.answers_service import SENT_AGAIN, AlreadyCorrected, NoSuchAnswer, Stored
from questionnaires.answers_shown_service import NEWEST, History, Shown, older_than
from questionnaires.edge.fields import field_words
from questionnaires.edge.sent import Sent, sent_form
from questionnaires.filling import Rejected
from questionnaires.form import as_typed
from questionnaires.history import changes
from questionnaires.questionnaire import said
from questionnaires.showing import say_answer
from questionnaires.shown import Line, line_of, lines_of
from scoring.level import LEVEL_BY_CODE, Level

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
ToRead = Annotated[CareContext, Depends(care(Permission.ANSWERS_READ))]
ToWrite = Annotated[CareContext, Depends(care(Permission.ANSWERS_WRITE))]
Traits = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
LONGEST_REASON = 300
OBSERVED_BACK = timedelta(days=365)
"""Numbers of answers older than this stand in their answers alone (proposed)."""


@router.get("/patients/{patient_id}/answers")
def answers_page(
    at: AtVisit,
    ctx: ToRead,
    traits: Traits,
    name: str = "",
    source: str = "",
    alarming: str = "",
    before: datetime | None = None,
    before_id: UUID | None = None,
) -> Response:
    """List a patient's answers as they stand, newest first."""
    wanted = replace(
        NEWEST,
        instrument=name[:80] or None,
        source=source if source in SOURCE_LABELS else None,
        alarming=bool(alarming),
    )
    if before is not None and before.tzinfo is not None and before_id is not None:
        wanted = replace(wanted, before=before, before_id=before_id)
    page = answers_shown_service.answers_page(ctx, wanted)
    older = older_than(page, wanted)
    series = observed_service.observed(ctx, OBSERVED_BACK) if wanted == NEWEST else []
    kept = {"name": name, "source": source, "alarming": alarming}
    return html(
        at,
        "questionnaires/answers.html",
        patient_id=ctx.patient,
        patient=patient_traits(traits),
        page=page,
        wanted=wanted,
        titles={shown.edition.name: said(shown.edition.title, at.locale) for shown in page.answers},
        older=urlencode(
            {**kept, "before": older.before.isoformat(), "before_id": str(older.before_id)}
        )
        if older
        else "",
        may_write=page.may_write,
        series=series,
        **words(at),
    )


def words(at: Visit) -> dict[str, Any]:
    """Return what the templates need to say an answer in words; levels are for staff alone."""

    def lines(shown: Shown) -> tuple[Line, ...]:
        return lines_of(shown.edition, shown.entry.answers, shown.entry.scores, at.locale)

    def title(shown: Shown) -> str:
        return said(shown.edition.title, at.locale)

    def late(shown: Shown) -> bool:
        return came_late(shown.entry.answered_at, shown.entry.received_at)

    staff = at.signed_in is not None and at.signed_in.actor.post is not None
    return {
        "lines_of": lines,
        "title_of": title,
        "late": late,
        "levels": staff,
        "level_of": alarming_level if staff else lambda _shown: None,
        "source_labels": SOURCE_LABELS,
        "say_observed": lambda item, value: say_answer(item, value, at.locale),
        "asked_as": lambda item: said(item.words, at.locale),
    }


def alarming_level(shown: Shown) -> Level | None:
    """Return the level of an answer when it is one that alarms."""
    level = LEVEL_BY_CODE.get(shown.entry.level or "")
    return level if level in (Level.ORANGE, Level.RED) else None


@router.get("/patients/{patient_id}/answers/{answer_id}")
def answer_page(
    at: AtVisit, ctx: ToRead, traits: Traits, answer_id: UUID, done: str = ""
) -> Response:
    """Show one answer in the words of its own edition, with its corrections."""
    found = answers_shown_service.history(ctx, answer_id)
    if found is None:
        raise HTTPException(status_code=404)
    return html(
        at,
        "questionnaires/answer.html",
        patient_id=ctx.patient,
        patient=patient_traits(traits),
        shown=found.shown,
        chain=found.chain,
        steps=_steps(found, at.locale),
        done=bool(done),
        told=found.shown.entry.urgency if done else None,
        may_write=found.may_write,
        **words(at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One question answered otherwise, in words; empty where it was not answered."""

    question: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One answer in the history of another: what it changed, and why."""

    shown: Shown
    changes: tuple[ChangeLine, ...]
    reason: str


def _steps(found: History, locale: str) -> list[Step]:
    steps = []
    for before, shown in zip((None, *found.chain), found.chain, strict=False):
        changed = _changed(before, shown, locale) if before else ()
        reason = shown.entry.reason or ""
        if reason == SENT_AGAIN:
            reason = translator(locale)("sent again with other answers")
        steps.append(Step(shown=shown, changes=changed, reason=reason))
    return steps


def _changed(before: Shown, after: Shown, locale: str) -> tuple[ChangeLine, ...]:
    found = changes(after.edition, before.entry.answers, after.entry.answers)
    lines = []
    for change in found:
        item = after.edition.item(change.link_id)
        if item is None:
            continue
        said_before, said_after = (
            line_of(item, value, locale).answer if value is not None else ""
            for value in (change.before, change.after)
        )
        question = said(item.words, locale)
        lines.append(ChangeLine(question=question, before=said_before, after=said_after))
    return tuple(lines)


@router.get("/patients/{patient_id}/answers/{answer_id}/correct")
def correct_page(
    at: AtVisit, ctx: ToRead, _write: ToWrite, traits: Traits, answer_id: UUID
) -> Response:
    """Show an answer as a form."""
    found = _to_correct(ctx, answer_id)
    return _correcting(at, ctx, traits, found, Sent({}))


@router.post("/patients/{patient_id}/answers/{answer_id}/correct")
def correct_answer(
    at: AtVisit,
    read: ToRead,
    ctx: ToWrite,
    traits: Traits,
    answer_id: UUID,
    sent: Annotated[Sent, Depends(sent_form)],
) -> Response:
    """Store the correction and show the answer as it stands now."""
    reason = sent.field("_reason", LONGEST_REASON)
    page = f"/patients/{ctx.patient}/answers"
    if not reason:
        return _correcting(at, ctx, traits, _to_correct(read, answer_id), sent, no_reason=True)
    outcome = answers_service.correct(
        ctx, answer_id, sent.given, key=sent.key, reason=reason, source=Source.STAFF_PHONE
    )
    match outcome:
        case Rejected():
            found = _to_correct(read, answer_id)
            return _correcting(at, ctx, traits, found, sent, rejected=outcome)
        case NoSuchAnswer():
            raise HTTPException(status_code=404)
        case AlreadyCorrected():
            return RedirectResponse(f"{page}/{answer_id}", 303)
        case Stored():
            return RedirectResponse(f"{page}/{outcome.id}?done=yes", 303)
        case _:
            assert_never(outcome)


def _to_correct(ctx: CareContext, answer_id: UUID) -> Shown:
    found = answers_shown_service.history(ctx, answer_id)
    if found is None:
        raise HTTPException(status_code=404)
    return found.shown


def _correcting(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    shown: Shown,
    sent: Sent,
    *,
    rejected: Rejected | None = None,
    no_reason: bool = False,
) -> Response:
    given = sent.given or as_typed(shown.entry.answers)
    return html(
        at,
        "questionnaires/answer_correct.html",
        status=422 if rejected or no_reason else 200,
        patient_id=ctx.patient,
        patient=patient_traits(traits),
        answer_id=shown.entry.id,
        answered_at=shown.entry.answered_at,
        title=said(shown.edition.title, at.locale),
        edition=shown.edition,
        given=given,
        problems={p.link_id: p for p in rejected.problems} if rejected else {},
        w=field_words(at.locale),
        key=sent.key,
        reason=sent.field("_reason", LONGEST_REASON),
        no_reason=no_reason,
    )
