"""The free reply of whoever reads an alert's page: to the team, into the record."""

from typing import Annotated, assert_never
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from alerts.routes import AtAlert, ToRead, show
from alerts.talking import Kind, WordsRefused
from alerts.talking_service import say
from alerts.views import AlertPage, NotFound
from core.access import Permission
from core.doors import CareContext
from identity.edge.link import care_on_alert

router = APIRouter(include_in_schema=False)


@router.post("/patients/{patient_id}/alerts/{alert_id}/reply")
def reply(
    at: AtAlert,
    alert_id: UUID,
    read: ToRead,
    ctx: Annotated[CareContext, Depends(care_on_alert(Permission.ALERTS_ACKNOWLEDGE))],
    words: Annotated[str, Form(max_length=20_000)] = "",
    key: Annotated[str, Form(min_length=1, max_length=64)] = "",
) -> Response:
    """Note a reply and show the page again; words that are not taken stay in their field."""
    result = say(ctx, alert_id, Kind.REPLY, words, key=key)
    match result:
        case NotFound():
            raise HTTPException(status_code=404)
        case WordsRefused():
            return show(at, read, alert_id, typed=words, problem=result)
        case AlertPage():
            return RedirectResponse(f"/patients/{ctx.patient}/alerts/{alert_id}?done=replied", 303)
        case _:
            assert_never(result)
