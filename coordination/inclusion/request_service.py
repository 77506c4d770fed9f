"""Use cases of requests: ask a centre to follow a person, accept, refuse, withdraw."""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from coordination.inclusion import notice_service
from coordination.inclusion import request_store as store
from coordination.inclusion.request import Refusal, Request, Wish
from core import clock
from core.access import Permission
from core.doors import Actor, acting_as, note_access
from core.ids import new_id

MOST: Final = 200
"""Requests on the page; those that wait come first."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The request is on its way."""

    id: UUID


def centres(actor: Actor) -> list[store.Centre]:
    """Return the centres the actor may ask."""
    with acting_as(actor) as conn:
        return store.load_centres(conn)


def send(
    actor: Actor, patient: UUID | None, wish: Wish
) -> Sent | Literal["already", "no_centre", "dead"]:
    """Ask a centre to follow a person, the patient of an open record or one not yet known.

    Needs a post with `telemonitoring:request`, and for a patient `identity:read` on his record.
    """
    now = clock.now()
    id = new_id(now)
    with acting_as(actor, patient=patient) as conn:
        said = store.save_request(conn, id=id, patient=patient, wish=wish, notice=new_id(now))
        if said == "sent":
            permission = Permission.TELEMONITORING_REQUEST
            note_access(conn, actor, permission, patient, "C", {"request": str(id)})
    if said != "sent":
        return said
    notice_service.tell(now)
    return Sent(id)


def requests(actor: Actor) -> list[Request]:
    """Return what the actor asked for and what his organisation is asked, waiting ones first."""
    with acting_as(actor) as conn:
        found = store.load_requests(conn, MOST)
        shown = {"requests": len(found)}
        note_access(conn, actor, Permission.PATIENTS_INCLUDE, None, "R", shown)
        return found


def request(actor: Actor, id: UUID) -> Request | None:
    """Return one request the actor may read; None for any other."""
    with acting_as(actor) as conn:
        found = store.load_request(conn, id)
        if found is not None:
            about = {"request": str(id)}
            note_access(conn, actor, Permission.PATIENTS_INCLUDE, found.patient_id, "R", about)
        return found


def accept(actor: Actor, id: UUID) -> store.Deciding:
    """Accept a request: the centre enters the circle of a known patient."""
    return _decide(actor, id, "accepted")


def refuse(actor: Actor, id: UUID, refusal: Refusal, note: str) -> store.Deciding:
    """Refuse a request, with a reason that the requester reads."""
    return _decide(actor, id, "refused", refusal=refusal, note=note)


def withdraw(actor: Actor, id: UUID) -> store.Deciding:
    """Take a request back that nobody has decided yet."""
    return _decide(actor, id, "withdrawn")


def name_patient(actor: Actor, id: UUID, patient: UUID) -> bool:
    """Say which record an accepted request is for; whoever asked enters its circle."""
    now = clock.now()
    with acting_as(actor, patient=patient) as conn:
        named = store.name_patient(conn, id, patient, new_id(now))
        if named:
            about = {"request": str(id)}
            note_access(conn, actor, Permission.PATIENTS_INCLUDE, patient, "U", about)
    return named


def _decide(
    actor: Actor,
    id: UUID,
    state: Literal["accepted", "refused", "withdrawn"],
    *,
    refusal: Refusal | None = None,
    note: str = "",
) -> store.Deciding:
    now = clock.now()
    with acting_as(actor) as conn:
        found = store.load_request(conn, id)
        if found is None:
            return "gone"
        said = store.decide(
            conn,
            id,
            state,
            refusal=refusal,
            note=note.strip(),
            membership=new_id(now),
            notice=new_id(now),
        )
        if said == "done":
            about = {"request": str(id), "decided": state}
            note_access(conn, actor, Permission.PATIENTS_INCLUDE, found.patient_id, "U", about)
    if said == "done":
        notice_service.tell(now)
    return said
