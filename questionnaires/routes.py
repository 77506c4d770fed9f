"""The patient's questionnaire on his phone: one page, a plain form."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import same_day, zone
from core.vitals import VITALS
from identity.edge.http import (
    SecondFactorNeeded,
    Visit,
    html,
    only_today,
    own_today,
    visit,
)
from questionnaires import service
from questionnaires.answered import Answered
from questionnaires.instrument import (
    Instrument,
    Problem,
    Question,
    Rejected,
    needs_15,
)

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
LONGEST_KEY = 64
LONGEST_ANSWER = 40
JUST_SENT = timedelta(minutes=10)


@router.get("/p/questions")
def questions_page(
    at: AtVisit, ctx: Annotated[CareContext, Depends(own_today(Permission.ANSWERS_WRITE))]
) -> Response:
    """Ask today's questions."""
    return _form(at, service.load_instrument(), key=token_urlsafe(16))


async def form_of(request: Request) -> dict[str, str]:
    """Return the text fields of the form that was sent, cut to a sane length."""
    sent: FormData = await request.form()
    return {
        name: value[:LONGEST_ANSWER] if name != "client_key" else value[:LONGEST_KEY]
        for name, value in sent.items()
        if isinstance(value, str)
    }


@router.post("/p/questions")
def send_answers(
    at: AtVisit,
    ctx: Annotated[CareContext, Depends(own_today(Permission.ANSWERS_WRITE))],
    given: Annotated[dict[str, str], Depends(form_of)],
) -> Response:
    """Store the answers, or show the form again with all that was typed and what is wrong."""
    instrument = service.load_instrument()
    key = given.pop("client_key", "") or token_urlsafe(16)
    outcome = service.submit(ctx, instrument, given, key, clock.now())
    if isinstance(outcome, Rejected):
        return _form(at, instrument, key=key, given=given, problems=outcome.problems)
    return RedirectResponse("/p/sent", 303)


@router.get("/p/sent")
def sent_page(
    at: AtVisit, ctx: Annotated[CareContext, Depends(own_today(Permission.ANSWERS_READ))]
) -> Response:
    """Show what was sent, and what to do if things get worse."""
    last, receipt = service.last_with_receipt(ctx)
    if last is None:
        return RedirectResponse("/p/questions", 303)
    if only_today(at) and not same_day(last.answered_at, clock.now(), zone(at.time_zone)):
        raise SecondFactorNeeded
    instrument = service.load_instrument(f"{last.instrument}-{last.version}")
    return html(
        at,
        "questionnaires/sent.html",
        last=last,
        receipt=receipt,
        lines=_lines(instrument, last),
        call_15=needs_15(instrument, last.answers),
        just_sent=_is_fresh(last.received_at),
    )


def _is_fresh(received_at: datetime) -> bool:
    return clock.now() - received_at < JUST_SENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answered question: the text of the choice, or a number with the msgid of its unit."""

    question: Question
    choice: str | None
    value: float | None
    decimals: int
    unit: str


def _lines(instrument: Instrument, last: Answered) -> list[Line]:
    """Return what was answered, in the order of the questions."""
    lines: list[Line] = []
    for question in instrument.questions:
        value = last.answers.get(question.code)
        if isinstance(value, str):
            chosen = question.choice(value)
            text = chosen.text if chosen else value
            lines.append(Line(question=question, choice=text, value=None, decimals=0, unit=""))
        elif value is not None:
            vital = question.measured
            lines.append(
                Line(
                    question=question,
                    choice=None,
                    value=float(value),
                    decimals=VITALS[vital].decimals,
                    unit=VITALS[vital].unit_shown,
                )
            )
    return lines


def _form(
    at: Visit,
    instrument: Instrument,
    *,
    key: str,
    given: dict[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:
    return html(
        at,
        "questionnaires/questions.html",
        status=422 if problems else 200,
        instrument=instrument,
        key=key,
        given=given or {},
        problems={problem.question: problem for problem in problems},
        vitals=VITALS,
    )
