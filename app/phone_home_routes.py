"""The first page of the phone: what is asked today, whom to reach, what a phone may keep of it."""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from alerts import call_back_service, own_repeats_service
from alerts.call_back import CallBack
from coordination.inclusion import follow_up_service
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import same_day, zone
from identity.edge.http import Visit, html, only_today, own_today, visit
from identity.edge.staff_words import say_staff
from questionnaires import phone_service
from questionnaires import service as questionnaires
from questionnaires.edge.hours import is_closed
from questionnaires.phone_service import OpenTask
from questionnaires.questionnaire import said
from questionnaires.reminders.reminding import later
from questionnaires.reminders.service import TooLate, remind_later

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Today = Annotated[CareContext, Depends(own_today(Permission.ANSWERS_READ))]
Writes = Annotated[CareContext, Depends(own_today(Permission.ANSWERS_WRITE))]
UNPLANNED = "/p/questions"
AN_HOUR = timedelta(hours=1)


@router.get("/p")
def phone_home(
    at: AtVisit, ctx: Today, writes: Writes, put_off: Literal["", "hour", "no"] = ""
) -> Response:
    """Show the patient his day; a remembered phone sees nothing of other days."""
    last, receipt = questionnaires.last_with_receipt(ctx)
    now, remembered = clock.now(), only_today(at)
    if remembered and last and not _is_today(last.answered_at, now, at):
        last = receipt = None
    tasks = phone_service.tasks_of_today(ctx, now)
    return html(
        at,
        "app/phone.html",
        last=last,
        receipt=receipt,
        now=now,
        remembered=remembered,
        waiting=[task for task in tasks if task.is_open and task.task.opens_at <= now],
        later=[task for task in tasks if task.is_open and task.task.opens_at > now],
        done=[task for task in tasks if not task.is_open],
        calls=_shown(call_back_service.mine(writes), now, at),
        unanswered=follow_up_service.unanswered(ctx),
        staff=lambda name, role: say_staff(name, role, at.locale),
        repeats=own_repeats_service.mine(writes),
        guide=lambda one: said(own_repeats_service.questions_of(one).title, at.locale),
        title=lambda task: said(task.edition.title, at.locale),
        put_off=put_off,
        may_wait=lambda task: later(AN_HOUR, task.task.due_at, now) is not None,
    )


@router.post("/p/tasks/{task_id}/later")
def remind_in_an_hour(ctx: Writes, task_id: UUID) -> Response:
    """Put the reminders of a task off by an hour, unless its deadline is too near for that."""
    if phone_service.open_task(ctx, task_id) is None:
        raise HTTPException(status_code=404)
    refused = isinstance(remind_later(ctx, task_id, AN_HOUR), TooLate)
    return RedirectResponse("/p?put_off=no" if refused else "/p?put_off=hour", 303)


@router.get("/p/api/today")
def today(ctx: Today, writes: Writes) -> dict[str, Any]:
    """Tell a phone which empty questionnaires it may keep: those of today."""
    tasks = phone_service.tasks_of_today(ctx, clock.now())
    repeats = [f"/p/repeats/{one.id}" for one in own_repeats_service.mine(writes)]
    return {"pages": [*repeats, *(_address(task) for task in tasks if task.is_open), UNPLANNED]}


def _address(task: OpenTask) -> str:
    return f"/p/tasks/{task.task.id}"


@router.get("/p/call-back")
def call_back_page(at: AtVisit, ctx: Writes) -> Response:
    """Ask whether the team shall call, and show what became of earlier wishes."""
    now = clock.now()
    return html(
        at,
        "app/call_back.html",
        key=token_urlsafe(16),
        calls=_shown(call_back_service.mine(ctx), now, at),
        open_now=not is_closed(),
        staff=lambda name, role: say_staff(name, role, at.locale),
    )


@router.post("/p/call-back")
def ask_call_back(
    ctx: Writes, client_key: Annotated[str, Form(max_length=64, min_length=8)]
) -> Response:
    """Ask the team to call, once for each page that was opened."""
    call_back_service.ask(ctx, client_key)
    return RedirectResponse("/p/call-back", 303)


def _shown(calls: list[CallBack], now: datetime, at: Visit) -> list[CallBack]:
    """Leave out what a remembered phone must not show: whatever is not of today."""
    if not only_today(at):
        return calls[:5]
    return [call for call in calls if call.is_open or _is_today(call.asked_at, now, at)][:5]


def _is_today(moment: datetime, now: datetime, at: Visit) -> bool:
    return same_day(moment, now, zone(at.time_zone))
