"""Pages of the three rooms of a patient; conversations and the socket join them here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination import notes_service
from coordination import service as circles
from coordination.chat import exporting, page_routes, service, talk_routes, talk_service
from coordination.chat.edge import socket
from coordination.chat.page_routes import LongText, Many, Short, show_room
from coordination.chat.rooms import Kind, Message, Wrong, as_uuid, parse_stretch
from coordination.chat.service import Seat
from coordination.chat.words import PROBLEM_SENTENCES, ROOM_LABELS
from coordination.notes_routes import patient_name
from coordination.noting import Draft
from coordination.noting import Kind as NoteKind
from core import clock
from core.access import Permission
from core.doors import CareContext
from core.i18n import say_instant, translator, zone
from core.ids import new_id
from identity.edge.http import Visit, care, html, own_record, visit

router = APIRouter(include_in_schema=False)
router.include_router(talk_routes.router)
router.include_router(socket.router)
AtVisit = Annotated[Visit, Depends(visit)]
ToRead = Annotated[CareContext, Depends(care(Permission.CHAT_READ))]
ToTalk = Annotated[CareContext, Depends(care(Permission.CHAT_WRITE))]
ToNote = Annotated[CareContext, Depends(care(Permission.NOTES_WRITE))]
Circle = Annotated[CareContext, Depends(care(Permission.CIRCLE_READ))]
Mine = Annotated[CareContext, Depends(own_record(Permission.CHAT_READ))]
ROOMS = "/patients/{patient_id}/chat"
ROOM = ROOMS + "/{room_id}"


@router.get("/p/chat")
def own_chat(ctx: Mine) -> Response:
    """Lead a patient to the room he shares with his circle."""
    found = next(one for one in service.rooms(ctx) if one.kind == Kind.PATIENT)
    return RedirectResponse(f"/patients/{found.patient_id}/chat/{found.id}", 303)


@router.get(ROOMS)
def rooms_page(at: AtVisit, ctx: ToRead, circle: Circle, said: str = "") -> Response:
    """Show the rooms of a patient, each with who reads it, and how to talk to one person."""
    return html(
        at,
        "coordination/chat_rooms.html",
        **page_routes.words(),
        patient_id=ctx.patient,
        patient_name=_name(circle),
        rooms=service.rooms(ctx),
        colleagues=talk_service.colleagues(ctx),
        problems={"people": said} if said in PROBLEM_SENTENCES else {},
        muted=page_routes.is_muted,
    )


@router.get(ROOM)
def room_page(
    at: AtVisit, ctx: ToRead, circle: Circle, room_id: str, before: int = 0, said: str = ""
) -> Response:
    """Show a room: who reads it, what was said, and a form to say something."""
    return show_room(
        at, _seat(ctx, room_id), patient_name=_name(circle), before=max(before, 0), said=said
    )


@router.post(ROOM)
def say(
    at: AtVisit,
    ctx: ToTalk,
    circle: Circle,
    room_id: str,
    key: Short = "",
    text: LongText = "",
    urgent: Short = "",
    mention: Many = [],  # noqa: B006 -- FastAPI reads the default and changes nothing
) -> Response:
    """Say something."""
    seat = _seat(ctx, room_id)
    wrong = page_routes.say(seat, key, text, urgent, mention)
    if wrong:
        return show_room(at, seat, patient_name=_name(circle), wrong=wrong, typed=text)
    return RedirectResponse(seat.path, 303)


@router.post(ROOM + "/search")
def search(at: AtVisit, ctx: ToRead, circle: Circle, room_id: str, words: Short = "") -> Response:
    """Show what holds some words; they never stand in an address."""
    seat = _seat(ctx, room_id)
    found = service.search(seat, words)
    return show_room(at, seat, patient_name=_name(circle), found=found, sought=words)


@router.post(ROOM + "/mute")
def mute(at: AtVisit, ctx: ToRead, circle: Circle, room_id: str, hours: Short = "") -> Response:
    """Be told of nothing but what is urgent, for a while."""
    seat = _seat(ctx, room_id)
    said = page_routes.mute(seat, hours)
    if isinstance(said, Wrong):
        return show_room(at, seat, patient_name=_name(circle), wrong=said)
    return RedirectResponse(f"{seat.path}?said={said}", 303)


@router.post(ROOM + "/withdraw")
def withdraw(
    at: AtVisit, ctx: ToTalk, circle: Circle, room_id: str, seq: Short = "", reason: LongText = ""
) -> Response:
    """Withdraw a message."""
    seat = _seat(ctx, room_id)
    wrong = page_routes.withdraw(seat, seq, reason)
    if wrong:
        return show_room(at, seat, patient_name=_name(circle), wrong=wrong)
    return RedirectResponse(f"{seat.path}?said=withdrawn", 303)


@router.post(ROOM + "/export")
def export(
    at: AtVisit,
    ctx: ToRead,
    notes: ToNote,
    circle: Circle,
    room_id: str,
    first: Short = "",
    last: Short = "",
    item_id: Short = "",
    known: Annotated[str, Form(max_length=9)] = "",
) -> Response:
    """Show a stretch as the note it would be, with who will read it; sign it once that is known."""
    seat = _seat(ctx, room_id)
    chosen = parse_stretch(first, last)
    messages = service.stretch(seat, *chosen) if chosen else []
    text = _note(at, seat, messages)
    if text is None:
        why = "too_long" if messages else "stretch"
        return show_room(at, seat, patient_name=_name(circle), wrong=Wrong({"stretch": why}))
    item = as_uuid(item_id)
    if known and item:
        draft = Draft(text=text, kind=NoteKind.TRANSMISSION)
        outcome = notes_service.sign_note(notes, item, draft)
        if isinstance(outcome, notes_service.Signed):
            return RedirectResponse(f"{seat.path}?said=exported", 303)
    return html(
        at,
        "coordination/chat_export.html",
        status=422 if item else 200,
        **page_routes.words(),
        seat=seat,
        room=seat.room,
        patient_id=ctx.patient,
        patient_name=_name(circle),
        messages=messages,
        problems={"known": "confirm"} if item else {},
        item_id=new_id(clock.now()),
    )


def _note(at: Visit, seat: Seat, messages: list[Message]) -> str | None:
    say = translator(at.locale)
    title = say("Tchat – {room}").format(room=say(ROOM_LABELS[seat.room.kind]))
    if len(messages) > service.MOST_IN_NOTE:
        return None
    return exporting.note_of(
        title,
        messages,
        lambda instant: say_instant(instant, at.locale, zone(at.time_zone)),
        say("(message withdrawn)"),
    )


def _seat(ctx: CareContext, room_id: str) -> Seat:
    seat = service.sit(ctx, room_id)
    if seat is None or not seat.room.of_patient:
        raise HTTPException(404)
    return seat


def _name(circle: CareContext) -> str | None:
    return patient_name(circles.members(circle))
