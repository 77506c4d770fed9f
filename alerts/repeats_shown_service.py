"""What the pages of an alert show of the measures that were asked for again."""

from uuid import UUID

from alerts.repeat import RepeatState
from alerts.repeat_view import PendingView, RepeatView
from alerts.store import repeats
from core.doors import CareContext, PersonConnection, VisiblePatientId, acting_as
from questionnaires.library_service import load_edition


def repeats_of(
    conn: PersonConnection, patient: VisiblePatientId, alert: UUID
) -> tuple[RepeatView, ...]:
    """Return the repeats of an alert, oldest first; answers only to whoever may read them."""
    return tuple(
        RepeatView(
            asked_at=row.asked_at,
            due_at=row.due_at,
            state=RepeatState(row.state),
            ended_at=row.ended_at,
            edition=load_edition(row.edition) if row.edition else None,
            answers=row.answers or {},
        )
        for row in repeats.load_of_alert(conn, patient, alert)
    )


def repeats_waiting(ctx: CareContext) -> tuple[PendingView, ...]:
    """Return the orange values for which nothing was raised yet, first due first."""
    with acting_as(ctx) as conn:
        return tuple(repeats.load_waiting(conn, ctx.patient))
