"""Has a photograph drawn anew in a confined process: nothing of the file that was sent is kept."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from questionnaires.edge import photo_child

MOST_BYTES: Final = 10 * 1024 * 1024
"""Of one photograph as it is sent (reliability.md, files)."""
_PATIENCE: Final = 15
"""Seconds for one photograph."""
_AT_ONCE: Final = BoundedSemaphore(2)
"""Each may take a gigabyte for an instant, and holds a thread that pages need: nobody waits."""
_PROGRAM: Final = Path(photo_child.__file__)


class Unusable(StrEnum):
    """Why a photograph is not taken."""

    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"
    TOO_MANY_PIXELS = "too_many_pixels"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A JPEG of bare pixels, with its size in pixels."""

    width: int
    height: int
    picture: bytes


@contextmanager
def turn() -> Iterator[bool]:
    """Hold one of the few turns to draw; False at once when all are taken."""
    mine = _AT_ONCE.acquire(blocking=False)
    try:
        yield mine
    finally:
        if mine:
            _AT_ONCE.release()


def draw(sent: bytes) -> Drawn | Unusable:
    """Return a photograph drawn anew, or why not, for who holds a `turn`.

    A decoder that dies is « not a picture ».
    """
    if len(sent) > MOST_BYTES:
        return Unusable.TOO_LARGE
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
        return Unusable.NOT_A_PICTURE
    if done.returncode == photo_child.TOO_MANY_PIXELS:
        return Unusable.TOO_MANY_PIXELS
    if done.returncode != 0:
        return Unusable.NOT_A_PICTURE
    size, _, picture = done.stdout.partition(b"\n")
    width, height = (int(one) for one in size.split())
    return Drawn(width=width, height=height, picture=picture)
