"""Use cases of conversations between professionals: begin one, take somebody in, leave it."""

from collections.abc import Sequence
from uuid import UUID

from coordination.chat import store
from coordination.chat.rooms import MOST_PEOPLE, Reader, Room, Wrong, as_uuid, parse_title
from coordination.chat.service import Seat, seated
from core import clock
from core.access import Permission
from core.doors import Actor, CareContext, acting_as, note_access
from core.ids import new_id


def conversations(actor: Actor) -> tuple[list[Room], list[Reader]]:
    """Return the actor's conversations, latest first, and the colleagues he may begin one with."""
    with acting_as(actor) as conn:
        note_access(conn, actor, Permission.CHAT_READ, None, "R", {"what": "conversations"})
        return store.load_rooms(conn), store.load_colleagues(conn, None)


def colleagues(ctx: CareContext) -> list[Reader]:
    """Return with whom the actor may begin a conversation about the patient."""
    with acting_as(ctx, detail={"what": "colleagues"}) as conn:
        store.begin_rooms(conn, ctx.patient)
        return store.load_colleagues(conn, ctx.patient)


def begin(
    actor: Actor, ctx: CareContext | None, people: Sequence[str], raw_title: str, grouped: bool
) -> UUID | Wrong:
    """Begin a conversation; with one person there is one, which is opened again."""
    chosen = list(dict.fromkeys(filter(None, map(as_uuid, people))))
    title = parse_title(raw_title) if grouped else None
    if not chosen or len(chosen) > MOST_PEOPLE or (not grouped and len(chosen) > 1):
        return Wrong({"people": "people"})
    if grouped and title is None:
        return Wrong({"title": "title"})
    room = new_id(clock.now())
    with acting_as(ctx or actor, action="C", detail={"room": str(room)}) as conn:
        if ctx is None:
            note_access(conn, actor, Permission.CHAT_WRITE, None, "C", {"room": str(room)})
        else:
            store.begin_rooms(conn, ctx.patient)
        opened = store.save_conversation(conn, room, ctx.patient if ctx else None, title, chosen)
    return opened or Wrong({"people": "nobody"})


def add(seat: Seat, raw_person: str) -> bool:
    """Take somebody into a group: he reads what is said from then on."""
    person = as_uuid(raw_person)
    if person is None:
        return False
    with seated(seat, "U") as conn:
        return store.save_added(conn, seat.room.id, person)


def to_add(seat: Seat) -> list[Reader]:
    """Return whom the actor may take into a group."""
    if seat.room.kind != "group":
        return []
    with seated(seat) as conn:
        known = {one.person for one in store.load_people(conn, seat.room.id)}
        found = store.load_colleagues(conn, seat.room.patient_id)
        return [one for one in found if one.person not in known]


def leave(seat: Seat) -> bool:
    """Leave a conversation: its socket closes, nothing of it is told any more."""
    with seated(seat, "U") as conn:
        return store.save_left(conn, seat.room.id)
