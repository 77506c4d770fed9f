"""Playing a recording of items into the spool: a file or a pipe, one JSON item a line, no number.

How far a recording was played is committed with its items, so a killed player that is fed the
same lines again goes on after the last one kept: every line enters the spool exactly once.
"""

import json
import os
import select
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from core.failpoint import failpoint
from devices.edge.journal import Journal
from devices.edge.spool import Kept, Spool
from devices.edge.uplink import Uplink
from devices.envelope import to_observation
from devices.envelope_parse import parse_item
from devices.malformed import Malformed
from devices.measurement import Observation

CHUNK_BYTES = 64 * 1024
POLL_SECONDS = 0.2
FULL_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A stream of lines and the name under which its progress is kept."""

    name: str
    stream: IO[bytes]


def play(
    recording: Recording,
    *,
    spool: Spool,
    uplink: Uplink,
    journal: Journal,
    stopping: threading.Event,
) -> None:
    """Keep every line not kept before; each commit is told on stdout as one JSON line."""
    played = spool.lines_played(recording.name)
    _tell({"recording": recording.name, "played": played, "boot": str(spool.boot)})
    lines = 0
    for chunk in _chunks(recording.stream, stopping):
        fresh = chunk[max(played - lines, 0) :]
        lines += len(chunk)
        if not fresh:
            continue
        kept = _keep(_parsed(fresh, journal), recording.name, lines, spool, journal, stopping)
        if kept is not None:
            uplink.wake()
            _tell({"lines": lines, "boot": str(spool.boot), "n": [kept.first, kept.last]})


def _keep(
    observations: list[Observation],
    name: str,
    lines: int,
    spool: Spool,
    journal: Journal,
    stopping: threading.Event,
) -> Kept | None:
    while not stopping.is_set():
        kept = spool.append(observations, recording=name, lines=lines)
        if isinstance(kept, Kept):
            failpoint("gateway.spooled")
            return kept
        journal("spool_full", reason=kept.reason)
        stopping.wait(FULL_PAUSE_SECONDS)
    return None


def _parsed(lines: list[bytes], journal: Journal) -> list[Observation]:
    observations: list[Observation] = []
    for line in lines:
        item = parse_item(line, n=1)
        if isinstance(item, Malformed):
            journal("recording_line_malformed", reason=item.reason)
        else:
            observations.append(to_observation(item))
    return observations


def _chunks(stream: IO[bytes], stopping: threading.Event) -> Iterator[list[bytes]]:
    """Yield the complete lines of each read; the last one may lack its newline."""
    rest = b""
    while not stopping.is_set():
        if not select.select([stream], [], [], POLL_SECONDS)[0]:
            continue
        read = os.read(stream.fileno(), CHUNK_BYTES)
        if not read:
            break
        *lines, rest = (rest + read).split(b"\n")
        if lines:
            yield lines
    if rest:
        yield [rest]


def _tell(receipt: dict[str, object]) -> None:
    print(json.dumps(receipt), file=sys.stdout, flush=True)
