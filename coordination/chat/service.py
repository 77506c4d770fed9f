"""Use cases of a room: read it, say something, search, mute, withdraw, keep a stretch as a note.

A `Seat` is somebody before a room he reads. Each use case is a transaction of its own, with its
trace in the audit trail; the database judges again who reads the room, and since when.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import errors

from coordination.chat import store
from coordination.chat.rooms import (
    LONGEST_REASON,
    Message,
    Reader,
    Receipt,
    Room,
    Said,
    as_uuid,
    clean,
    named_in,
)
from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import (
    Action,
    Actor,
    CareContext,
    PersonConnection,
    Service,
    acting_as,
    before_sign_in,
    note_access,
    serving,
)
from core.ids import new_id
from core.settings import settings

A_PAGE: Final = 50
"""Messages of a page."""
MOST_FOUND: Final = 50
MOST_IN_NOTE: Final = 200
ROOMS_AT_ONCE: Final = 100
"""Rooms that retention goes through in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody before a room he reads; without a context it is a conversation about nobody."""

    actor: Actor
    room: Room
    ctx: CareContext | None

    @property
    def path(self) -> str:
        """The address of the room."""
        if self.room.of_patient and self.room.patient_id is not None:
            return f"/patients/{self.room.patient_id}/chat/{self.room.id}"
        return f"/chat/{self.room.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRead:
    """A page of a room, and all that stands around it."""

    messages: list[Message]
    people: list[Reader]
    receipts: list[Receipt]
    moderates: bool


@contextmanager
def seated(seat: Seat, action: Action = "R") -> Iterator[PersonConnection]:
    """Open a transaction in a room; the access is traced in it."""
    detail = {"room": str(seat.room.id)}
    if seat.ctx is not None:
        with acting_as(seat.ctx, action=action, detail=detail) as conn:
            yield conn
        return
    right = Permission.CHAT_READ if action == "R" else Permission.CHAT_WRITE
    with acting_as(seat.actor) as conn:
        note_access(conn, seat.actor, right, None, action, detail)
        yield conn


def rooms(ctx: CareContext) -> list[Room]:
    """Return the rooms of a patient that the actor reads, strictest first; needs `chat:read`."""
    with acting_as(ctx, detail={"what": "rooms"}) as conn:
        store.begin_rooms(conn, ctx.patient)
        return store.load_rooms(conn)


def sit(ctx: CareContext, raw_room: str) -> Seat | None:
    """Return the actor's seat in a room of the patient; None, and a trace, when he has none."""
    room = as_uuid(raw_room)
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        found = store.load_room(conn, room) if room else None
        if found is None:
            detail = {"room": str(room or "")}
            note_access(conn, ctx.actor, ctx.permission, ctx.patient, "E", detail,
                        outcome="refused", through=ctx.through)  # fmt: skip
            return None
    return Seat(actor=ctx.actor, room=found, ctx=ctx)


def sit_down(actor: Actor, raw_room: str, permission: Permission) -> Seat | None:
    """Return the actor's seat in a room known by its id alone; None when there is none for him."""
    room = as_uuid(raw_room)
    if room is None:
        return None
    with acting_as(actor) as conn:
        found = store.load_room(conn, room)
        patient = found.patient_id if found else store.load_patient_of(conn, room)
        if found is None and patient is None:
            detail = {"room": str(room)}
            note_access(conn, actor, permission, None, "E", detail, outcome="refused")
    if patient is None:
        return Seat(actor=actor, room=found, ctx=None) if found else None
    ctx = open_record(actor, patient, permission)
    if not isinstance(ctx, CareContext):
        return None
    if found is None:
        with acting_as(ctx.actor, patient=ctx.patient) as conn:
            found = store.load_room(conn, room)
    return Seat(actor=ctx.actor, room=found, ctx=ctx) if found else None


def to_talk(seat: Seat) -> Seat | None:
    """Return the same seat with the right to talk asked anew; None when it is gone."""
    if seat.ctx is None:
        return seat
    ctx = open_record(seat.actor, seat.ctx.patient, Permission.CHAT_WRITE)
    return replace(seat, ctx=ctx) if isinstance(ctx, CareContext) else None


def read(seat: Seat, before: int = store.MOST_SEQ) -> RoomRead:
    """Return a page of a room; what is on its last page counts as read from now on."""
    with seated(seat) as conn:
        page = store.load_before(conn, seat.room.id, before, A_PAGE)
        if page and before == store.MOST_SEQ:
            store.save_read(conn, seat.room.id, page[-1].seq)
        return RoomRead(
            messages=page,
            people=store.load_people(conn, seat.room.id),
            receipts=store.load_receipts(conn, seat.room.id),
            moderates=store.is_moderator(conn, seat.room.id),
        )


def say(seat: Seat, said: Said) -> store.Stored | None:
    """Say something in a room; needs `chat:write`. Sent twice with its key it is there once.

    None when the actor reads the room no more.

    Whoever reads the room and is named behind an @ is mentioned, besides those who were chosen.
    """
    now = clock.now()
    try:
        with seated(seat, "C") as conn:
            if "@" in said.text:
                named = named_in(said.text, store.load_people(conn, seat.room.id))
                said = replace(said, mentions=tuple(dict.fromkeys((*said.mentions, *named))))
            return store.save_said(conn, new_id(now), seat.room.id, said, seat.path, _ways())
    except errors.UniqueViolation:
        return store.Stored("other", 0, now)


def note_read(seat: Seat, through: int) -> list[Receipt]:
    """Note how far the actor has read; return how far everybody has."""
    with acting_as(seat.actor, patient=_in_hand(seat)) as conn:
        store.save_read(conn, seat.room.id, through)
        return store.load_receipts(conn, seat.room.id)


def after(seat: Seat, seq: int, most: int) -> list[Message]:
    """Return the next messages after a number: what a socket tells, its opening being traced."""
    with acting_as(seat.actor, patient=_in_hand(seat)) as conn:
        return store.load_after(conn, seat.room.id, seq, most)


def withdrawn_until(seat: Seat, seq: int) -> list[Message]:
    """Return what was withdrawn lately among messages that a browser has seen."""
    with acting_as(seat.actor, patient=_in_hand(seat)) as conn:
        return store.load_withdrawn(conn, seat.room.id, seq)


def trace_opening(seat: Seat) -> None:
    """Write into the trail that a socket was opened: what comes through it belongs to it."""
    with seated(seat):
        pass


def search(seat: Seat, words: str) -> list[Message]:
    """Return the messages of a room that hold every word, latest first."""
    parts = words.split()[:10]
    with seated(seat) as conn:
        return store.find_messages(conn, seat.room.id, parts, MOST_FOUND) if parts else []


def mute(seat: Seat, hours: int) -> bool:
    """Be told of nothing but what is urgent for some hours; 0 ends it."""
    with seated(seat) as conn:
        return store.save_muted(conn, seat.room.id, hours)


def withdraw(seat: Seat, seq: int, reason: str) -> str:
    """Withdraw a message: one's own within a quarter of an hour, any by who moderates the room.

    Returns withdrawn, again, gone, late, not_allowed or reason.
    """
    reason = clean(reason)
    if len(reason) > LONGEST_REASON:
        return "reason"
    with seated(seat, "U") as conn:
        return store.save_withdrawn(conn, seat.room.id, seq, reason)


def stretch(seat: Seat, first: int, last: int) -> list[Message]:
    """Return the messages of a stretch that the actor reads, in their order."""
    with seated(seat) as conn:
        return store.load_stretch(conn, seat.room.id, first, last, MOST_IN_NOTE + 1)


def live_places(sockets: list[tuple[UUID, UUID]]) -> frozenset[int]:
    """Return which of some sockets, each a session and a room, may go on: their places."""
    with before_sign_in() as conn:
        sessions, places = [one[0] for one in sockets], [one[1] for one in sockets]
        return store.load_listening(conn, sessions, places)


def remove_old(now: datetime) -> int:
    """Remove what is older than the setting says; return how many messages of some rooms."""
    months = settings().chat_retention_months
    before = _months_before(now, months)
    with serving(Service.ADMINISTRATION) as conn:
        return store.remove_old(conn, before, ROOMS_AT_ONCE)


def _months_before(now: datetime, months: int) -> datetime:
    total = now.year * 12 + now.month - 1 - months
    return now.replace(year=total // 12, month=total % 12 + 1, day=min(now.day, 28))


def _in_hand(seat: Seat) -> UUID | None:
    return seat.ctx.patient if seat.ctx else None


def _ways() -> list[str]:
    """Return by which ways this site can tell: what it cannot would wait in vain."""
    return ["email", "push"] if settings().vapid_private_key else ["email"]
