"""Five hundred people in fifty rooms, fifty messages a second, a server killed twice.

Two processes serve the sockets; each is killed once with SIGKILL while everybody talks and started
again at once. The baseline is the bare way in the same run: one INSERT, one COMMIT with a NOTIFY,
and another connection that hears it.
"""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import sleep
from uuid import UUID

import psycopg

from app.bench.database import led_here
from app.bench.talking import Counts, Crowd, Seat
from app.bench.verdict import Goal
from core import clock
from core.errors import ConfigurationError
from core.ids import new_id
from core.sqlfile import load_queries

_SQL = load_queries("app.bench")
WITHIN_MS = 500.0
START_SECONDS = 60.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """How many talk how much."""

    people: int = 500
    rooms: int = 50
    per_s: float = 50.0
    seconds: float = 60.0
    seed: int = 1


class Server:
    """A process that serves pages and sockets; it can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        """Take a free port."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._log = folder / f"web-{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def spawn(self) -> None:
        """Start it without waiting."""
        base = f"http://127.0.0.1:{self.port}"
        more = {"CHEVET_BASE_URL": base, "CHEVET_COOKIE_SECURE": "false", "CHEVET_REDIS_URL": ""}
        more["CHEVET_REQUESTS_PER_MINUTE"] = "100000"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "web", "--port", str(self.port)],
                env={**os.environ, **more},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until it answers; ConfigurationError when it does not."""
        deadline = clock.monotonic() + START_SECONDS
        while clock.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except urllib.error.HTTPError:
                return
            except OSError:
                sleep(0.1)
        tail = self._log.read_text(errors="replace")[-500:]
        raise ConfigurationError(f"a server did not start: {tail}")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)


@contextmanager
def two_servers(folder: Path) -> Iterator[tuple[Server, Server]]:
    """Start two servers on the database of the environment; dead afterwards."""
    servers = Server(folder), Server(folder)
    try:
        for server in servers:
            server.spawn()
        for server in servers:
            server.wait()
        yield servers
    finally:
        for server in servers:
            server.kill()


def settle(owner: psycopg.Connection[tuple[object, ...]], evening: Evening) -> list[Seat]:
    """Put in patients, professionals around each, their sessions and one room a patient."""
    now, seats = clock.now(), list[Seat]()
    patients = [new_id(now) for _ in range(evening.rooms)]
    rooms = [new_id(now) for _ in patients]
    people = [new_id(now) for _ in range(evening.people)]
    tokens = [secrets.token_hex(16) for _ in people]
    where = [n % evening.rooms for n in range(evening.people)]
    params = {
        "now": now,
        "patients": patients,
        "rooms": rooms,
        "people": people,
        "tokens": tokens,
        "of": [patients[n] for n in where],
    }
    for name in ("chat_people", "chat_patients", "chat_circles", "chat_accounts", "chat_sessions",
                 "chat_rooms"):  # fmt: skip
        owner.execute(_SQL[name], params)
    for token, at in zip(tokens, where, strict=True):
        seats.append(Seat(token=token, room=rooms[at], patient=patients[at]))
    return seats


def stored(
    owner: psycopg.Connection[tuple[object, ...]], seats: Sequence[Seat]
) -> dict[UUID, list[tuple[int, str]]]:
    """Return what is stored in each room, in its order."""
    found = {seat.room: list[tuple[int, str]]() for seat in seats}
    rows = owner.execute(_SQL["chat_stored"], {"rooms": list(found)}).fetchall()
    for room, seq, text in rows:
        found[UUID(str(room))].append((int(str(seq)), str(text)))
    return found


async def talk(
    evening: Evening,
    seats: Sequence[Seat],
    servers: tuple[Server, Server],
    owner: psycopg.Connection[tuple[object, ...]],
) -> Counts:
    """Let everybody talk while each server is killed once; return what became of it."""
    crowd = Crowd(seats, [server.port for server in servers], seed=evening.seed)
    await crowd.connect(START_SECONDS)
    talking = asyncio.create_task(crowd.talk(evening.seconds, evening.per_s))
    for server in servers:
        await asyncio.sleep(evening.seconds / 3)
        server.kill()
        server.spawn()
    await talking
    await crowd.answered(START_SECONDS)
    there = stored(owner, seats)
    await crowd.settle({room: len(messages) for room, messages in there.items()}, START_SECONDS)
    await asyncio.sleep(0.5)  # what would come twice comes now
    await crowd.leave()
    return crowd.judge(stored(owner, seats))


def bare_ms(dsn: str, times: int = 200) -> float:
    """Return the median milliseconds of one INSERT and COMMIT with a NOTIFY until it is heard."""
    found = list[float]()
    with (
        psycopg.connect(dsn, autocommit=True) as ear,
        psycopg.connect(dsn, autocommit=True) as mouth,
    ):
        mouth.execute(_SQL["chat_bare_table"])
        ear.execute(_SQL["chat_bare_listen"])
        for _ in range(times):
            began = clock.monotonic()
            mouth.execute(_SQL["chat_bare_say"])
            next(ear.notifies(timeout=5, stop_after=1), None)
            found.append((clock.monotonic() - began) * 1000)
    return median(found)


def run_chat(say: Say, evening: Evening | None = None) -> list[Goal]:
    """Measure; print what was counted; return the goals."""
    evening = evening or Evening()
    with led_here() as (dsns, folder), psycopg.connect(
        dsns["CHEVET_OWNER_DSN"], autocommit=True
    ) as owner, two_servers(folder) as servers:  # fmt: skip
        seats = settle(owner, evening)
        bare = bare_ms(dsns["CHEVET_OWNER_DSN"])
        say(f"{evening.people} people in {evening.rooms} rooms, {evening.per_s:.0f} messages a "
            f"second for {evening.seconds:.0f} s, two servers, each killed once")  # fmt: skip
        counts = asyncio.run(talk(evening, seats, servers, owner))
    say(str(counts))
    late = counts.p95_ms > WITHIN_MS
    return [
        Goal(
            words="everything said is told to everybody once, in its order",
            found=f"said {counts.said}, lost {counts.lost}, doubled {counts.doubled}, out of "
            f"order {counts.disordered}",
            shortfall="" if counts.exact else "what is not exact",
        ),
        Goal(
            words=f"delivery within {WITHIN_MS:.0f} ms for 95 of 100",
            found=f"p95 {counts.p95_ms:.0f} ms, {counts.p95_ms / bare:.0f} times a bare "
            f"notification of {bare:.2f} ms",
            shortfall=f"{counts.p95_ms / WITHIN_MS - 1:.0%}" if late else "",
        ),
    ]
