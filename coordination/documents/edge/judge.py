"""Has a file judged in a confined process, and by an antivirus where there is one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from coordination.documents.document import Refused
from coordination.documents.edge import judge_child
from coordination.documents.edge.clamd import Verdict, scan
from core.settings import settings

MOST_BYTES: Final = 10 * 1024 * 1024
"""Of one file as it is sent (OWASP ASVS 5.2.1; proposed)."""
_PATIENCE: Final = 15
"""Seconds for one file."""
_AT_ONCE: Final = BoundedSemaphore(2)
"""Each may take a quarter of a gigabyte and holds a thread that pages need: nobody waits."""
_PROGRAM: Final = Path(judge_child.__file__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A file that may be kept: a PDF as it came, or a JPEG of bare pixels."""

    media: str
    pages: int
    width: int | None
    height: int | None
    data: bytes


@contextmanager
def turn() -> Iterator[bool]:
    """Hold one of the few turns to judge; False at once when all are taken."""
    mine = _AT_ONCE.acquire(blocking=False)
    try:
        yield mine
    finally:
        if mine:
            _AT_ONCE.release()


def judge(sent: bytes) -> Sound | Refused:
    """Return a file that may be kept, or why not, for who holds a `turn`.

    A decoder that dies, or takes more than it may, is « not readable ».
    """
    if not sent:
        return Refused.EMPTY
    if len(sent) > MOST_BYTES:
        return Refused.TOO_LARGE
    if settings().clamd:
        match scan(settings().clamd, sent):
            case Verdict.FOUND:
                return Refused.INFECTED
            case Verdict.NO_ANSWER:
                return Refused.BUSY
            case _:
                pass
    return _confined(sent)


def _confined(sent: bytes) -> Sound | Refused:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROGRAM)],
            input=sent,
            capture_output=True,
            timeout=_PATIENCE,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Refused.NOT_READABLE
    if done.returncode != 0:
        return Refused.NOT_READABLE
    line, _, picture = done.stdout.partition(b"\n")
    said = json.loads(line)
    if "refused" in said:
        return Refused(said["refused"])
    return Sound(
        media=said["media"],
        pages=said["pages"],
        width=said["width"],
        height=said["height"],
        data=picture or sent,
    )
