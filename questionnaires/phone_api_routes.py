"""Where a phone sends what it kept: JSON, with refusals that say what is to be done."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from core import clock
from core.access import Permission
from core.doors import CareContext
from identity.edge.http import own_today
from identity.phone_owner import owner_of
from questionnaires import phone_service as phone
from questionnaires.answer_time import PhoneTimes
from questionnaires.filling import Rejected
from questionnaires.phone_service import Sending

router = APIRouter(include_in_schema=False)
Writes = Annotated[CareContext, Depends(own_today(Permission.ANSWERS_WRITE))]
_WEEK_MS = 8 * 24 * 3600 * 1000
_ANY_MS = 20 * 365 * 24 * 3600 * 1000
"""A wall clock may be wrong by years."""
_Text = Annotated[str, Field(max_length=2001)]


class Times(BaseModel):
    """Distances in milliseconds; `sent_wall_ms` is the phone's clock at the sending."""

    model_config = ConfigDict(extra="forbid")
    wall_ms: int = Field(ge=-_ANY_MS, le=_ANY_MS)
    monotonic_ms: int | None = Field(default=None, ge=0, le=_WEEK_MS)
    drift_then_ms: int | None = Field(default=None, ge=-_ANY_MS, le=_ANY_MS)
    sent_wall_ms: int = Field(ge=-10 * _ANY_MS, le=10 * _ANY_MS)


class Answers(BaseModel):
    """One filled-in questionnaire on its way from a phone."""

    model_config = ConfigDict(extra="forbid")
    key: str = Field(min_length=8, max_length=64)
    owner: str = Field(max_length=64)
    edition: str = Field(max_length=80)
    task: UUID | None = None
    answers: dict[Annotated[str, Field(max_length=100)], _Text | list[_Text] | bool | float]
    times: Times
    seconds: int | None = Field(default=None, ge=0, le=12 * 3600)
    called: bool | None = None
    partial: bool = False


@router.post("/p/api/answers")
def take_answers(ctx: Writes, sent: Answers) -> JSONResponse:
    """Store an answer once for its key, and say that it is; or say what is wrong and what to do.

    409: it is somebody else's, who sends it when he is signed in again. 422: to be corrected.
    """
    return taken(ctx, sent)


def taken(ctx: CareContext, sent: Answers, *, late: bool = False) -> JSONResponse:
    """Answer a phone that sends for the patient in hand; `late`: what was asked of him is over."""
    if sent.owner != owner_of(ctx.actor.person):
        return JSONResponse({"error": "other_person", "do": "keep"}, 409)
    edition = phone.known_edition(sent.edition)
    if edition is None:
        return JSONResponse({"error": "unknown_edition", "do": "open_again", "problems": []}, 422)
    sending = Sending(
        key=sent.key,
        task=sent.task,
        times=times_of(sent.times),
        seconds=sent.seconds,
        called=sent.called,
        partial=sent.partial,
    )
    outcome = phone.take_in(ctx, edition, sent.answers, sending)
    if isinstance(outcome, Rejected):
        problems = [{"link_id": one.link_id, "kind": one.kind} for one in outcome.problems]
        return JSONResponse({"error": "rejected", "do": "correct", "problems": problems}, 422)
    said: dict[str, Any] = {"key": sent.key, "again": outcome.again, "urgency": outcome.urgency}
    if late:
        said["late"] = True
    return JSONResponse(said)


def times_of(sent: Times) -> PhoneTimes:
    """Return what a phone measured, with its drift as the server finds it now."""
    server = round(clock.now().timestamp() * 1000)
    return PhoneTimes(
        wall=timedelta(milliseconds=sent.wall_ms),
        monotonic=_span(sent.monotonic_ms),
        drift_then=_span(sent.drift_then_ms),
        drift_now=timedelta(milliseconds=server - sent.sent_wall_ms),
    )


def _span(ms: int | None) -> timedelta | None:
    return None if ms is None else timedelta(milliseconds=ms)
