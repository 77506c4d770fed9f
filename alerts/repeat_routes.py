"""The patient measures again: how to measure well, the value, two questions; on his phone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from alerts import own_repeats_service as repeats
from core import clock
from core.access import Permission
from core.doors import CareContext
from identity.edge.http import Visit, own_today, visit
from questionnaires import phone_service as phone
from questionnaires.edge.asking import Place, asking_page
from questionnaires.edge.sent import Sent, sent_form
from questionnaires.filling import Rejected
from questionnaires.phone_api_routes import Answers, taken

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Writes = Annotated[CareContext, Depends(own_today(Permission.ANSWERS_WRITE))]
Filled = Annotated[Sent, Depends(sent_form)]
LONGEST_DIGEST = 64


@router.get("/p/repeats/{repeat_id}")
def repeat_page(at: AtVisit, ctx: Writes, repeat_id: UUID, blank: str = "") -> Response:
    """Guide the patient through a measure; once it is settled, lead him to his day."""
    found = repeats.find(ctx, repeat_id)
    if found is None:
        raise HTTPException(status_code=404)
    if not found.is_open or found.is_over(clock.now()):
        return RedirectResponse("/p/sent" if found.answer_id else "/p", 303)
    return asking_page(at, repeats.questions_of(found), _place(repeat_id), blank=bool(blank))


@router.post("/p/repeats/{repeat_id}")
def send_repeat(at: AtVisit, ctx: Writes, repeat_id: UUID, sent: Filled) -> Response:
    """Store the measure and the answers, or show the form again with what is wrong.

    However late they come, they are his values and are kept; that nobody waits for them any more
    is said.
    """
    found = repeats.find(ctx, repeat_id)
    if found is None:
        raise HTTPException(status_code=404)
    edition = repeats.questions_of(found, sent.field("edition", LONGEST_DIGEST))
    outcome = phone.submit(ctx, edition, sent.given, key=sent.key, task=None)
    if isinstance(outcome, Rejected):
        return asking_page(
            at,
            edition,
            _place(repeat_id),
            key=sent.key,
            given=sent.given,
            problems=outcome.problems,
        )
    repeats.note_answered(ctx, repeat_id, sent.key)
    late = "?late=yes" if found.is_over(clock.now()) else ""
    return RedirectResponse(f"/p/sent{late}", 303)


@router.post("/p/api/repeats/{repeat_id}")
def take_repeat(ctx: Writes, repeat_id: UUID, sent: Answers) -> JSONResponse:
    """Take in what a phone kept: whatever became of the repeat meanwhile, the answer counts.

    `late`: the patient is asked no more, which his phone tells him.
    """
    found = repeats.find(ctx, repeat_id)
    late = found is not None and found.is_over(clock.now())
    answer = taken(ctx, sent, late=late)
    if answer.status_code == 200:
        repeats.note_answered(ctx, repeat_id, sent.key)
    return answer


def _place(repeat: UUID) -> Place:
    """Return where it stands; what is drafted for one repeat is never shown in another."""
    return Place(
        action=f"/p/repeats/{repeat}", send_to=f"/p/api/repeats/{repeat}", subject=str(repeat)
    )
