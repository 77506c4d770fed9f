"""What waits for somebody: one small function for each room that has something to wait for.

A function asks its room for the actor's own lines, by person or by organisation, and traces that
he was shown them as that room's own list does.
"""

from datetime import date
from typing import Final

from coordination import emergency_service, noting_service
from coordination.homes import rooms_waiting_service
from coordination.inclusion import inclusion_store, request_service
from coordination.inclusion.programmes import PROGRAMME_LABELS
from coordination.notes_words import WAITING_LABELS, kind_label
from core import clock
from core.access import Permission
from core.changes import Waiting, WaitingSource
from core.doors import Actor, acting_as, note_access
from core.rights import rights

FOLLOW_UPS: Final = 200
WHY_LABELS: Final[dict[str, str]] = {
    "request": "A follow-up is asked of you",
    "first_call": "First call late",
    "review": "Access in an emergency to review",
}
ABOUT_LABELS: Final[dict[str, str]] = {"review": "Break-glass"}


def notes(actor: Actor, _role: str | None, today: date) -> list[Waiting]:
    """Return mentions not opened, reminders that are due, withheld notes to judge again."""
    return [
        Waiting(
            key=f"notes:{one.why}:{one.item_id}:{one.reminder}",
            link=f"/patients/{one.patient_id}/notes/{one.item_id}",
            about=kind_label(one.category),
            why=WAITING_LABELS[one.why],
            at=one.sent,
            patient_name=one.patient_name,
            author=one.author_name,
            due_on=one.due_on,
            urgent=one.why == "mention",
        )
        for one in noting_service.waiting(actor, today)
    ]


def requests(actor: Actor, role: str | None, _today: date) -> list[Waiting]:
    """Return the follow-ups that the acting organisation is asked and nobody has decided."""
    if not rights().of_post(role, Permission.QUEUE_READ):
        return []
    return [
        Waiting(
            key=f"requests:{one.id}",
            link="/requests",
            about=PROGRAMME_LABELS.get(one.programme, one.programme),
            why=WHY_LABELS["request"],
            at=one.sent_at,
            patient_name=one.name,
            author=one.requester_name,
        )
        for one in request_service.requests(actor)
        if one.state == "sent" and not one.mine
    ]


def first_calls(actor: Actor, role: str | None, _today: date) -> list[Waiting]:
    """Return whom the acting organisation included and nobody spoke with in time."""
    if not rights().of_post(role, Permission.PATIENTS_INCLUDE):
        return []
    now = clock.now()
    with acting_as(actor) as conn:
        lines = inclusion_store.load_follow_ups(conn, FOLLOW_UPS)
        late = [one for one in lines if one.late_by(now) is not None]
        if late:
            about = {"patients": [str(one.patient_id) for one in late]}
            note_access(conn, actor, Permission.PATIENTS_INCLUDE, None, "R", about)
    return [
        Waiting(
            key=f"first_calls:{one.episode_id}",
            link=f"/patients/{one.patient_id}/follow-up",
            about=PROGRAMME_LABELS.get(one.programme, one.programme),
            why=WHY_LABELS["first_call"],
            at=one.first_contact_due_at,
            patient_name=one.patient_name,
            urgent=True,
        )
        for one in late
    ]


def reviews(actor: Actor, role: str | None, _today: date) -> list[Waiting]:
    """Return the accesses in an emergency that the acting post has yet to review."""
    if not rights().of_post(role, Permission.BREAK_GLASS_REVIEW):
        return []
    now = clock.now()
    return [
        Waiting(
            key=f"reviews:{one.id}",
            link=f"/emergency/reviews/{one.id}",
            about=ABOUT_LABELS["review"],
            why=WHY_LABELS["review"],
            at=one.opened_at,
            patient_name=one.patient_name,
            author=one.person_name,
            urgent=one.is_overdue(now),
        )
        for one in emergency_service.reviews(actor)
        if one.verdict is None and not one.own
    ]


SOURCES: Final = (
    WaitingSource(kind="notes", load=notes),
    WaitingSource(kind="requests", load=requests),
    WaitingSource(kind="first_calls", load=first_calls),
    WaitingSource(kind="reviews", load=reviews),
    *rooms_waiting_service.SOURCES,
)
"""What waits, one line for each room."""
VISITS: Final[tuple[WaitingSource, ...]] = rooms_waiting_service.VISITS
"""The visits of today, at their times; a room that plans visits adds its line here."""
