"""What goes over the socket of a room: pure.

A browser first says up to which message it has seen (`{"after": 12}`), then what its person says
(`{"key": …, "text": …}`) and how far he has read (`{"read": 15}`). It is told messages in their
order, and for each key it sent what became of it. Keys of a sent message are the browser's own and
kept by it until they are answered.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from coordination.chat.rooms import Message, Receipt, Said, Wrong, parse_said

MOST_FRAME: Final = 24_000
"""Characters of a frame from a browser: a longest message of four-byte letters, escaped."""
MOST_SEQ: Final = 2**62


@dataclass(frozen=True, slots=True)
class After:
    """Up to which message the browser has seen."""

    seq: int


@dataclass(frozen=True, slots=True)
class Read:
    """How far the person has read."""

    through: int


@dataclass(frozen=True, slots=True)
class Malformed:
    """No frame of ours."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A message that can never be stored as it is: the browser need not send it again."""

    key: str
    wrong: Wrong


Frame = After | Read | Said | Unfit | Malformed


def parse_frame(raw: str) -> Frame:
    """Return what a browser sent."""
    try:
        sent = json.loads(raw) if len(raw) <= MOST_FRAME else None
    except (ValueError, RecursionError):
        return Malformed()
    match sent:
        case {"after": int(seq)} if _is_seq(seq):
            return After(seq)
        case {"read": int(seq)} if _is_seq(seq):
            return Read(seq)
        case {"key": str(key), "text": str(text), **more} if len(key) <= 64:
            mentions = more.get("mentions", [])
            if not (isinstance(mentions, list) and all(isinstance(one, str) for one in mentions)):
                return Malformed()
            said = parse_said(key, text, "yes" if more.get("urgent") is True else "", mentions)
            return said if isinstance(said, Said) else Unfit(key, said)
        case _:
            return Malformed()


def _is_seq(seq: int) -> bool:
    return not isinstance(seq, bool) and 0 <= seq < MOST_SEQ


def message_frame(message: Message, role_of: Callable[[str], str]) -> str:
    """Return a message as a browser is told it; a withdrawn one has no text left."""
    told: dict[str, Any] = {
        "seq": message.seq,
        "author": str(message.author),
        "name": message.author_name,
        "role": role_of(message.author_role),
        "organisation": message.author_organisation or "",
        "sent": message.sent.isoformat(),
        "urgent": message.urgent,
        "text": message.text,
        "withdrawn": message.withdrawn_at is not None,
        "mentions": [str(one) for one in message.mentions],
    }
    return json.dumps({"message": told}, ensure_ascii=False)


def stored_frame(key: UUID, seq: int) -> str:
    """Return the receipt of a stored message: the same for the same key sent again."""
    return json.dumps({"stored": str(key), "seq": seq})


def refused_frame(key: str, why: str) -> str:
    """Return that a message is not stored and never will be."""
    return json.dumps({"refused": key, "why": why})


def later_frame(key: UUID) -> str:
    """Return that a message came too fast; the browser sends it again after a pause."""
    return json.dumps({"later": str(key)})


def receipts_frame(receipts: Iterable[Receipt]) -> str:
    """Return how far everybody has read."""
    told = [{"person": str(one.person), "name": one.name, "through": one.through}
            for one in receipts]  # fmt: skip
    return json.dumps({"receipts": told}, ensure_ascii=False)


def ready_frame(last_seq: int) -> str:
    """Return that everything up to a message has been told."""
    return json.dumps({"ready": last_seq})
