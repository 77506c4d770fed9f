"""Reading: what pages show of alerts, each call audited in its own transaction."""

from datetime import datetime
from uuid import UUID

from alerts.views import AlertLine, AlertPage, Chart, LevelCount, NotFound, QueueRow, SummaryView
from core.doors import Actor, CareContext


def open_alerts(ctx: CareContext) -> tuple[AlertLine, ...]:
    """Return the alerts of the patient that nobody has closed, red first, then oldest."""
    raise NotImplementedError


def alert_page(ctx: CareContext, alert_id: UUID) -> AlertPage | NotFound:
    """Return one alert of the patient with its evidence, its life and his summary."""
    raise NotImplementedError


def patient_summary(ctx: CareContext) -> SummaryView | None:
    """Return the last review of the patient, or None when he is not watched."""
    raise NotImplementedError


def find_patient(actor: Actor, alert_id: UUID) -> UUID | None:
    """Return whose alert this is, for one who may read it; a mail's link holds only its id."""
    raise NotImplementedError


def queue_page(actor: Actor, limit: int, offset: int) -> tuple[QueueRow, ...]:
    """Return one page of the queue of the organisation the actor acts in, worst first.

    Empty for an actor whose acting post does not grant `queue:read`.
    """
    raise NotImplementedError


def queue_counts(actor: Actor) -> tuple[LevelCount, ...]:
    """Return how many patients of that queue stand at each level, worst first."""
    raise NotImplementedError


def chart(ctx: CareContext, start: datetime, end: datetime) -> Chart:
    """Return SpO2 and pulse between two instants: minute medians and spot readings.

    Raw samples in place of medians when the span is two hours or less.
    """
    raise NotImplementedError
