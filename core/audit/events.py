"""An event of the trail, a seal over some, and the digests that chain them. Pure.

A seal covers the events of one chain whose transactions lie between two bounds. Its digest covers
the digest before, what the seal says of itself, and a digest of the events alone: so a link can
still be followed when retention has removed the events.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

GENESIS: Final = bytes(32)
"""What the first seal of the first chain stands on."""
FIRST_CHAIN: Final = 1


@dataclass(frozen=True, slots=True)
class Event:
    """An event exactly as it is chained."""

    id: int
    xid: str
    at: datetime
    person: UUID | None
    post: UUID | None
    session: UUID | None
    service: str | None
    purpose: str
    action: str
    permission: str
    patient_id: UUID | None
    outcome: str
    role: str | None
    basis: str | None
    entity_kind: str | None
    entity_id: str | None
    source: str
    detail: str
    """JSON as PostgreSQL writes it: identifiers and codes, never a value."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain."""

    id: int
    chain: int
    from_xid: str
    before_xid: str
    through_id: int
    count: int
    content: bytes
    digest: bytes
    sealed_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Continuation:
    """Where one chain ended and the next began."""

    number: int
    begun_at: datetime
    reason: str
    signed_by: str
    previous: bytes
    moved: int
    digest: bytes


class Content:
    """Digests events one by one, so that no seal need fit into memory."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.count = 0
        self.highest_id = 0

    def add(self, event: Event) -> None:
        """Take the next event, in the order of the chain."""
        line = json.dumps([_plain(field) for field in astuple(event)], ensure_ascii=False)
        self._hash.update(line.encode() + b"\n")
        self.count += 1
        self.highest_id = max(self.highest_id, event.id)

    def digest(self) -> bytes:
        """Return the digest of what was taken."""
        return self._hash.digest()


def digest_content(events: Iterable[Event]) -> Content:
    """Return the digested events."""
    content = Content()
    for event in events:
        content.add(event)
    return content


def digest_seal(
    previous: bytes,
    *,
    chain: int,
    from_xid: str,
    before_xid: str,
    through_id: int,
    count: int,
    content: bytes,
    sealed_at: datetime,
) -> bytes:
    """Return the digest of a link: what stood before, what the seal says, what it covers."""
    says = [chain, from_xid, before_xid, through_id, count, _plain(sealed_at)]
    return hashlib.sha256(previous + content + json.dumps(says).encode()).digest()


def digest_continuation(
    previous: bytes, *, number: int, begun_at: datetime, reason: str, signed_by: str, moved: int
) -> bytes:
    """Return what the first seal of the next chain stands on."""
    says = [number, _plain(begun_at), reason, signed_by, moved]
    return hashlib.sha256(previous + json.dumps(says, ensure_ascii=False).encode()).digest()


def _plain(field: object) -> object:
    if isinstance(field, datetime):
        return field.astimezone(UTC).isoformat()
    return str(field) if isinstance(field, UUID) else field
