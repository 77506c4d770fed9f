"""Why a person may or may not: the answer to "why can X see Y?", with what it rests on.

Pure. It judges by `core.access.decide`, as every page does, and adds what the verdict alone does
not say: since when, through which post, what is missing, when it ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID

from core.access import Allowed, Denied, Held, NotInCircle, Permission, Rights, Role, decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A membership that ties a person to a patient: his own, or his organisation's by a post.

    `role` is the person's (his post's, when there is one), `mission` his organisation's.
    """

    membership_id: UUID
    role: str
    basis: str
    agreed: tuple[str, ...]
    mission: str | None
    organisation: UUID | None
    organisation_name: str | None
    post: UUID | None
    starts_at: datetime
    ends_at: datetime | None
    post_starts_at: datetime | None
    post_ends_at: datetime | None
    stands_for: UUID | None = None
    """Whom he replaces in that post."""

    @property
    def since(self) -> datetime:
        """When it began to count: membership and post both."""
        return max(self.starts_at, self.post_starts_at or self.starts_at)

    @property
    def until(self) -> datetime | None:
        """When the first of membership and post ends."""
        ends = [end for end in (self.ends_at, self.post_ends_at) if end is not None]
        return min(ends) if ends else None

    def is_live(self, now: datetime) -> bool:
        """Say whether it opens anything at `now`."""
        return self.since <= now and (self.until is None or self.until > now)

    @property
    def held(self) -> Held:
        """What `decide` judges."""
        return Held(
            membership_id=self.membership_id,
            role=self.role,
            basis=self.basis,
            agreed=self.agreed,
        )


@dataclass(frozen=True, slots=True)
class Opens:
    """Allowed, through this."""

    tie: Tie


@dataclass(frozen=True, slots=True)
class NeedsAgreement:
    """In the circle; the role grants it once the patient has agreed, which he has not."""

    tie: Tie


@dataclass(frozen=True, slots=True)
class RoleDoesNotGrant:
    """In the circle; no role held grants it."""

    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class HasLeft:
    """Not in the circle any more; this was the last tie to end."""

    tie: Tie


@dataclass(frozen=True, slots=True)
class NotYet:
    """Not in the circle yet; this is the first tie to begin."""

    tie: Tie


@dataclass(frozen=True, slots=True)
class NeverIn:
    """Never tied to the patient: to this person the record does not exist."""


Reason = Opens | NeedsAgreement | RoleDoesNotGrant | HasLeft | NotYet | NeverIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The verdict and what it rests on."""

    allow: bool
    reason: Reason


def explain(
    ties: Iterable[Tie], permission: Permission, rights: Rights, now: datetime
) -> Explained:
    """Judge one permission of a person for one patient at `now`, with the reason.

    `ties` are all he ever had, in every post: of several posts, the verdict is of the best.
    """
    known = sorted(ties, key=lambda tie: (tie.since, tie.membership_id, str(tie.post)))
    live = [tie for tie in known if tie.is_live(now)]
    verdict = decide([tie.held for tie in live], permission, rights)
    match verdict:
        case Allowed(through=held):
            tie = next(tie for tie in live if tie.held == held)
            return Explained(allow=True, reason=Opens(tie))
        case Denied():
            return Explained(allow=False, reason=_what_lacks(live, permission, rights))
        case NotInCircle():
            return Explained(allow=False, reason=_why_outside(known, now))
        case _:
            assert_never(verdict)


def _what_lacks(live: list[Tie], permission: Permission, rights: Rights) -> Reason:
    for tie in live:
        if tie.role in Role.__members__.values() and permission in rights.by_agreement.get(
            Role(tie.role), frozenset()
        ):
            return NeedsAgreement(tie)
    return RoleDoesNotGrant(tuple(live))


def _why_outside(known: list[Tie], now: datetime) -> Reason:
    ended = [tie for tie in known if tie.until is not None and tie.until <= now]
    if ended:
        return HasLeft(max(ended, key=lambda tie: tie.until or now))
    coming = [tie for tie in known if tie.since > now]
    return NotYet(coming[0]) if coming else NeverIn()
