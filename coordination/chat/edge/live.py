"""Who listens to which room in this process, and how each is told what is said there.

PostgreSQL hints with ids alone. A room in which something was said is read once, as whoever of its
listeners reads it longest, and told to all of them as far as it is theirs. Which sockets
may go on is asked for all of them together, every few seconds, and before any of them is told
anything by one that was not asked about for longer. Each socket has a queue with a bound; whoever
reads too slowly is hung up on and catches up when he comes back.
"""

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

import structlog
from anyio import CapacityLimiter, to_thread

from coordination.chat import service
from coordination.chat.rooms import Message
from coordination.chat.wire import message_frame
from core import clock
from core.doors import listening
from core.i18n import translator
from identity.words import role_label

CHANNEL: Final = "chevet_chat"
CHECK_SECONDS: Final = 2.0
"""How often all sockets are asked about; the promise is a closed socket within 5 s (S9)."""
STALE_SECONDS: Final = 4.5
"""Whoever was not found to be a reader for so long is told nothing more."""
LOOK_SECONDS: Final = 10.0
"""A room is read again without any hint: a lost one delays a message, no more."""
OVER: Final = 4401
"""Close code: the session ended, or its person reads the room no more."""
BEHIND: Final = 4408
"""Close code: the browser read too slowly; it comes back and catches up."""
MOST_QUEUED: Final = 300
"""Frames that wait for one browser before it is hung up on."""
READERS_ASKED: Final = 3
"""As how many of its readers a room is read when the first ones find nothing: one may have left."""
A_READ: Final = 200
"""Messages read at once."""
MOST_OF_A_SESSION: Final = 8
"""Sockets of one session at once: eight tabs (proposed)."""
THREADS: Final = 6
"""Fewer than the door for people has connections: pages go on."""

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger("chat")
_limiters: dict[asyncio.AbstractEventLoop, CapacityLimiter] = {}


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run synchronous work in one of a bounded number of threads."""
    loop = asyncio.get_running_loop()
    limiter = _limiters.setdefault(loop, CapacityLimiter(THREADS))
    return await to_thread.run_sync(lambda: work(*args, **kwargs), limiter=limiter)


@dataclass(eq=False)
class Listener:
    """One open socket that has caught up to `seen`; None in its queue ends it."""

    seat: service.Seat
    session: UUID
    locale: str
    seen: int
    known_at: float
    """When it was last found to be a reader, on the monotonic clock."""
    queue: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(MOST_QUEUED + 1))
    code: int = 0
    """Why it is hung up on; 0 while it is not."""

    def tell(self, frame: str) -> None:
        """Put a frame into the queue; with too many waiting, hang up."""
        if self.code:
            return
        if self.queue.qsize() >= MOST_QUEUED:
            self.end(BEHIND)
        else:
            self.queue.put_nowait(frame)

    def end(self, code: int) -> None:
        """Let the socket close: nothing that waits is told any more."""
        if not self.code:
            self.code = code
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)


class Hub:
    """All listeners of one event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rooms: defaultdict[UUID, set[Listener]] = defaultdict(set)
        self._woken = dict[UUID, asyncio.Event]()
        self._changed: defaultdict[UUID, set[int]] = defaultdict(set)
        self._tasks = dict[Any, asyncio.Task[None]]()
        self._places = Counter[UUID]()
        self._stop = threading.Event()

    def take_place(self, session: UUID) -> bool:
        """Count one more socket of a session; False when it has as many as it may."""
        if self._places[session] >= MOST_OF_A_SESSION:
            return False
        self._places[session] += 1
        return True

    def give_place(self, session: UUID) -> None:
        """A socket that was counted is closed."""
        self._places[session] -= 1
        if not self._places[session]:
            del self._places[session]

    def add(self, listener: Listener) -> None:
        """Tell a listener what is said in its room from now on."""
        room = listener.seat.room.id
        self._rooms[room].add(listener)
        if room not in self._woken:
            self._woken[room] = asyncio.Event()
            self._tasks[room] = self._loop.create_task(self._follow(room))
        if "check" not in self._tasks:
            self._stop = threading.Event()
            self._tasks["check"] = self._loop.create_task(self._check_all())
            threading.Thread(
                target=self._hear, args=(self._stop,), name="chat-hints", daemon=True
            ).start()
        self._woken[room].set()

    def remove(self, listener: Listener) -> None:
        """Forget a socket that closed; with the last one nothing is listened to."""
        room = listener.seat.room.id
        self._rooms[room].discard(listener)
        if not self._rooms[room]:
            del self._rooms[room]
            self._woken.pop(room, None)
            self._changed.pop(room, None)
            self._cancel(room)
        if not self._rooms:
            self._stop.set()
            self._cancel("check")

    def _cancel(self, name: Any) -> None:
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()

    async def _follow(self, room: UUID) -> None:
        """Read one room again at each hint, and now and then without one."""
        woken = self._woken[room]
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), LOOK_SECONDS)
            woken.clear()
            try:
                await self._deliver(room)
            except Exception as error:
                _log.warning("chat_not_delivered", error=type(error).__name__)
                await asyncio.sleep(0.5)
                woken.set()

    async def _deliver(self, room: UUID) -> None:
        if not self._fresh(room):
            return
        hinted = self._changed.pop(room, set())
        try:
            await self._read_and_tell(room, hinted)
        except Exception:
            self._changed[room] |= hinted
            raise

    async def _read_and_tell(self, room: UUID, changed: set[int]) -> None:
        while fresh := self._fresh(room):
            seen = min(one.seen for one in fresh)
            after = min([*(seq - 1 for seq in changed if seq <= seen), seen])
            readers = READERS_ASKED if changed else 1
            changed, found = set(), list[Message]()
            longest = sorted(fresh, key=lambda one: (one.seat.room.since, -one.known_at))
            for reader in longest[:readers]:
                if found := await in_thread(service.after, reader.seat, after, A_READ):
                    break
            tell(found, self._fresh(room), after)
            if len(found) < A_READ:
                break

    def _fresh(self, room: UUID) -> list[Listener]:
        """Return who listens and was lately found to be a reader."""
        since = clock.monotonic() - STALE_SECONDS
        listeners = self._rooms.get(room, set())
        return [one for one in listeners if not one.code and one.known_at >= since]

    async def _check_all(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            everybody = [one for some in self._rooms.values() for one in some if not one.code]
            asked = clock.monotonic()
            try:
                pairs = [(one.session, one.seat.room.id) for one in everybody]
                live = await in_thread(service.live_places, pairs)
            except Exception as error:
                # Who cannot be asked about hears nothing more, and is hung up on in time.
                _log.warning("chat_unknown_readers", error=type(error).__name__)
                self._end([one for one in everybody if asked - one.known_at > STALE_SECONDS])
                continue
            for place, one in enumerate(everybody):
                if place in live:
                    one.known_at = asked
            self._end([one for place, one in enumerate(everybody) if place not in live])

    def _end(self, listeners: Iterable[Listener]) -> None:
        for one in listeners:
            one.end(OVER)

    def _hear(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                with listening(CHANNEL) as conn:
                    self._on_loop(None, 0)
                    while not stop.is_set():
                        for notice in conn.notifies(timeout=0.5):
                            room, _, seq = notice.payload.partition(" ")
                            self._on_loop(UUID(room), int(seq))
                            if stop.is_set():
                                return
            except Exception as error:
                _log.warning("chat_hints_lost", error=type(error).__name__)
                stop.wait(1.0)

    def _on_loop(self, room: UUID | None, seq: int) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, room, seq)

    def _wake(self, room: UUID | None, seq: int) -> None:
        for one in [room] if room else list(self._woken):
            if one in self._woken:
                self._woken[one].set()
                if seq:
                    self._changed[one].add(seq)


def tell(found: list[Message], listeners: list[Listener], after: int) -> None:
    """Tell each listener what is new to him, in order, and what was changed since he saw it.

    What was said before he came into the audience is not his, whoever it was read as.
    """
    by_locale = dict[str, list[tuple[Message, str]]]()
    for one in listeners:
        if one.seen < after:
            continue
        if one.locale not in by_locale:
            by_locale[one.locale] = frames_of(found, one.locale)
        for message, frame in by_locale[one.locale]:
            if message.sent < one.seat.room.since:
                continue
            if message.seq > one.seen:
                one.seen = message.seq
                one.tell(frame)
            elif message.withdrawn_at is not None:
                one.tell(frame)


def frames_of(found: Iterable[Message], locale: str) -> list[tuple[Message, str]]:
    """Return what is told of some messages in a language."""
    say = translator(locale)

    def role_of(role: str) -> str:
        return say(role_label(role))

    return [(message, message_frame(message, role_of)) for message in found]


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """Return the hub of the running event loop."""
    loop = asyncio.get_running_loop()
    for other in [one for one in _hubs if one.is_closed()]:
        del _hubs[other]
        _limiters.pop(other, None)
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
