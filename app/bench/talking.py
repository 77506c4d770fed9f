"""People who talk in rooms over sockets, and what each of them was told: nothing lost or doubled.

Each says texts of his own and keeps every one until the server has answered for its key; whoever
is hung up on comes back by another server, says up to which message he has seen, and sends what
was not answered for again.
"""

import asyncio
import itertools
import json
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from core import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody with a session, and the room he sits in."""

    token: str
    room: UUID
    patient: UUID


@dataclass(slots=True)
class Counts:
    """What became of all that was said."""

    said: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    told: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    """From saying to hearing, of those who were connected all the while."""

    @property
    def p95_ms(self) -> float:
        """What 95 of 100 stay within."""
        ordered = sorted(self.latencies_ms)
        return ordered[round(0.95 * (len(ordered) - 1))] if ordered else 0.0

    @property
    def exact(self) -> bool:
        """Whether everything said is there once, and told to everybody once, in its order."""
        return self.stored == self.said and self.lost == self.doubled == self.disordered == 0

    def __str__(self) -> str:
        """Return the line of the table."""
        return (
            f"said {self.said}, stored {self.stored}, told {self.told}; lost {self.lost},"
            f" doubled {self.doubled}, out of order {self.disordered};"
            f" delivery p95 {self.p95_ms:.0f} ms of {len(self.latencies_ms)}"
        )


class Talker:
    """One person at one socket, again and again."""

    def __init__(self, seat: Seat, ports: Sequence[int], said_at: dict[str, float]) -> None:
        """Take a seat; `said_at` says of everybody's texts when each was said."""
        self.seat = seat
        self.heard: list[tuple[int, str]] = []
        self.pending: dict[str, str] = {}
        self.latencies_ms: list[float] = []
        self._ports = itertools.cycle(ports)
        self._said_at = said_at
        self._socket: ClientConnection | None = None
        self._since = 0.0
        self._caught_up = False

    @property
    def last(self) -> int:
        """The last message heard."""
        return self.heard[-1][0] if self.heard else 0

    @property
    def ready(self) -> bool:
        """Whether it is connected and has caught up."""
        return self._caught_up

    async def run(self) -> None:
        """Stay connected, by one server or another, until cancelled."""
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._stay(next(self._ports))
            self._socket, self._caught_up = None, False
            await asyncio.sleep(random.uniform(0.1, 0.5))

    async def _stay(self, port: int) -> None:
        here = f"127.0.0.1:{port}"
        address = f"ws://{here}/chat/{self.seat.room}/live"
        cookie = {"Cookie": f"chevet_session={self.seat.token}"}
        async with connect(
            address, origin=Origin(f"http://{here}"), additional_headers=cookie, open_timeout=15,
            compression=None, ping_interval=None,
        ) as socket:  # fmt: skip
            await socket.send(json.dumps({"after": self.last}))
            self._since = clock.monotonic()
            async for frame in socket:
                await self._hear(json.loads(frame), socket)

    async def _hear(self, told: dict[str, object], socket: ClientConnection) -> None:
        match told:
            case {"message": {"seq": int(seq), "text": str(text)}}:
                self.heard.append((seq, text))
                said_at = self._said_at.get(text, 0.0)
                if said_at > self._since:
                    self.latencies_ms.append((clock.monotonic() - said_at) * 1000)
            case {"stored": str(key)}:
                self.pending.pop(key, None)
            case {"ready": _}:
                self._socket, self._caught_up = socket, True
                for key, text in tuple(self.pending.items()):
                    await self._send(key, text)
            case _:
                pass

    async def say(self, text: str) -> None:
        """Say something now, or as soon as there is a connection."""
        key = str(uuid4())
        self.pending[key] = text
        if self._caught_up:
            self._said_at[text] = clock.monotonic()
        with suppress(WebSocketException):
            await self._send(key, text)

    async def _send(self, key: str, text: str) -> None:
        if self._socket is not None:
            await self._socket.send(json.dumps({"key": key, "text": text}))


class Crowd:
    """Everybody at once, in one event loop."""

    def __init__(self, seats: Sequence[Seat], ports: Sequence[int], *, seed: int) -> None:
        """Spread the seats over the servers."""
        self._said_at: dict[str, float] = {}
        self.talkers = [
            Talker(seat, [*ports[n % len(ports) :], *ports[: n % len(ports)]], self._said_at)
            for n, seat in enumerate(seats)
        ]
        self._random = random.Random(seed)
        self._tasks: list[asyncio.Task[None]] = []
        self.said: list[tuple[Talker, str]] = []

    async def connect(self, patience_s: float) -> None:
        """Connect everybody; TimeoutError when that takes too long."""
        for talker in self.talkers:
            self._tasks.append(asyncio.create_task(talker.run()))
            await asyncio.sleep(0.005)
        await self._until_all(lambda one: one.ready, patience_s)

    async def talk(self, seconds: float, per_s: float) -> None:
        """Let one or another of them say something, evenly."""
        began = clock.monotonic()
        for number in range(round(seconds * per_s)):
            await asyncio.sleep(max(0.0, began + number / per_s - clock.monotonic()))
            talker = self._random.choice(self.talkers)
            text = f"{number} {uuid4().hex}"
            self.said.append((talker, text))
            await talker.say(text)

    async def settle(self, last: dict[UUID, int], patience_s: float) -> None:
        """Wait until everybody has heard the last message of his room, or patience ends."""
        with suppress(TimeoutError):
            await self._until_all(lambda one: one.last >= last.get(one.seat.room, 0), patience_s)

    async def answered(self, patience_s: float) -> None:
        """Wait until all that was said was answered for, or patience ends."""
        with suppress(TimeoutError):
            await self._until_all(lambda one: not one.pending, patience_s)

    async def leave(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _until_all(self, holds: Callable[[Talker], bool], patience_s: float) -> None:
        deadline = clock.monotonic() + patience_s
        while not all(map(holds, self.talkers)):
            if clock.monotonic() > deadline:
                raise TimeoutError
            await asyncio.sleep(0.05)

    def judge(self, stored: dict[UUID, list[tuple[int, str]]]) -> Counts:
        """Compare what was said, what is stored and what each was told, message by message."""
        there = [text for messages in stored.values() for _, text in messages]
        said = {text for _, text in self.said}
        counts = Counts(said=len(self.said), stored=len(said & set(there)))
        counts.doubled = len(there) - len(set(there))
        counts.disordered = _disordered(self.said, stored)
        for talker in self.talkers:
            wanted, heard = stored[talker.seat.room], talker.heard
            counts.lost += len(set(wanted) - set(heard))
            counts.doubled += len(heard) - len(set(heard))
            counts.disordered += sum(a[0] >= b[0] for a, b in itertools.pairwise(heard))
            counts.told += len(heard)
            counts.latencies_ms += talker.latencies_ms
        return counts


def _disordered(
    said: Sequence[tuple[Talker, str]], stored: dict[UUID, list[tuple[int, str]]]
) -> int:
    """Count gaps in the numbers of a room, and texts of one person stored before his earlier."""
    gaps = sum(
        [seq for seq, _ in messages] != list(range(1, len(messages) + 1))
        for messages in stored.values()
    )
    place = {text: seq for messages in stored.values() for seq, text in messages}
    by_talker = defaultdict[Talker, list[int]](list)
    for talker, text in said:
        if text in place:
            by_talker[talker].append(place[text])
    turned = sum(a > b for places in by_talker.values() for a, b in itertools.pairwise(places))
    return gaps + turned
