"""The socket of a room: what is said there is told at once, and what was missed is told first."""

import asyncio
from typing import Final, assert_never
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from coordination.chat import service
from coordination.chat.edge.live import (
    A_READ,
    BEHIND,
    CHECK_SECONDS,
    OVER,
    Listener,
    frames_of,
    hub,
    in_thread,
)
from coordination.chat.rooms import Said
from coordination.chat.wire import (
    After,
    Malformed,
    Read,
    Unfit,
    later_frame,
    parse_frame,
    ready_frame,
    receipts_frame,
    refused_frame,
    stored_frame,
)
from core import clock
from core.access import Permission
from core.settings import settings
from identity.edge.http import session_from_cookie_header
from identity.people import SignedIn

router = APIRouter()
NOT_HERE: Final = 4404
"""Close code: no such room for whoever asks. 4xxx is free for applications."""
BAD_FRAME: Final = 4400
FIRST_FRAME_SECONDS: Final = 10.0
SLOW_SECONDS: Final = 4.0
"""How long a browser may take for one more frame of what it missed."""
BURST: Final = 20
PER_SECOND: Final = 2.0
"""Messages of one socket: twenty at once, then two a second (proposed)."""
BUSY: Final = 4429
"""Close code: too many sockets of this session are open."""
AWAKE_SECONDS: Final = 60.0
"""How often a session that only talks here is noted as in use, and asked whether it still lives."""

_log = structlog.get_logger("chat")


@router.websocket("/chat/{room_id}/live")
async def live(socket: WebSocket, room_id: str) -> None:
    """Serve one browser in one room."""
    if not is_ours(socket.headers.get("origin"), socket.headers.get("host", "")):
        await socket.close(1008)
        return
    cookies = "; ".join(socket.headers.getlist("cookie"))
    who = await in_thread(session_from_cookie_header, cookies)
    seat = await in_thread(_seat, who, room_id)
    await socket.accept()
    if who is None or seat is None:
        await socket.close(OVER if who is None else NOT_HERE)
        return
    if not hub().take_place(who.session):
        await socket.close(BUSY)
        return
    try:
        await _serve(socket, who, seat, cookies)
    except WebSocketDisconnect:
        return
    except TimeoutError:
        await _close(socket, BEHIND)
    except Exception as error:
        _log.warning("chat_socket_failed", error=type(error).__name__)
        await _close(socket, 1011)
    finally:
        hub().give_place(who.session)


def is_ours(origin: str | None, host: str) -> bool:
    """Say whether a page of this site opens the socket: a browser always names its origin."""
    if origin is None:
        return False
    own = (settings().base_url, settings().console_url)
    ours = {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in own if url}
    return origin in ours or urlsplit(origin).netloc == host


def _seat(who: SignedIn | None, room: str) -> service.Seat | None:
    if who is None:
        return None
    seat = service.sit_down(who.actor, room, Permission.CHAT_READ)
    if seat is not None:
        service.trace_opening(seat)
    return seat


async def _serve(socket: WebSocket, who: SignedIn, seat: service.Seat, cookies: str) -> None:
    raw = await asyncio.wait_for(socket.receive_text(), FIRST_FRAME_SECONDS)
    first = parse_frame(raw)
    if not isinstance(first, After):
        await _close(socket, BAD_FRAME)
        return
    listener = Listener(
        seat=seat,
        session=who.session,
        locale=who.locale,
        seen=min(first.seq, seat.room.last_seq),
        known_at=clock.monotonic(),
    )
    sending = asyncio.create_task(_send(socket, listener))
    try:
        if await _catch_up(listener):
            hub().add(listener)
            await _receive(socket, listener, cookies)
        else:
            listener.end(OVER)
            await sending
    finally:
        hub().remove(listener)
        listener.end(1000)
        sending.cancel()


async def _catch_up(listener: Listener) -> bool:
    """Tell what was missed, read as this very person; from then on the hub tells what is new.

    It waits for a browser that reads slowly: nothing is kept for it beyond its queue. False when
    its session ended, or it reads the room no more, before all was told.
    """
    seat, seen = listener.seat, listener.seen
    changed = await in_thread(service.withdrawn_until, seat, seen) if seen else []
    for _, frame in frames_of(changed, listener.locale):
        await _put(listener, frame)
    while found := await in_thread(service.after, seat, listener.seen, A_READ):
        for message, frame in frames_of(found, listener.locale):
            if clock.monotonic() - listener.known_at > CHECK_SECONDS:
                if not await in_thread(service.live_places, [(listener.session, seat.room.id)]):
                    return False
                listener.known_at = clock.monotonic()
            await _put(listener, frame)
            listener.seen = message.seq
        if len(found) < A_READ:
            break
    if not await in_thread(service.live_places, [(listener.session, seat.room.id)]):
        return False
    listener.known_at = clock.monotonic()
    listener.seen = max(listener.seen, seat.room.last_seq)
    await _put(listener, ready_frame(listener.seen))
    return True


async def _put(listener: Listener, frame: str) -> None:
    await asyncio.wait_for(listener.queue.put(frame), SLOW_SECONDS)


async def _send(socket: WebSocket, listener: Listener) -> None:
    while (frame := await listener.queue.get()) is not None:
        await socket.send_text(frame)
    await _close(socket, listener.code)


async def _receive(socket: WebSocket, listener: Listener, cookies: str) -> None:
    left, at = float(BURST), clock.monotonic()
    awake = at
    while not listener.code:
        frame = parse_frame(await socket.receive_text())
        now = clock.monotonic()
        left, at = min(BURST, left + (now - at) * PER_SECOND) - 1, now
        if left < 0:
            left = max(left, -1.0)
            if isinstance(frame, Said):
                listener.tell(later_frame(frame.key))
            await asyncio.sleep(1 / PER_SECOND)
            continue
        if isinstance(frame, Said) and now - awake > AWAKE_SECONDS:
            awake = now
            if await in_thread(session_from_cookie_header, cookies) is None:
                listener.end(OVER)
                return
        match frame:
            case Said():
                listener.tell(await in_thread(_say, listener.seat, frame))
            case Read():
                told = await in_thread(service.note_read, listener.seat, frame.through)
                listener.tell(receipts_frame(told))
            case Unfit():
                listener.tell(refused_frame(frame.key, next(iter(frame.wrong.problems.values()))))
            case After() | Malformed():
                await _close(socket, BAD_FRAME)
                return
            case _:
                assert_never(frame)


def _say(seat: service.Seat, said: Said) -> str:
    """Store what was said under rights asked anew; return what the browser is told."""
    now = service.to_talk(seat)
    stored = service.say(now, said) if now else None
    if stored is None or stored.outcome == "other":
        return refused_frame(str(said.key), "other" if stored else "gone")
    return stored_frame(said.key, stored.seq)


async def _close(socket: WebSocket, code: int) -> None:
    try:
        await socket.close(code)
    except RuntimeError:
        return  # it was closed already
