"""Pages of conversations between professionals, about a patient or about none."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from coordination import service as circles
from coordination.chat import page_routes, service, talk_service
from coordination.chat.page_routes import LongText, Many, Short, show_room
from coordination.chat.rooms import Wrong
from coordination.chat.service import Seat
from coordination.chat.words import SAID_SENTENCES
from coordination.notes_routes import patient_name
from core.access import Permission
from core.care import open_record
from core.doors import CareContext
from identity.edge.http import Visit, care, html, signed_in, visit
from identity.people import SignedIn

router = APIRouter(include_in_schema=False)
AtVisit = Annotated[Visit, Depends(visit)]
Who = Annotated[SignedIn, Depends(signed_in)]
ToTalk = Annotated[CareContext, Depends(care(Permission.CHAT_WRITE))]
TALK = "/chat/{conversation_id}"


@router.get("/chat")
def talks_page(at: AtVisit, who: Who, said: str = "") -> Response:
    """Show one's conversations, and with whom one may begin one."""
    return _list(at, who, said=said)


def _list(at: Visit, who: SignedIn, *, said: str = "", wrong: Wrong | None = None) -> Response:
    talks, colleagues = talk_service.conversations(who.actor)
    return html(
        at,
        "coordination/chat_list.html",
        status=422 if wrong else 200,
        **page_routes.words(),
        talks=talks,
        colleagues=colleagues,
        problems=wrong.problems if wrong else {},
        said=SAID_SENTENCES.get(said, ""),
        muted=page_routes.is_muted,
    )


@router.post("/chat")
def begin(
    at: AtVisit,
    who: Who,
    person: Many = [],  # noqa: B006 -- FastAPI reads the default and changes nothing
    title: Short = "",
    grouped: Short = "",
) -> Response:
    """Begin a conversation about no patient."""
    opened = talk_service.begin(who.actor, None, person, title, bool(grouped))
    if isinstance(opened, Wrong):
        return _list(at, who, wrong=opened)
    return RedirectResponse(f"/chat/{opened}", 303)


@router.post("/patients/{patient_id}/chat")
def begin_about(
    ctx: ToTalk,
    person: Many = [],  # noqa: B006 -- FastAPI reads the default and changes nothing
    title: Short = "",
    grouped: Short = "",
) -> Response:
    """Begin a conversation of professionals about a patient."""
    opened = talk_service.begin(ctx.actor, ctx, person, title, bool(grouped))
    if isinstance(opened, Wrong):
        why = next(iter(opened.problems.values()))
        return RedirectResponse(f"/patients/{ctx.patient}/chat?said={why}", 303)
    return RedirectResponse(f"/chat/{opened}", 303)


@router.get(TALK)
def talk_page(
    at: AtVisit, who: Who, conversation_id: str, before: int = 0, said: str = ""
) -> Response:
    """Show a conversation to whoever is in it."""
    seat = _seat(who, conversation_id, Permission.CHAT_READ)
    return _show(at, seat, before=max(before, 0), said=said)


@router.post(TALK)
def say(
    at: AtVisit,
    who: Who,
    conversation_id: str,
    key: Short = "",
    text: LongText = "",
    urgent: Short = "",
    mention: Many = [],  # noqa: B006 -- FastAPI reads the default and changes nothing
) -> Response:
    """Say something in a conversation."""
    seat = _seat(who, conversation_id, Permission.CHAT_WRITE)
    wrong = page_routes.say(seat, key, text, urgent, mention)
    if wrong:
        return _show(at, seat, wrong=wrong, typed=text)
    return RedirectResponse(seat.path, 303)


@router.post(TALK + "/search")
def search(at: AtVisit, who: Who, conversation_id: str, words: Short = "") -> Response:
    """Show what holds some words."""
    seat = _seat(who, conversation_id, Permission.CHAT_READ)
    return _show(at, seat, found=service.search(seat, words), sought=words)


@router.post(TALK + "/mute")
def mute(at: AtVisit, who: Who, conversation_id: str, hours: Short = "") -> Response:
    """Be told of nothing but what is urgent, for a while."""
    seat = _seat(who, conversation_id, Permission.CHAT_READ)
    said = page_routes.mute(seat, hours)
    if isinstance(said, Wrong):
        return _show(at, seat, wrong=said)
    return RedirectResponse(f"{seat.path}?said={said}", 303)


@router.post(TALK + "/withdraw")
def withdraw(
    at: AtVisit, who: Who, conversation_id: str, seq: Short = "", reason: LongText = ""
) -> Response:
    """Withdraw a message."""
    seat = _seat(who, conversation_id, Permission.CHAT_WRITE)
    wrong = page_routes.withdraw(seat, seq, reason)
    if wrong:
        return _show(at, seat, wrong=wrong)
    return RedirectResponse(f"{seat.path}?said=withdrawn", 303)


@router.post(TALK + "/people")
def add(at: AtVisit, who: Who, conversation_id: str, person: Short = "") -> Response:
    """Take somebody into a group."""
    seat = _seat(who, conversation_id, Permission.CHAT_WRITE)
    if not talk_service.add(seat, person):
        return _show(at, seat, wrong=Wrong({"person": "nobody"}))
    return RedirectResponse(f"{seat.path}?said=added", 303)


@router.post(TALK + "/leave")
def leave(who: Who, conversation_id: str) -> Response:
    """Leave a conversation."""
    talk_service.leave(_seat(who, conversation_id, Permission.CHAT_READ))
    return RedirectResponse("/chat?said=left", 303)


def _seat(who: SignedIn, conversation_id: str, permission: Permission) -> Seat:
    seat = service.sit_down(who.actor, conversation_id, permission)
    if seat is None or seat.room.of_patient:
        raise HTTPException(404)
    return seat


def _show(at: Visit, seat: Seat, **shown: object) -> Response:
    to_add = talk_service.to_add(seat)
    name = _name_of(seat, seat.room.patient_id)
    return show_room(at, seat, patient_name=name, to_add=to_add, **shown)  # type: ignore[arg-type]


def _name_of(seat: Seat, patient: UUID | None) -> str | None:
    if patient is None:
        return None
    circle = open_record(seat.actor, patient, Permission.CIRCLE_READ)
    return patient_name(circles.members(circle)) if isinstance(circle, CareContext) else None
