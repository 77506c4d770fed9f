"""Typed functions over the queries of the tchat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString
from uuid import UUID

from coordination.chat.rooms import Kind, Message, Reader, Receipt, Room, Said
from core.doors import GateConnection, PersonConnection, ServiceConnection
from core.rows import fetch_all, fetch_one
from core.sqlfile import load_queries

_SQL = load_queries("coordination.chat")
MOST_SEQ = 2**62

SayOutcome = Literal["said", "again", "other"]


@dataclass(frozen=True, slots=True)
class Stored:
    """What came of saying something: its number, unless it is « other »."""

    outcome: SayOutcome
    seq: int
    sent: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A room with something unread that is urgent or for the actor's attention: the latest."""

    room_id: UUID
    kind: Kind
    patient_id: UUID | None
    patient_name: str | None
    sent: datetime
    author_name: str
    urgent: bool

    @property
    def path(self) -> str:
        """The address of the room."""
        if self.kind in (Kind.CARERS, Kind.TEAM, Kind.PATIENT):
            return f"/patients/{self.patient_id}/chat/{self.room_id}"
        return f"/chat/{self.room_id}"


@dataclass(frozen=True, slots=True)
class _Done:
    done: bool


@dataclass(frozen=True, slots=True)
class _Outcome:
    outcome: str


@dataclass(frozen=True, slots=True)
class _Founded:
    room: UUID | None


@dataclass(frozen=True, slots=True)
class _Live:
    live: list[int]


@dataclass(frozen=True, slots=True)
class _Count:
    count: int


def begin_rooms(conn: PersonConnection, patient: UUID) -> None:
    """See to it that the rooms of a patient are there."""
    conn.execute(_SQL["begin"], {"patient": patient})


def load_rooms(conn: PersonConnection) -> list[Room]:
    """Return the rooms the actor reads: of the patient in hand, or his conversations."""
    return fetch_all(conn, _SQL["rooms"], {"room": None}, Room)


def load_room(conn: PersonConnection, room: UUID) -> Room | None:
    """Return one room, if the actor reads it."""
    return fetch_one(conn, _SQL["rooms"], {"room": room}, Room)


def load_patient_of(conn: PersonConnection, room: UUID) -> UUID | None:
    """Return the patient a room is of, if the actor may talk in that record."""
    found = fetch_one(conn, _SQL["patient_of"], {"room": room}, _Founded)
    return found.room if found else None


def load_before(conn: PersonConnection, room: UUID, before: int, most: int) -> list[Message]:
    """Return the last messages before a number, in their order."""
    params = {"room": room, "after": 0, "before": before, "most": most}
    return fetch_all(conn, _SQL["messages"], params, Message)[::-1]


def load_stretch(
    conn: PersonConnection, room: UUID, first: int, last: int, most: int
) -> list[Message]:
    """Return the messages of a stretch, in their order."""
    params = {"room": room, "after": first - 1, "before": last + 1, "most": most}
    return fetch_all(conn, _SQL["messages"], params, Message)[::-1]


def load_after(conn: PersonConnection, room: UUID, after: int, most: int) -> list[Message]:
    """Return the next messages after a number, in their order."""
    params = {"room": room, "after": after, "most": most}
    return fetch_all(conn, _SQL["next_messages"], params, Message)


def load_withdrawn(conn: PersonConnection, room: UUID, after: int) -> list[Message]:
    """Return what was withdrawn within a day up to a number."""
    return fetch_all(conn, _SQL["withdrawn"], {"room": room, "after": after}, Message)


def load_waiting(conn: PersonConnection, since: datetime, most: int) -> list[Unread]:
    """Return the rooms where something urgent, or for his attention, waits for the actor."""
    return fetch_all(conn, _SQL["waiting"], {"since": since, "most": most}, Unread)


def find_messages(
    conn: PersonConnection, room: UUID, words: Sequence[str], most: int
) -> list[Message]:
    """Return the messages that hold every word, latest first."""
    params = {"room": room, "words": list(words), "most": most}
    return fetch_all(conn, _SQL["found"], params, Message)


def load_people(conn: PersonConnection, room: UUID) -> list[Reader]:
    """Return everybody who reads a room."""
    return fetch_all(conn, _SQL["people"], {"room": room}, Reader)


def load_receipts(conn: PersonConnection, room: UUID) -> list[Receipt]:
    """Return how far everybody has read a room."""
    return fetch_all(conn, _SQL["receipts"], {"room": room}, Receipt)


def save_said(
    conn: PersonConnection, id: UUID, room: UUID, said: Said, path: str, ways: Sequence[str]
) -> Stored | None:
    """Say something in a room; None when the actor may not talk there.

    Raises UniqueViolation when the key is of another room.
    """
    params = {
        "id": id,
        "room": room,
        "key": said.key,
        "text": said.text,
        "urgent": said.urgent,
        "mentions": list(said.mentions),
        "item": said.item,
        "path": path,
        "ways": list(ways),
    }
    return fetch_one(conn, _SQL["say"], params, Stored)


def save_read(conn: PersonConnection, room: UUID, through: int) -> None:
    """Note how far the actor has read."""
    conn.execute(_SQL["read"], {"room": room, "through": through})


def save_muted(conn: PersonConnection, room: UUID, hours: int) -> bool:
    """Tell the actor of nothing but what is urgent for some hours."""
    return _done(conn, _SQL["mute"], {"room": room, "hours": hours})


def is_moderator(conn: PersonConnection, room: UUID) -> bool:
    """Return whether the actor moderates a room."""
    return _done(conn, _SQL["moderates"], {"room": room})


def save_withdrawn(conn: PersonConnection, room: UUID, seq: int, reason: str) -> str:
    """Withdraw a message; returns withdrawn, again, gone, late, not_allowed or reason."""
    params = {"room": room, "seq": seq, "reason": reason}
    found = fetch_one(conn, _SQL["withdraw"], params, _Outcome)
    return found.outcome if found else "gone"


def load_colleagues(conn: PersonConnection, patient: UUID | None) -> list[Reader]:
    """Return with whom the actor may begin a conversation."""
    return fetch_all(conn, _SQL["colleagues"], {"patient": patient}, Reader)


def save_conversation(
    conn: PersonConnection,
    id: UUID,
    patient: UUID | None,
    title: str | None,
    people: Sequence[UUID],
) -> UUID | None:
    """Begin a conversation; None when one of them may not be in it."""
    params = {"id": id, "patient": patient, "title": title, "people": list(people)}
    found = fetch_one(conn, _SQL["found_conversation"], params, _Founded)
    return found.room if found else None


def save_added(conn: PersonConnection, room: UUID, person: UUID) -> bool:
    """Take somebody more into a group."""
    return _done(conn, _SQL["add"], {"room": room, "person": person})


def save_left(conn: PersonConnection, room: UUID) -> bool:
    """Leave a conversation."""
    return _done(conn, _SQL["leave"], {"room": room})


def load_listening(
    conn: GateConnection, sessions: Sequence[UUID], rooms: Sequence[UUID]
) -> frozenset[int]:
    """Return the places, from nought, of the sockets that may go on."""
    params = {"sessions": list(sessions), "rooms": list(rooms)}
    found = fetch_one(conn, _SQL["listening"], params, _Live)
    return frozenset(place - 1 for place in found.live) if found else frozenset()


def remove_old(conn: ServiceConnection, before: datetime, rooms: int) -> int:
    """Remove messages older than an instant; return how many."""
    found = fetch_one(conn, _SQL["retire"], {"before": before, "rooms": rooms}, _Count)
    return found.count if found else 0


def _done(conn: PersonConnection, query: LiteralString, params: dict[str, object]) -> bool:
    found = fetch_one(conn, query, params, _Done)
    return found is not None and found.done
