"""« La journée de mes patients »: what was raised and closed within 24 hours, once signed in."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from alerts.mine_service import MOST_ALERTS, my_day
from alerts.outcomes import OUTCOME_LABELS
from alerts.wording import evidence_sentence
from core import clock
from identity.edge.http import Visit, html, signed_in, visit
from identity.people import SignedIn

router = APIRouter(include_in_schema=False)
A_DAY = timedelta(hours=24)


@router.get("/day")
def day(
    at: Annotated[Visit, Depends(visit)], person: Annotated[SignedIn, Depends(signed_in)]
) -> Response:
    """Show a professional what happened to his patients within 24 hours; others go home."""
    if person.post is None:
        return RedirectResponse("/", 303)
    found = my_day(person.actor, clock.now() - A_DAY)
    return html(
        at,
        "app/day.html",
        alerts=found,
        most=MOST_ALERTS if len(found) == MOST_ALERTS else 0,
        sentence=lambda alert: evidence_sentence(alert.reason.evidence, at.locale),
        outcomes=OUTCOME_LABELS,
    )
