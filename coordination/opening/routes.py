"""The page « Dossier »: how a record stands, and the acts that change it."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from coordination import membership_service
from coordination.circle import STAFF_OF, Found
from coordination.consent import MEANS_LABELS
from coordination.opening import service, words
from coordination.opening.opening import (
    TEXT_SENTENCES,
    Kind,
    Outcome,
    Proposal,
    Said,
    check_change,
    parse_proposal,
    parse_said,
)
from core import clock, i18n
from core.access import Permission
from core.doors import CareContext
from identity import service as identity
from identity.edge.http import Visit, care, html, visit
from identity.words import role_label
from questionnaires.edge.photo import MOST_BYTES, Unusable
from questionnaires.photo_routes import POLICY, why_not
from questionnaires.photo_service import NotKept

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Text = Annotated[str, Form(max_length=300)]
Version = Annotated[int, Form(ge=0, le=2**31 - 1)]
Manages = Annotated[CareContext, Depends(care(Permission.CIRCLE_MANAGE))]
Reads = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
Names = Annotated[CareContext, Depends(care(Permission.IDENTITY_READ))]
MOST_FIELD = 300
"""Characters of one field of a form with a file."""


@dataclass(frozen=True, slots=True)
class SentPaper:
    """A form that may bring the picture of a paper."""

    fields: dict[str, str]
    photo: bytes


async def sent_paper(request: Request) -> SentPaper:
    """Return the fields of a form and its file `photo`, a byte more than is taken at most."""
    async with request.form(max_files=1, max_fields=10) as sent:
        photo = sent.get("photo")
        read = await photo.read(MOST_BYTES + 1) if isinstance(photo, UploadFile) else b""
        fields = {key: one[:MOST_FIELD] for key, one in sent.items() if isinstance(one, str)}
        return SentPaper(fields, read)


@router.get("/patients/{patient_id}/record")
def record_page(at: AtVisit, ctx: Reads, traits: Names, said: str = "") -> Response:
    """Show how a record stands, and how it came to."""
    return show(at, ctx, traits, said=words.SAID_SENTENCES.get(said, ""), done=said)


def show(
    at: Visit,
    ctx: CareContext,
    traits: CareContext,
    *,
    problem: Outcome | None = None,
    sentence: str = "",
    typed: dict[str, str] | None = None,
    **values: Any,
) -> Response:
    """Return the page with what was typed, what was done or why it was not."""
    found = service.record(ctx)
    if found is None:
        raise HTTPException(status_code=404)
    shown = {"said": "", "done": "", "organisations": (), **values}
    opened = membership_service.opened_if_allowed
    return html(
        at,
        "coordination/record.html",
        status=409 if problem is Outcome.STALE else 422 if problem or sentence else 200,
        patient=identity.patient_traits(traits),
        record=found,
        problem=words.SENTENCES[problem] if problem else sentence,
        typed=typed or {},
        may_manage=opened(ctx, Permission.CIRCLE_MANAGE) is not None,
        words=words,
        texts=TEXT_SENTENCES,
        means_labels=MEANS_LABELS,
        missions=tuple(STAFF_OF),
        role_label=role_label,
        today=_today(at),
        **shown,
    )


def _today(at: Visit) -> Any:
    return clock.now().astimezone(i18n.zone(at.time_zone)).date()


def _back(ctx: CareContext, said: str) -> Response:
    return RedirectResponse(f"/patients/{ctx.patient}/record?said={said}", 303)


@router.post("/patients/{patient_id}/record/sharing")
def change_sharing(
    at: AtVisit,
    ctx: Manages,
    reading: Reads,
    traits: Names,
    shared: Text = "",
    reason: Text = "",
    confirmed: Text = "",
    version: Version = 0,
) -> Response:
    """Share the record, or share it no more."""
    wanted = shared == "yes"
    outcome = check_change(reason, confirmed) or service.set_sharing(
        ctx, version, shared=wanted, reason=reason.strip()
    )
    if outcome is Outcome.DONE:
        return _back(ctx, "shared" if wanted else "unshared")
    return show(at, reading, traits, problem=outcome, typed={"act": "sharing", "reason": reason})


@router.post("/patients/{patient_id}/record/archive")
def change_archive(
    at: AtVisit,
    ctx: Manages,
    reading: Reads,
    traits: Names,
    archived: Text = "",
    reason: Text = "",
    confirmed: Text = "",
    version: Version = 0,
) -> Response:
    """Archive the record, or open it again."""
    wanted = archived == "yes"
    outcome = check_change(reason, confirmed) or service.set_archived(
        ctx, version, archived=wanted, reason=reason.strip()
    )
    if outcome is Outcome.DONE:
        return _back(ctx, "archived" if wanted else "reopened")
    return show(at, reading, traits, problem=outcome, typed={"act": "archive", "reason": reason})


@router.post("/patients/{patient_id}/record/statements")
def note_statement(
    at: AtVisit,
    ctx: Manages,
    reading: Reads,
    traits: Names,
    sent: Annotated[SentPaper, Depends(sent_paper)],
) -> Response:
    """Write down what the patient was told, agrees to or opposes, with the picture of the paper."""
    say = i18n.translator(at.locale)
    said = parse_said(sent.fields, _today(at))
    outcome = service.note(ctx, said, sent.photo, say) if isinstance(said, Said) else said
    if outcome is Outcome.DONE and isinstance(said, Said):
        return _opposed(ctx, reading) if said.kind is Kind.OPPOSITION else _back(ctx, "noted")
    typed = {"act": "statement", **sent.fields}
    if isinstance(outcome, Unusable | NotKept):
        return show(at, reading, traits, sentence=why_not(outcome, _as_it_is), typed=typed)
    return show(at, reading, traits, problem=outcome, typed=typed)


def _as_it_is(msgid: str) -> str:
    return msgid


def _opposed(ctx: CareContext, reading: CareContext) -> Response:
    """Go back to the record, or home when the opposition closed it to who wrote it down."""
    still = membership_service.opened_if_allowed(reading, Permission.CIRCLE_READ)
    if still is None:
        return RedirectResponse("/records", 303)
    found = service.record(still)
    return _back(ctx, "still_followed" if found and found.head.shared else "opposed")


@router.post("/patients/{patient_id}/record/statements/{statement_id}/withdraw")
def withdraw_statement(ctx: Manages, statement_id: UUID) -> Response:
    """Write down that the patient takes it back."""
    return _back(ctx, "withdrawn" if service.withdraw(ctx, statement_id) else "gone")


@router.get("/patients/{patient_id}/record/papers/{paper_id}")
def show_paper(ctx: Manages, paper_id: UUID) -> Response:
    """Show the picture of a signed paper."""
    paper = service.paper(ctx, paper_id)
    if paper is None:
        raise HTTPException(status_code=404)
    headers = {
        "content-disposition": f'attachment; filename="{paper_id}.jpg"',
        "content-security-policy": POLICY,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(paper.bytes, media_type="image/jpeg", headers=headers)


@router.post("/patients/{patient_id}/record/transfers")
def propose(
    at: AtVisit,
    ctx: Manages,
    reading: Reads,
    traits: Names,
    text: Text = "",
    organisation: Text = "",
    mission: Text = "",
    stays: Text = "",
    reason: Text = "",
    told_on: Text = "",
    version: Version = 0,
) -> Response:
    """Look for an organisation, then propose the record to it."""
    typed = {"act": "transfer", "text": text, "organisation": organisation}
    form = {"mission": mission, "stays": stays, "reason": reason, "told_on": told_on}
    to = _uuid(organisation)
    if to is None:
        found = membership_service.find_organisations(ctx, text)
        return show(at, reading, traits, typed=typed, organisations=found, looked=True)
    asked = parse_proposal(form, to, _today(at))
    outcome = service.propose(ctx, asked, version) if isinstance(asked, Proposal) else asked
    if outcome is Outcome.DONE:
        return _back(ctx, "proposed")
    again: list[Found] = membership_service.find_organisations(ctx, text)
    return show(at, reading, traits, problem=outcome, typed={**typed, **form}, organisations=again)


def _uuid(raw: str) -> UUID | None:
    try:
        return UUID(raw)
    except ValueError:
        return None


@router.post("/patients/{patient_id}/record/transfers/{transfer_id}/withdraw")
def withdraw_proposal(ctx: Manages, transfer_id: UUID) -> Response:
    """Take a proposal back before it is answered."""
    return _back(ctx, "withdrawn" if service.withdraw_proposal(ctx, transfer_id) else "gone")
