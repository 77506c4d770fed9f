"""What the pages of a room show, for both kinds of addresses."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Response
from starlette.exceptions import HTTPException

from coordination.chat import service
from coordination.chat.rooms import (
    LONGEST_TEXT,
    MUTE_HOURS,
    Message,
    Reader,
    Room,
    Said,
    Wrong,
    may_withdraw_own,
    parse_hours,
    parse_said,
    teams_of,
)
from coordination.chat.service import Seat
from coordination.chat.words import (
    AUDIENCE_SENTENCES,
    PROBLEM_SENTENCES,
    ROOM_LABELS,
    SAID_SENTENCES,
)
from core import clock
from core.ids import new_id
from identity.edge.http import Visit, html
from identity.words import role_label

MOST_NAMED: Final = 60
"""People a form offers for whose attention a message is; others are named behind an @."""
Short = Annotated[str, Form(max_length=200)]
LongText = Annotated[str, Form(max_length=100_000)]
Many = Annotated[list[str], Form(max_length=200)]


def words() -> dict[str, Any]:
    """Return what every page of the tchat names things with."""
    return {
        "room_label": ROOM_LABELS,
        "audience": AUDIENCE_SENTENCES,
        "problem": PROBLEM_SENTENCES,
        "role_label": role_label,
    }


def show_room(
    at: Visit,
    seat: Seat,
    *,
    patient_name: str | None,
    before: int | None = None,
    said: str = "",
    wrong: Wrong | None = None,
    typed: str = "",
    found: list[Message] | None = None,
    sought: str = "",
    **more: Any,
) -> Response:
    """Show one page of a room; what was typed and refused stands in the form again."""
    page = service.read(seat, before) if before else service.read(seat)
    return html(
        at,
        "coordination/chat_room.html",
        status=422 if wrong else 200,
        **words(),
        **_around(seat, page),
        patient_name=patient_name,
        before=before,
        problems=wrong.problems if wrong else {},
        said=SAID_SENTENCES.get(said, ""),
        typed=typed,
        found=found,
        sought=sought,
        **more,
    )


def _around(seat: Seat, page: service.RoomRead) -> dict[str, Any]:
    me, now = seat.actor.person, clock.now()
    last = page.messages[-1] if page.messages else None
    return {
        "seat": seat,
        "room": seat.room,
        "read": page,
        "title": title_of(seat.room, page.people, me),
        "people": [one for one in page.people if one.organisation is None],
        "teams": teams_of(page.people),
        "others": [one for one in page.people if one.person != me][:MOST_NAMED],
        "own": frozenset(one.seq for one in page.messages if may_withdraw_own(one, me, now)),
        "seen": {one.seq: len(readers_of(one, page)) for one in page.messages},
        "seen_last": readers_of(last, page) if last else [],
        "me": me,
        "patient_id": seat.ctx.patient if seat.ctx else None,
        "key": new_id(now),
        "hours": MUTE_HOURS,
        "muted": seat.room.muted_until if is_muted(seat.room) else None,
        "longest": LONGEST_TEXT,
    }


def readers_of(message: Message, page: service.RoomRead) -> list[str]:
    """Return who has read so far, by name; an author is no reader of his own."""
    return [
        one.name
        for one in page.receipts
        if one.through >= message.seq and one.person != message.author
    ]


def title_of(room: Room, people: list[Reader], me: UUID) -> str:
    """Return what a conversation is called: its title, or who else is in it; "" for other rooms."""
    if room.of_patient:
        return ""
    return room.title or ", ".join(one.name for one in people if one.person != me)


def is_muted(room: Room) -> bool:
    """Say whether a room is muted now."""
    return room.muted_until is not None and room.muted_until > clock.now()


def say(seat: Seat, key: str, text: str, urgent: str, mention: list[str]) -> Wrong | None:
    """Say what a form holds; None when it is said, for the first time or again."""
    said = parse_said(key, text, urgent, mention)
    if not isinstance(said, Said):
        return said
    stored = service.say(seat, said)
    if stored is None:
        raise HTTPException(404)
    return Wrong({"text": "other"}) if stored.outcome == "other" else None


def mute(seat: Seat, raw_hours: str) -> Wrong | str:
    """Mute a room as a form says; return what to say then."""
    hours = parse_hours(raw_hours)
    if hours is None:
        return Wrong({"hours": "hours"})
    service.mute(seat, hours)
    return "muted" if hours else "unmuted"


def withdraw(seat: Seat, raw_seq: str, reason: str) -> Wrong | None:
    """Withdraw a message as a form says; None when it is withdrawn."""
    seq = int(raw_seq) if raw_seq.isascii() and raw_seq.isdigit() and len(raw_seq) < 18 else 0
    outcome = service.withdraw(seat, seq, reason)
    return None if outcome in ("withdrawn", "again") else Wrong({"withdraw": outcome})
