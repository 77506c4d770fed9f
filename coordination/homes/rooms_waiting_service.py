"""What waits for somebody in the rooms of the care plan, the tchat and the circle; his visits.

As in `waiting_service`; each list is bounded here, the whole stands on the room's own page.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from coordination.actions import service as actions_service
from coordination.actions.store import MyAction
from coordination.actions.words import STATE_LABELS
from coordination.chat import service as chat_service
from coordination.chat.words import ROOM_LABELS
from coordination.inviting import service as inviting_service
from coordination.visits import service as visits_service
from coordination.visits.words import OUTCOME_LABELS
from core import clock
from core.access import Permission
from core.changes import Waiting, WaitingSource
from core.doors import Actor
from core.rights import rights
from identity.words import role_label

MOST_ACTIONS: Final = 20
MOST_ROOMS: Final = 10
UNREAD_FOR: Final = timedelta(days=14)
"""What is older is read in its room, not told on a first page (proposed)."""
DUE_LABELS: Final[dict[str, str]] = {
    "due": "To do by",
    "urgent": "Urgent message, not read",
    "mention": "Message for your attention, not read",
    "invitation": "You are invited into a care circle",
    "hospital": "In hospital by what is noted: ask before you go.",
    "to_report": "Say afterwards what came of it",
}
KIND_LABELS: Final[dict[str, str]] = {"visit": "Visit planned", "action": "Something to do"}


def actions(actor: Actor, role: str | None, today: date) -> list[Waiting]:
    """Return actions to accept, those back with their author, and those due by tomorrow."""
    if role is not None and not rights().of_post(role, Permission.ACTIONS_READ):
        return []
    found = actions_service.mine(actor, MOST_ACTIONS)
    return [action_waiting(one, today) for one in found if is_to_tell(one, today)]


def is_to_tell(one: MyAction, today: date) -> bool:
    """Say whether an action stands on a first page: what he accepted only as it falls due."""
    return one.state != "accepted" or one.due_on <= today + timedelta(days=1)


def action_waiting(one: MyAction, today: date) -> Waiting:
    """Return the line of an action; it is urgent once its day has passed."""
    noon = datetime.combine(one.due_on, time(12), UTC)
    return Waiting(
        key=f"actions:{one.item_id}",
        link=f"/patients/{one.patient_id}/actions",
        about=KIND_LABELS["action"],
        words=one.wording,
        why=DUE_LABELS["due"] if one.state == "accepted" else STATE_LABELS[one.state],
        at=one.accept_by or noon,
        patient_name=one.patient_name,
        author=one.author_name,
        due_on=one.due_on,
        urgent=one.state in ("proposed", "accepted") and one.due_on < today,
    )


def messages(actor: Actor, _role: str | None, _today: date) -> list[Waiting]:
    """Return the rooms with unread messages that are urgent or for the actor's attention."""
    return [
        Waiting(
            key=f"chat:{one.room_id}",
            link=one.path,
            about=ROOM_LABELS[one.kind],
            why=DUE_LABELS["urgent" if one.urgent else "mention"],
            at=one.sent,
            patient_name=one.patient_name or "",
            author=one.author_name,
            urgent=one.urgent,
        )
        for one in chat_service.waiting(actor, clock.now() - UNREAD_FOR, MOST_ROOMS)
    ]


def invitations(actor: Actor, _role: str | None, _today: date) -> list[Waiting]:
    """Return the invitations into a circle that the actor has not answered."""
    return [
        Waiting(
            key=f"invitations:{one.id}",
            link=f"/invitations#i{one.id}",
            about=role_label(one.role),
            why=DUE_LABELS["invitation"],
            at=one.invited_at,
            patient_name=one.patient_name,
            author=one.invited_by_name,
        )
        for one in inviting_service.mine(actor)
    ]


def visits(actor: Actor, role: str | None, today: date) -> list[Waiting]:
    """Return the actor's own visits of today, at their times."""
    if not rights().of_post(role, Permission.VISITS_REPORT):
        return []
    return [
        Waiting(
            key=f"visits:{one.line_id}",
            link="/visits",
            about=KIND_LABELS["visit"],
            words=one.what,
            why=_said(one.outcome, in_hospital=one.in_hospital),
            at=one.said_at or clock.now(),
            hour=one.at_time,
            patient_name=one.patient_name,
            urgent=one.in_hospital,
        )
        for one in visits_service.mine(actor, today)
    ]


def _said(outcome: str | None, *, in_hospital: bool) -> str:
    if outcome is not None:
        return OUTCOME_LABELS[outcome]
    return DUE_LABELS["hospital" if in_hospital else "to_report"]


SOURCES: Final = (
    WaitingSource(kind="chat", load=messages),
    WaitingSource(kind="actions", load=actions),
    WaitingSource(kind="invitations", load=invitations),
)
VISITS: Final = (WaitingSource(kind="visits", load=visits),)
