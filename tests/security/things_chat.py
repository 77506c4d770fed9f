"""Rooms of the patient and what is said there, and a conversation of others about him."""

from uuid import UUID, uuid4

from core import clock
from tests.security.cast import CANARY, Cast, add_party
from tests.security.makers import makes


@makes("room_id")
def make_room(cast: Cast) -> UUID:
    """The room of the widest kind, which everybody with the right to talk reads."""
    cast.owner.execute(
        "insert into coordination.chat_room (id, kind, patient_id, opened_at)"
        " values (%s, 'patient', %s, now()) on conflict do nothing",
        [uuid4(), cast.patient],
    )
    row = cast.owner.execute(
        "select id from coordination.chat_room where kind = 'patient' and patient_id = %s",
        [cast.patient],
    ).fetchone()
    assert row is not None
    assert isinstance(row[0], UUID)
    _say(cast, row[0])
    return row[0]


@makes("conversation_id")
def make_conversation(cast: Cast) -> UUID:
    """What two people in no relation to him say to each other about the patient."""
    one, other, room = (
        add_party(cast.owner, "person", "Une"),
        add_party(cast.owner, "person", "Autre"),
        uuid4(),
    )
    cast.owner.execute(
        "insert into coordination.chat_room (id, kind, patient_id, opened_by, opened_at)"
        " values (%s, 'direct', %s, %s, now())",
        [room, cast.patient, one],
    )
    cast.owner.execute(
        "insert into coordination.chat_member (room_id, person, joined_at, added_by)"
        " select %s, x.p, now(), x.p from unnest(%s::uuid[]) x(p)",
        [room, [one, other]],
    )
    _say(cast, room)
    return room


def last_seq(cast: Cast, room: object) -> int:
    """Return the number of the last message of a room; of none that is there, the first."""
    row = cast.owner.execute(
        "select last_seq from coordination.chat_room where id = %s", [room]
    ).fetchone()
    return int(str(row[0])) if row else 1


def _say(cast: Cast, room: UUID) -> None:
    author = add_party(cast.owner, "person", "Auteur")
    cast.owner.execute(
        "with next as (update coordination.chat_room set last_seq = last_seq + 1, last_at = %s"
        " where id = %s returning id, patient_id, last_seq) insert into coordination.chat_message"
        " (room_id, seq, id, key, patient_id, author, author_name, author_role, sent, urgent, text)"
        " select id, last_seq, %s, %s, patient_id, %s, 'Auteur', 'gp', %s, false, %s from next",
        [clock.now(), room, uuid4(), uuid4(), author, clock.now(), f"Un mot sur {CANARY}"],
    )
